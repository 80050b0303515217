/** A client's own JSON for an upstream of this dialect: all of it stays byte for byte, save what the route or the vendor decides. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Target } from "../dialect.ts";
import { isObject } from "../json.ts";
import { patchJson } from "../patch_json.ts";
import { fitMessages } from "./fit_messages.ts";

type Patches = Record<string, Json | undefined>;

export function relayRequest(text: string, { source: { body } }: ChatRequest, target: Target): string {
  const patches: Patches = {};
  if (body.model !== target.model) patches.model = target.model;
  if ((body.stream ?? false) !== target.stream) patches.stream = target.stream;
  patchStreamOptions(patches, body, target);
  patchLimit(patches, body, target);
  // Mistral's word is no other vendor's, and Mistral takes this one as well.
  if (body.tool_choice === "any") patches.tool_choice = "required";
  const messages = fitMessages(body.messages, target);
  if (messages !== undefined) patches.messages = messages;
  return Object.keys(patches).length === 0 ? text : patchJson(text, patches);
}

function patchStreamOptions(patches: Patches, body: JsonObject, { stream, quirks }: Target): void {
  const options = isObject(body.stream_options) ? body.stream_options : {};
  if (!stream || quirks.noStreamOptions) {
    if ("stream_options" in body) patches.stream_options = undefined;
  } else if (options.include_usage !== true) {
    // We meter every stream; the formatter keeps the counts from a client that did not ask (CASES O7).
    patches.stream_options = { ...options, include_usage: true };
  }
}

/** The limit under the one name that the vendor is known to take (CASES R2); to others it goes as the client calls it. */
function patchLimit(patches: Patches, body: JsonObject, { quirks: { maxTokensField: name } }: Target): void {
  if (name === undefined) return;
  const other = name === "max_tokens" ? "max_completion_tokens" : "max_tokens";
  if (!(other in body)) return;
  patches[other] = undefined;
  if (body[name] === undefined || body[name] === null) patches[name] = body[other];
}
