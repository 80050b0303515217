/** The items of a client's `input` as messages. */

import { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { Message } from "../../chat/request.ts";
import { wordsFor } from "./compaction.ts";
import { asUserPart, parseContent, type ParsedPart } from "./content_parts.ts";
import { type History, history } from "./history.ts";
import { type PastCalls, pastCalls } from "./past_calls.ts";
import { parseReasoningItem } from "./reasoning_items.ts";
import type { RequestBody, RequestItem } from "./schema.ts";

/** `instructions` lead the conversation as a system message. */
export function parseInput({ instructions, input }: RequestBody): Message[] {
  const told = history();
  const calls = pastCalls();
  if (instructions) told.add({ role: "system", parts: [{ type: "text", text: instructions }] });
  if (typeof input === "string") told.add({ role: "user", parts: parseContent(input).map(asUserPart) });
  else input.forEach((item, at) => readItem(item, { told, calls, path: `input[${at}]` }));
  return told.messages;
}

interface Context {
  told: History;
  calls: PastCalls;
  /** The item's place in the body. */
  path: string;
}

function readItem(item: RequestItem, { told, calls, path }: Context): void {
  switch (item.type) {
    case "message":
      return readMessage(item, told, path);
    case "function_call":
    case "custom_tool_call":
      return told.say([calls.call(item)]);
    case "function_call_output":
    case "custom_tool_call_output":
      return told.add(calls.result(item));
    case "reasoning": {
      const { thoughts, callSignature } = parseReasoningItem(item);
      calls.sign(callSignature);
      return told.say(thoughts);
    }
    case "additional_tools":
      // Read with the tools: other dialects offer all of them from the beginning.
      return;
    case "item_reference":
      throw notKept(`${path} is a reference to an item`, path);
    case "other":
      return readOther(item.value, told);
    default:
      item satisfies never;
  }
}

type MessageItem = Extract<RequestItem, { type: "message" }>;

function readMessage({ role, content }: MessageItem, told: History, path: string): void {
  const parts = parseContent(content);
  switch (role) {
    case "system":
    case "developer":
      return told.add({ role, parts: parts.map((part, at) => textPart(part, `${path}.content[${at}]`)) });
    case "user":
      return told.add({ role, parts: parts.map((part) => asUserPart(inMessage(part, role))) });
    case "assistant":
      return told.sayApart(parts.map((part) => inMessage(part, role)).filter(isAssistantPart));
    default:
      role satisfies never;
  }
}

/** What a server tool did belongs to the assistant's turn; what a client did for one, to the user's. */
function readOther(value: JsonObject, told: History): void {
  const words = wordsFor(value);
  if (words !== undefined) return told.add({ role: "user", parts: [{ type: "text", text: words }] });
  const part = { type: "opaque", dialect: "openai_responses", value } as const;
  if (/_(?:output|response)$/.test(String(value.type))) told.add({ role: "user", parts: [part] });
  else told.say([part]);
}

/** The refusal of a field that refers to what was kept: the gateway has put that in its place, as far as it has it. */
export function notKept(what: string, param: string): GatewayError {
  return new GatewayError(
    "invalid-request",
    `Cannot read the request as ${what}, and nothing that it could refer to is kept here`,
    { param },
  );
}

function textPart(part: ParsedPart, path: string) {
  if (part.type === "text") return part;
  const found = part.type === "opaque" ? String(part.value.type) : part.type;
  throw new GatewayError("invalid-request", `Cannot read the request as ${path} is of type ${found}, expected text`, {
    param: path,
  });
}

/** A part that only this dialect knows stands as a message of its own: opaque values are whole items. */
function inMessage(part: ParsedPart, role: "user" | "assistant"): ParsedPart {
  if (part.type !== "opaque") return part;
  return { ...part, value: { type: "message", role, content: [part.value] } };
}

function isAssistantPart(part: ParsedPart) {
  return part.type !== "audio" && part.type !== "file";
}
