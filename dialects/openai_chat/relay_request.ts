/** A client's own JSON for an upstream of this dialect: all of it stays byte for byte, save what the route decides. */

import type { Json } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Target } from "../dialect.ts";
import { isObject } from "../json.ts";
import { patchJson } from "../patch_json.ts";

export function relayRequest(text: string, request: ChatRequest, target: Target): string {
  const { body } = request.source;
  const patches: Record<string, Json | undefined> = {};
  if (body.model !== target.model) patches.model = target.model;
  if ((body.stream ?? false) !== target.stream) patches.stream = target.stream;
  const options = isObject(body.stream_options) ? body.stream_options : {};
  if (!target.stream || target.quirks.noStreamOptions) {
    if ("stream_options" in body) patches.stream_options = undefined;
  } else if (options.include_usage !== true) {
    // We meter every stream; the formatter keeps the counts from a client that did not ask (CASES O7).
    patches.stream_options = { ...options, include_usage: true };
  }
  return Object.keys(patches).length === 0 ? text : patchJson(text, patches);
}
