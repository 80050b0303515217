/** What the parts of one candidate say. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { mediaEvent } from "../media_event.ts";
import { markSignature } from "../signatures.ts";

export interface PartReader {
  read(part: JsonObject): ChatEvent[];
  hasCalls(): boolean;
}

/** `makeId` makes an id for the call of an index whose upstream gave none, or one that is taken. */
export function partReader(makeId: (index: number) => string): PartReader {
  const ids = new Set<string>();

  function call({ id: given, name, args }: Call, signature: string): ChatEvent[] {
    const index = ids.size;
    const id = typeof given === "string" && given !== "" && !ids.has(given) ? given : makeId(index);
    ids.add(id);
    return [
      { type: "tool-call", index, id, name, ...(signature !== "" && { signature }) },
      { type: "tool-arguments", index, json: JSON.stringify(args ?? {}) },
    ];
  }

  return {
    read(part) {
      const { functionCall, thoughtSignature } = part;
      const signature = typeof thoughtSignature === "string" ? thoughtSignature : "";
      return isCall(functionCall) ? call(functionCall, signature) : readPart(part, signature);
    },
    hasCalls: () => ids.size > 0,
  };
}

function readPart(part: JsonObject, signature: string): ChatEvent[] {
  const { text, inlineData, thought } = part;
  const signed: ChatEvent[] = signature === ""
    ? []
    : [{ type: "reasoning", text: "", signature: markSignature("gemini", signature) }];
  if (typeof text === "string") {
    const said: ChatEvent = { type: thought === true ? "reasoning" : "text", text };
    return [...(text === "" ? [] : [said]), ...signed];
  }
  // An image that was thought of only is none of the answer's.
  if (isMedia(inlineData) && thought !== true) {
    return [...mediaEvent(inlineData.mimeType, inlineData.data), ...signed];
  }
  const isOwn = isMedia(inlineData) || Object.keys(part).some((name) => !READ.has(name));
  return isOwn ? [{ type: "opaque", dialect: "gemini", value: part }] : signed;
}

/** The members that are read here: a part that has no other, and says nothing by these, says nothing. */
const READ: ReadonlySet<string> = new Set(["text", "functionCall", "inlineData", "thought", "thoughtSignature"]);

type Call = JsonObject & { name: string };

function isCall(value: unknown): value is Call {
  return isObject(value) && typeof value.name === "string" && value.name !== "";
}

function isMedia(value: unknown): value is { mimeType: string; data: string } {
  return isObject(value) && typeof value.mimeType === "string" && typeof value.data === "string";
}
