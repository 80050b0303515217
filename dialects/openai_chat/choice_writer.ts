/** Writes one choice of an answer as the `choices` entries of chunks: role first, one end (CASES O1, O3). */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { formatSignature } from "./assistant_message.ts";
import { formatFinish } from "./finish.ts";
import { formatMedia } from "./media.ts";
import { formatThought } from "./reasoning.ts";

export type ChoiceEvent = Exclude<ChatEvent, { type: "start" | "usage" | "error" }>;

export interface ChoiceWriter {
  /** The role, unless it was written. */
  begin(): JsonObject[];
  write(event: ChoiceEvent): JsonObject[];
  /** The end, unless it was written. */
  close(): JsonObject[];
  isFinished(): boolean;
}

export interface ChoiceWriterOptions {
  index: number;
  /** The client sent `functions` and reads `function_call`, of which there can be one. */
  legacy: boolean;
  /** Whether a tool takes free text. */
  isCustom(name: string): boolean;
}

export function choiceWriter({ index, legacy, isCustom }: ChoiceWriterOptions): ChoiceWriter {
  let begun = false;
  let finished = false;
  const calls = new Map<number, { isCustom: boolean; isEmpty: boolean }>();
  /** The block of thoughts being written; its text is told once more with its signature, so that clients can keep both. */
  let block = { index: 0, text: "", isSigned: false };

  function choice(delta: JsonObject, rest: JsonObject = {}): JsonObject {
    return { index, delta, ...rest, finish_reason: null };
  }

  function begin(): JsonObject[] {
    if (begun) return [];
    begun = true;
    return [choice({ role: "assistant", content: "" })];
  }

  function writeThought({ text, signature }: Extract<ChoiceEvent, { type: "reasoning" }>): JsonObject[] {
    if (text !== "" && block.isSigned) block = { index: block.index + 1, text: "", isSigned: false };
    const whole = block.isSigned ? "" : block.text + text;
    block.text = whole;
    const plain = text === "" ? {} : { reasoning_content: text };
    if (!signature) return text === "" ? [] : [choice(plain)];
    block.isSigned = true;
    const details = formatThought({ type: "reasoning", text: whole, signature }, block.index);
    return [choice({ ...plain, reasoning_details: [details] })];
  }

  function writeRedacted(data: string): JsonObject[] {
    const at = block.index;
    block = { index: at + 1, text: "", isSigned: false };
    return [choice({ reasoning_details: [formatThought({ type: "redacted-reasoning", data }, at)] })];
  }

  function writeCall(event: Extract<ChoiceEvent, { type: "tool-call" }>): JsonObject[] {
    const { id, name, signature } = event;
    const custom = isCustom(name);
    calls.set(event.index, { isCustom: custom, isEmpty: true });
    if (legacy) return event.index === 0 ? [choice({ function_call: { name, arguments: "" } })] : [];
    const called = custom
      ? { type: "custom", custom: { name, input: "" } }
      : { type: "function", function: { name, arguments: "" } };
    return [choice({ tool_calls: [{ index: event.index, id, ...called, ...formatSignature(signature) }] })];
  }

  function writeArguments(at: number, json: string): JsonObject[] {
    const call = calls.get(at);
    if (call === undefined || json === "") return [];
    call.isEmpty = false;
    if (legacy) return at === 0 ? [choice({ function_call: { arguments: json } })] : [];
    const fragment = call.isCustom ? { custom: { input: json } } : { function: { arguments: json } };
    return [choice({ tool_calls: [{ index: at, ...fragment }] })];
  }

  /** A call without arguments has an empty object of them (CASES T9), unless it was cut short (T13). */
  function fillCalls(): JsonObject[] {
    return [...calls].flatMap(([at, call]) => call.isEmpty && !call.isCustom ? writeArguments(at, "{}") : []);
  }

  function finish({ reason, raw }: Omit<Extract<ChoiceEvent, { type: "finish" }>, "type">): JsonObject[] {
    finished = true;
    const word = formatFinish(reason, { hasCalls: calls.size > 0, legacy });
    // The upstream's own word, where ours says less (CASES G3).
    const native = raw === undefined || raw === word ? {} : { native_finish_reason: raw };
    return [...(word === "length" ? [] : fillCalls()), { index, delta: {}, finish_reason: word, ...native }];
  }

  function say(event: ChoiceEvent): JsonObject[] {
    switch (event.type) {
      case "text":
        return event.text === "" ? [] : [choice({ content: event.text })];
      case "reasoning":
        return writeThought(event);
      case "redacted-reasoning":
        return writeRedacted(event.data);
      case "tool-call":
        return writeCall(event);
      case "tool-arguments":
        return writeArguments(event.index, event.json);
      case "refusal":
        return event.text === "" ? [] : [choice({ refusal: event.text })];
      case "media":
        return [choice(formatMedia([event]))];
      case "annotation":
        return [choice({ annotations: [event.annotation] })];
      case "logprobs":
        return [choice({}, { logprobs: { content: event.content ?? null, refusal: event.refusal ?? null } })];
      case "opaque":
        return event.dialect === "openai_chat" ? [choice(event.value)] : [];
      case "finish":
        return finish(event);
      default:
        return event satisfies never;
    }
  }

  return {
    begin,
    write: (event) => finished ? [] : [...begin(), ...say(event)],
    close: () => finished ? [] : [...begin(), ...finish({ reason: "stop" })],
    isFinished: () => finished,
  };
}
