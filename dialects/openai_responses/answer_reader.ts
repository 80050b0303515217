/** What an upstream's events say, and its whole answers, which are the last of the events alone. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { callId } from "../call_id.ts";
import { given } from "../given.ts";
import { parseInBandError } from "../openai_error.ts";
import { upstreamError } from "../upstream_error.ts";
import { parseFinish } from "./finish.ts";
import { takeDelta, takeWhole } from "./item_ledger.ts";
import { itemReader, logprobsOf, type PartText } from "./item_reader.ts";
import { frameSchema, type ResponseBody, responseSchema, type StreamFrame } from "./schema.ts";
import { parseUsage } from "./usage.ts";

export interface AnswerReader {
  /** What one event says; nothing where its type is not known. */
  read(frame: JsonObject): ChatEvent[];
  /** What a whole answer says: its items as far as they were not told, its counts, its finish. */
  end(response: JsonObject): ChatEvent[];
  /** A finish for an answer that is whole, but whose end was not told; an error for any other. */
  close(): ChatEvent[];
  /** Whether items were told in events of their own. */
  hasItems(): boolean;
}

export function answerReader(): AnswerReader {
  let id: string | undefined;
  const items = itemReader((index) => callId(`${id}/${index}`));

  function start(response: ResponseBody): ChatEvent[] {
    if (id !== undefined) return [];
    id = response.id ?? "";
    return [{ type: "start", id, model: response.model ?? "", ...given({ created: response.created_at }) }];
  }

  /** The final output, of which some upstreams tell all before, others nothing; an empty one says nothing (CASES P7). */
  function readOutput({ output }: ResponseBody): ChatEvent[] {
    return (output ?? []).flatMap((item, index) => {
      const id = typeof item.id === "string" ? item.id : undefined;
      const place = items.ledger.untold(id, index);
      return place === undefined ? [] : items.done(item, place);
    });
  }

  function end(value: JsonObject): ChatEvent[] {
    const response = responseSchema.parse(value);
    const events = [...start(response), ...readOutput(response)];
    const usage = parseUsage(response.usage);
    if (usage !== undefined) events.push({ type: "usage", usage });
    const status = response.status ?? "completed";
    if (status !== "completed" && status !== "incomplete") {
      const error = response.error ? parseInBandError(response.error) : upstreamError("upstream-failure", value);
      return [...events, { type: "error", error }];
    }
    const reason = response.incomplete_details?.reason ?? undefined;
    return [...events, { type: "finish", ...parseFinish({ status, reason }, items.said()) }];
  }

  const HANDLERS: ReadonlyMap<string, (frame: StreamFrame) => ChatEvent[]> = new Map([
    ...["response.created", "response.queued", "response.in_progress"].map((type) =>
      [type, ({ response }: StreamFrame) => start(responseSchema.parse(response ?? {}))] as const
    ),
    ["response.output_item.added", (frame) => frame.item ? items.added(frame.item, frame) : []],
    ["response.output_item.done", (frame) => frame.item ? items.done(frame.item, frame) : []],
    ["response.output_text.delta", (frame) => [...items.text(delta(frame)), ...logprobsOf(frame.logprobs)]],
    ["response.output_text.done", (frame) => items.text(whole(frame))],
    [
      "response.output_text.annotation.added",
      (frame) => frame.annotation ? items.annotate(frame, frame.annotation) : [],
    ],
    ["response.refusal.delta", (frame) => items.refusal(delta(frame))],
    ["response.refusal.done", (frame) => items.refusal(whole(frame))],
    ["response.reasoning_summary_text.delta", (frame) => items.thought(delta(frame), "summary")],
    ["response.reasoning_summary_text.done", (frame) => items.thought(whole(frame), "summary")],
    ["response.reasoning_text.delta", (frame) => items.thought(delta(frame), "content")],
    ["response.reasoning_text.done", (frame) => items.thought(whole(frame), "content")],
    ["response.function_call_arguments.delta", (frame) => items.call(delta(frame))],
    ["response.function_call_arguments.done", (frame) => items.call(whole(frame))],
    ["response.custom_tool_call_input.delta", (frame) => items.call(delta(frame))],
    ["response.custom_tool_call_input.done", (frame) => items.call(whole(frame))],
    ["response.completed", ({ response }) => end({ ...response })],
    ["response.incomplete", ({ response }) => end({ status: "incomplete", ...response })],
    ["response.failed", ({ response }) => end({ ...response, status: "failed" })],
  ]);

  return {
    read(value) {
      if (value.type === "error" || (value.type === undefined && value.error)) {
        return [{ type: "error", error: parseInBandError(value) }];
      }
      const frame = frameSchema.parse(value);
      const events = HANDLERS.get(frame.type ?? "")?.(frame) ?? [];
      // An upstream that leaves its preamble out has begun all the same.
      return events.length === 0 || events[0]?.type === "start" ? events : [...start({}), ...events];
    },
    end,
    close() {
      const isWhole = !items.ledger.isEmpty() && items.ledger.isSettled();
      if (!isWhole) return [{ type: "error", error: upstreamError("upstream-cut", "") }];
      return [{ type: "finish", ...parseFinish({ status: "completed" }, items.said()) }];
    },
    hasItems: () => !items.ledger.isEmpty(),
  };
}

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
