/** The items of a client's `input` as messages. */

import { GatewayError } from "../../chat/error.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { AssistantMessage, AssistantPart, Message, ToolMessage } from "../../chat/request.ts";
import { parseContent, type ParsedPart } from "./content_parts.ts";
import { parseReasoningItem } from "./reasoning_items.ts";
import type { RequestBody, RequestItem } from "./schema.ts";

type Item<T extends RequestItem["type"]> = Extract<RequestItem, { type: T }>;

/** `instructions` lead the conversation as a system message. */
export function parseInput({ instructions, input }: RequestBody): Message[] {
  const reader = inputReader();
  if (instructions) reader.add({ role: "system", parts: [{ type: "text", text: instructions }] });
  if (typeof input === "string") reader.add({ role: "user", parts: parseContent(input).filter(isUserPart) });
  else input.forEach((item, at) => reader.read(item, `input[${at}]`));
  return reader.messages;
}

function inputReader() {
  const messages: Message[] = [];
  /** The names of the calls so far: results of other dialects need them. */
  const names = new Map<string, string>();
  /** A signature that waits for the call it belongs to. */
  let callSignature: string | undefined;

  /** What the assistant said in a row is one message, so that parallel calls stay together (CASES P5, T22). */
  function say(...parts: AssistantPart[]): void {
    const last = messages.at(-1);
    if (last?.role === "assistant") last.parts.push(...parts);
    else if (parts.length > 0) messages.push({ role: "assistant", parts });
  }

  function readMessage({ role, content }: Item<"message">, path: string): void {
    const parts = parseContent(content);
    switch (role) {
      case "system":
      case "developer":
        messages.push({ role, parts: parts.map((part, at) => textPart(part, `${path}.content[${at}]`)) });
        break;
      case "user":
        messages.push({ role, parts: parts.map((part) => inMessage(part, role)).filter(isUserPart) });
        break;
      case "assistant": {
        const last = messages.at(-1);
        if (last?.role === "assistant" && endsInText(last)) messages.push({ role, parts: [] });
        say(...parts.map((part) => inMessage(part, role)).filter(isAssistantPart));
        break;
      }
      default:
        role satisfies never;
    }
  }

  function readCall(call: Item<"function_call"> | Item<"custom_tool_call">): void {
    const { call_id: id, name } = call;
    names.set(id, name);
    const signature = callSignature === undefined ? {} : { signature: callSignature };
    callSignature = undefined;
    say(
      call.type === "custom_tool_call"
        ? { type: "tool-call", id, name, json: call.input, custom: true, ...signature }
        : { type: "tool-call", id, name, json: parseArguments(call.arguments), ...signature },
    );
  }

  function readResult(
    { call_id: callId, output }: Item<"function_call_output"> | Item<"custom_tool_call_output">,
  ): void {
    const name = names.get(callId);
    const parts = parseContent(output).filter(isResultPart);
    messages.push({ role: "tool", callId, parts, ...(name !== undefined && { name }) });
  }

  /** What a server tool did belongs to the assistant's turn; what a client did for one, to the user's. */
  function readOther(value: JsonObject): void {
    const part = { type: "opaque", dialect: "openai_responses", value } as const;
    if (/_(?:output|response)$/.test(String(value.type))) messages.push({ role: "user", parts: [part] });
    else say(part);
  }

  function read(item: RequestItem, path: string): void {
    switch (item.type) {
      case "message":
        return readMessage(item, path);
      case "function_call":
      case "custom_tool_call":
        return readCall(item);
      case "function_call_output":
      case "custom_tool_call_output":
        return readResult(item);
      case "reasoning": {
        const parsed = parseReasoningItem(item);
        callSignature = parsed.callSignature;
        return say(...parsed.thoughts);
      }
      case "item_reference":
        throw notKept(`${path} is a reference to an item`, path);
      case "other":
        return readOther(item.value);
      default:
        item satisfies never;
    }
  }

  return { messages, add: (message: Message) => void messages.push(message), read };
}

/** The refusal of a field that refers to what a gateway without memory does not have. */
export function notKept(what: string, param: string): GatewayError {
  return new GatewayError(
    "invalid-request",
    `Cannot read the request as ${what}, and answers are not kept by this gateway yet`,
    { param },
  );
}

/** Two messages in a row stay two, as other dialects would run their texts together. */
function endsInText({ parts }: AssistantMessage): boolean {
  const last = parts.at(-1)?.type;
  return (last === "text" || last === "refusal") && !parts.some(({ type }) => type === "tool-call");
}

/** Arguments as JSON text; some clients send an object, some nothing for none (CASES T9, T10). */
function parseArguments(value: Json | undefined): string {
  if (value === undefined || value === null) return "{}";
  if (typeof value !== "string") return JSON.stringify(value);
  return value.trim() === "" ? "{}" : value;
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

function isUserPart(part: ParsedPart) {
  return part.type !== "refusal";
}

function isAssistantPart(part: ParsedPart) {
  return part.type !== "audio" && part.type !== "file";
}

function isResultPart(part: ParsedPart): part is ToolMessage["parts"][number] {
  return part.type !== "audio" && part.type !== "refusal";
}
