/** A client's own JSON for an upstream of this dialect: all of it stays byte for byte, save what the route or the vendor decides. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Target } from "../dialect.ts";
import { isObject } from "../json.ts";
import { patchJson } from "../patch_json.ts";
import { knowsDevelopers } from "./developer_role.ts";

type Patches = Record<string, Json | undefined>;

export function relayRequest(text: string, { source: { body } }: ChatRequest, target: Target): string {
  const patches: Patches = {};
  if (body.model !== target.model) patches.model = target.model;
  if ((body.stream ?? false) !== target.stream) patches.stream = target.stream;
  patchStreamOptions(patches, body, target);
  patchLimit(patches, body, target);
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

/** The messages where the vendor would refuse them as they are: another role (CASES R6), a text as a list of parts (R9). */
function fitMessages(messages: Json | undefined, target: Target): Json[] | undefined {
  const isRenamed = !knowsDevelopers(target);
  const isFlat = target.quirks.flatContent === true;
  if (!Array.isArray(messages) || !(isRenamed || isFlat)) return undefined;
  const fitted = messages.map((message) => {
    if (!isObject(message)) return message;
    const role = isRenamed && message.role === "developer" ? "system" : undefined;
    const content = isFlat ? flatText(message.content) : undefined;
    if (role === undefined && content === undefined) return message;
    return { ...message, ...(role !== undefined && { role }), ...(content !== undefined && { content }) };
  });
  return fitted.some((message, at) => message !== messages[at]) ? fitted : undefined;
}

/** Parts as one text; `undefined` where they are none, or a picture is among them: that is the vendor's to take or refuse. */
function flatText(content: Json | undefined): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part) => isObject(part) && part.type === "text" ? part.text : undefined);
  return texts.every((text) => typeof text === "string") ? texts.join("\n\n") : undefined;
}
