/** What an upstream's events say of its items, by the events' types. */

import type { ChatEvent } from "../../chat/event.ts";
import { takeDelta, takeWhole } from "./item_ledger.ts";
import { type ItemReader, logprobsOf } from "./item_reader.ts";
import type { PartText } from "./part_reader.ts";
import type { StreamFrame } from "./schema.ts";

/** Nothing where the type is not known. */
export function readItemFrame(frame: StreamFrame, items: ItemReader): ChatEvent[] {
  return READERS.get(frame.type ?? "")?.(frame, items) ?? [];
}

type Read = (frame: StreamFrame, items: ItemReader) => ChatEvent[];

const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["response.output_item.added", (frame, items) => frame.item ? items.added(frame.item, frame) : []],
  ["response.output_item.done", (frame, items) => frame.item ? items.done(frame.item, frame) : []],
  [
    "response.output_text.delta",
    (frame, { parts }) => [...parts.text(delta(frame)), ...logprobsOf(frame.logprobs)],
  ],
  ["response.output_text.done", (frame, { parts }) => parts.text(whole(frame))],
  [
    "response.output_text.annotation.added",
    (frame, { parts }) => frame.annotation ? parts.annotation(placed(frame), frame.annotation) : [],
  ],
  ["response.refusal.delta", (frame, { parts }) => parts.refusal(delta(frame))],
  ["response.refusal.done", (frame, { parts }) => parts.refusal(whole(frame))],
  ["response.reasoning_summary_text.delta", (frame, { parts }) => parts.thought(delta(frame), "summary")],
  ["response.reasoning_summary_text.done", (frame, { parts }) => parts.thought(whole(frame), "summary")],
  ["response.reasoning_text.delta", (frame, { parts }) => parts.thought(delta(frame), "content")],
  ["response.reasoning_text.done", (frame, { parts }) => parts.thought(whole(frame), "content")],
  ["response.function_call_arguments.delta", (frame, { calls }) => calls.read(delta(frame))],
  ["response.function_call_arguments.done", (frame, { calls }) => calls.read(whole(frame))],
  ["response.custom_tool_call_input.delta", (frame, { calls }) => calls.read(delta(frame))],
  ["response.custom_tool_call_input.done", (frame, { calls }) => calls.read(whole(frame))],
]);

function delta(frame: StreamFrame): PartText {
  return { ...placed(frame), text: frame.delta ?? "", take: takeDelta };
}

function whole(frame: StreamFrame): PartText {
  return {
    ...placed(frame),
    text: frame.text ?? frame.refusal ?? frame.arguments ?? frame.input ?? "",
    take: takeWhole,
  };
}

function placed(frame: StreamFrame) {
  return { place: frame, part: frame.content_index ?? frame.summary_index ?? 0 };
}
