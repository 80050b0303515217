/** Whether a frame or an answer of an upstream may go to a client as it is: it must keep what our own output keeps. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { OFFICIAL_WORDS } from "./finish.ts";
import { REASONING_NAMES } from "./reasoning.ts";

/** What every chunk of one stream has in common (CASES O2). */
export interface Head {
  id: string;
  model: string;
  created: number | undefined;
}

/** Official member names for thoughts and calls; the others are told by the official ones instead (CASES K1). */
const REWRITTEN_NAMES = ["function_call", ...REASONING_NAMES.filter((name) => name !== "reasoning_content")];

/** O2–O5, O9 for one chunk. That a choice opens with its role, and ends once, is for its parser to know. */
export function isRelayableChunk(chunk: JsonObject, head: Head): boolean {
  if (chunk.object !== "chat.completion.chunk" || !hasHead(chunk, head) || chunk.error) return false;
  const { choices, usage } = chunk;
  if (!Array.isArray(choices)) return false;
  // Counts have a chunk of their own, and a chunk without choices is for counts alone.
  const hasUsage = usage !== undefined && usage !== null;
  return (choices.length === 0) === hasUsage && choices.every((choice) => isRelayableChoice(choice, "delta"));
}

/** The rule for a stream: what was found out of a chunk holds for those that were read as the same with another text. */
export function chunkRules(): typeof isRelayableChunk {
  let latest: JsonObject | undefined;
  let isRelayable = false;
  return function isRelayableOnce(chunk, head) {
    if (chunk !== latest) isRelayable = isRelayableChunk(chunk, head);
    latest = chunk;
    return isRelayable;
  };
}

export function isRelayableAnswer(answer: JsonObject, head: Head): boolean {
  if (answer.object !== "chat.completion" || !hasHead(answer, head) || answer.error) return false;
  const { choices } = answer;
  return Array.isArray(choices) && choices.length > 0 &&
    choices.every((choice) => isRelayableChoice(choice, "message"));
}

function hasHead(answer: JsonObject, { id, model, created }: Head): boolean {
  return id !== "" && answer.id === id && model !== "" && answer.model === model &&
    Number.isInteger(created) && answer.created === created;
}

function isRelayableChoice(choice: Json, form: "delta" | "message"): boolean {
  if (!isObject(choice) || !Number.isInteger(choice.index)) return false;
  const { finish_reason: word, [form]: message } = choice;
  const isWord = typeof word === "string"
    ? word !== "function_call" && Object.hasOwn(OFFICIAL_WORDS, word)
    : word === null;
  return isWord && isObject(message) && isRelayableMessage(message, form) &&
    !(word !== null && isThoughtOnly(message, form));
}

function isRelayableMessage(message: JsonObject, form: "delta" | "message"): boolean {
  const { role, content, reasoning_content: thoughts, tool_calls: calls } = message;
  if (role !== undefined && role !== "assistant") return false;
  if (!isTextOrNone(content) || !isTextOrNone(thoughts)) return false;
  if (REWRITTEN_NAMES.some((name) => !isVoid(message[name]))) return false;
  if (calls === undefined || calls === null) return form === "delta" || content !== undefined;
  // A message of calls alone has no text (CASES O13).
  if (!Array.isArray(calls) || (form === "message" && (content === undefined || content === ""))) return false;
  return calls.every((call) => isRelayableCall(call, form));
}

function isRelayableCall(call: Json, form: "delta" | "message"): boolean {
  if (!isObject(call) || (form === "delta" && !Number.isInteger(call.index))) return false;
  const called = call.type === "custom" ? call.custom : call.function;
  if (!isObject(called)) return false;
  const body = call.type === "custom" ? called.input : called.arguments;
  const opens = form === "message" || called.name !== undefined;
  if (opens && (typeof called.name !== "string" || call.type === undefined || call.type === null)) return false;
  return typeof body === "string" || (form === "delta" && body === undefined);
}

/** A chunk with thoughts alone must not be the one that ends (CASES O12). */
function isThoughtOnly(message: JsonObject, form: "delta" | "message"): boolean {
  return form === "delta" && Boolean(message.reasoning_content);
}

function isTextOrNone(value: Json | undefined): boolean {
  return value === undefined || value === null || typeof value === "string";
}

function isVoid(value: Json | undefined): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
