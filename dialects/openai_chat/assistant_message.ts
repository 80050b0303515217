/** The assistant's turns in a history, both ways: text, thoughts, calls, refusals. */

import type { Json, JsonObject } from "../../chat/json.ts";
import {
  type AssistantMessage,
  type AssistantPart,
  type OpaquePart,
  textOf,
  type ToolCallPart,
} from "../../chat/request.ts";
import { BLANK_THOUGHT } from "../../chat/supply_thoughts.ts";
import { argumentsText } from "../call_arguments.ts";
import { callId } from "../call_id.ts";
import { isObject } from "../json.ts";
import { formatPart, markOf, parseContent, type PartOptions } from "./content_parts.ts";
import { formatThought, readThoughts, REASONING_NAMES, type Thought } from "./reasoning.ts";
import { sealedThoughts } from "./sealed_thoughts.ts";
import type { RequestMessage, RequestToolCall } from "./schema.ts";

type AssistantBody = Extract<RequestMessage, { role: "assistant" }>;

/** Members that are read, or that say nothing when a client sends an answer back as it got it. */
const KNOWN_MEMBERS: ReadonlySet<string> = new Set([
  ...["role", "content", "name", "refusal", "tool_calls", "function_call", "images", "annotations"],
  ...REASONING_NAMES,
]);

/** `at` is the message's place: a `function_call` has no id, so that one is made of it. */
export function parseAssistantMessage(message: AssistantBody, at: number): AssistantMessage {
  const images = parseContent(message.images ?? []).filter((part) => part.type === "image");
  const parts: AssistantPart[] = [
    ...readThoughts(message),
    ...parseTurn(message.content),
    ...images,
    ...(message.refusal ? [{ type: "refusal" as const, text: message.refusal }] : []),
    ...otherMembers(message),
    ...(message.tool_calls ?? []).map(parseToolCall),
  ];
  if (message.function_call) {
    const { name, arguments: json } = message.function_call;
    parts.push({ type: "tool-call", id: legacyCallId(at), name, json: argumentsText(json) });
  }
  return { role: "assistant", parts, ...(message.name && { name: message.name }) };
}

/** The content of a turn; a part that no other dialect's assistant can say stays in this dialect's words. */
function parseTurn(content: AssistantBody["content"]): AssistantPart[] {
  return parseContent(content).map((part, at) => {
    if (part.type !== "audio" && part.type !== "video" && part.type !== "file") return part;
    // The schema read the part and passed its other members on, all of them from JSON.parse.
    const value = (content?.[at] ?? {}) as JsonObject;
    return { type: "opaque", dialect: "openai_chat", value };
  });
}

/** The id that stands for a `function_call` in the message at `at`. */
export function legacyCallId(at: number): string {
  return callId(`function_call/${at}`);
}

function parseToolCall(call: RequestToolCall): ToolCallPart {
  const signature = parseSignature(call.extra_content);
  const rest = {
    ...(signature !== undefined && { signature }),
    ...(call.cache_control && { cache: call.cache_control }),
  };
  if (call.custom) {
    return { type: "tool-call", id: call.id, name: call.custom.name, json: call.custom.input, custom: true, ...rest };
  }
  const { name = "", arguments: json } = call.function ?? {};
  return { type: "tool-call", id: call.id, name, json: argumentsText(json), ...rest };
}

/** Gemini's thought signature, as Google's own compatible endpoint names it (DIALECTS.md §6.4). */
export function parseSignature(extra: JsonObject | null | undefined): string | undefined {
  const vendor = extra?.google ?? extra?.vertex;
  const signature = isObject(vendor) ? vendor.thought_signature : undefined;
  return typeof signature === "string" && signature !== "" ? signature : undefined;
}

/** A call's signature is Gemini's alone, so that it needs no mark of its vendor. */
export function formatSignature(signature: string | undefined): JsonObject {
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } };
}

/** What a vendor's own members say (`prefix`, `audio`, …) means something to an upstream of this dialect alone. */
function otherMembers(message: AssistantBody): AssistantPart[] {
  const others = Object.entries(message).filter(([name, value]) => !KNOWN_MEMBERS.has(name) && value !== null);
  if (others.length === 0) return [];
  // The body came out of JSON.parse, and so did the members the schema passed on.
  return [{ type: "opaque", dialect: "openai_chat", value: Object.fromEntries(others) as JsonObject }];
}

export interface AssistantOptions extends PartOptions {
  flatContent: boolean;
  replayReasoning: boolean;
  /** The model whose vendor wants its signed thoughts back, by way of OpenRouter. */
  detailsFor?: string | undefined;
}

