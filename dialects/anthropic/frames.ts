/** The text of a frame, ours or an upstream's in canonical form, and what stands in it. */

import type { JsonObject } from "../../chat/json.ts";
import { sseText } from "../../streaming/frame.ts";
import { isObject, parseJson } from "../json.ts";
import { jsonLine, jsonText } from "../json_line.ts";

export function frame(type: string, members: JsonObject): string {
  return sseText({ event: type, data: jsonLine({ type, ...members }) });
}

/** A frame in which a block grows: of all frames most are such, and are written in half of the time. */
export function deltaFrame(index: number, delta: JsonObject): string {
  const json = delta.type === "text_delta" && typeof delta.text === "string"
    ? `{"type":"text_delta","text":${jsonText(delta.text)}}`
    : jsonLine(delta);
  return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":${json}}\n\n`;
}

/** The `event:` of a frame. */
export function nameOf(raw: string): string {
  return raw.slice("event: ".length, raw.indexOf("\n"));
}

/** The data of a frame. */
export function dataOf(raw: string): JsonObject {
  const lines = raw.split("\n").filter((line) => line.startsWith("data: "));
  const data = parseJson(lines.map((line) => line.slice("data: ".length)).join("\n"));
  return isObject(data) ? data : {};
}