export function formatAssistantMessage(message: AssistantMessage, options: AssistantOptions): JsonObject {
  const { parts, name } = message;
  const calls = parts.filter((part) => part.type === "tool-call");
  const refusal = parts.filter((part) => part.type === "refusal").map((part) => part.text).join("");
  const text = formatText(parts, options);
  return {
    role: "assistant",
    // A turn of calls alone has no text, which is not an empty text (CASES O13).
    content: text === "" && (calls.length > 0 || refusal !== "") ? null : text,
    ...(name !== undefined && { name }),
    ...(refusal !== "" && { refusal }),
    ...formatThoughts(parts, { ...options, hasCalls: calls.length > 0 }),
    ...formatOthers(parts, options),
    ...(calls.length > 0 && { tool_calls: calls.map((call) => formatToolCall(wholeCall(call), options)) }),
  };
}

/** The text, as one string unless there is a mark on it or a part of a vendor's own beside it. */
function formatText(parts: readonly AssistantPart[], options: AssistantOptions): Json {
  const content = parts.flatMap((part) =>
    part.type === "text" || (part.type === "opaque" && isContentPart(part)) ? [part] : []
  );
  const isPlain = content.every((part) => part.type === "text" && !(options.marks && part.cache !== undefined));
  if (isPlain || options.flatContent) return textOf(content);
  return content.map((part) => formatPart(part, options)).filter((part) => part !== undefined);
}

/** What is this dialect's own in a turn is a part of its content, or else members of the message. */
function isContentPart({ dialect, value }: OpaquePart): boolean {
  return dialect === "openai_chat" && typeof value.type === "string";
}

/** A call as it stands in a message, of a history or of an answer. */
export function formatToolCall(call: ToolCallPart, options: { marks: boolean }): JsonObject {
  const { id, name, json, signature } = call;
  const rest = { ...formatSignature(signature), ...markOf(call, options) };
  return call.custom
    ? { id, type: "custom", custom: { name, input: json }, ...rest }
    : { id, type: "function", function: { name, arguments: json }, ...rest };
}

/** A history is refused, and a client fails, where the arguments of a call are no JSON. */
export function wholeCall(call: ToolCallPart): ToolCallPart {
  if (call.custom) return call;
  const json = argumentsText(call.json);
  // Nearly every call has them, and each copy is one more of each answer.
  return json === call.json ? call : { ...call, json };
}

/**
 * Thoughts go back as plain text only to vendors that ask for it; those then want the member on every turn that calls
 * tools, be it blank (CASES K8). Signed blocks go back to where a client of this dialect got them from.
 */
function formatThoughts(
  parts: readonly AssistantPart[],
  options: AssistantOptions & { hasCalls: boolean },
): JsonObject {
  const thoughts = parts.filter(isThought);
  const isBound = thoughts.some((part) => part.type === "redacted-reasoning" || part.signature !== undefined);
  const details = isBound ? detailsOf(parts, options) : [];
  if (isBound && details.length === 0) options.lost.add(options.path, "the signed thoughts are another vendor's");
  const text = thoughts.map((part) => part.type === "reasoning" ? part.text : "").join("");
  return {
    ...(options.replayReasoning && (text !== "" || options.hasCalls) && { reasoning_content: text || BLANK_THOUGHT }),
    ...(details.length > 0 && { reasoning_details: details }),
  };
}

/** Bound thoughts as the client had them, or as OpenRouter wants them of a client of another dialect. */
function detailsOf(parts: readonly AssistantPart[], { isOwn, detailsFor }: AssistantOptions): JsonObject[] {
  if (isOwn) return parts.filter(isThought).map(formatThought);
  return detailsFor === undefined ? [] : sealedThoughts(parts, detailsFor);
}

function isThought(part: AssistantPart): part is Thought {
  return part.type === "reasoning" || part.type === "redacted-reasoning";
}

function formatOthers(parts: readonly AssistantPart[], options: AssistantOptions): JsonObject {
  const members: JsonObject = {};
  const images: JsonObject[] = [];
  for (const part of parts) {
    if (part.type === "opaque" && !isContentPart(part)) {
      if (part.dialect === "openai_chat") Object.assign(members, part.value);
      else options.lost.add(options.path, `only ${part.dialect} has such a part`);
    }
    if (part.type === "image") {
      const image = options.isOwn ? formatPart(part, options) : undefined;
      if (image !== undefined) images.push(image);
      else options.lost.add(options.path, "an assistant's turn cannot hold an image");
    }
  }
  return { ...members, ...(images.length > 0 && { images }) };
}
