/** What an answer has said of itself so far, and the members of its head and its end that are made of it. */

import type { ChatEvent, StartEvent, ToolCallEvent } from "../../chat/event.ts";
import { estimateInput } from "../../chat/estimate_usage.ts";
import type { Finish } from "../../chat/finish.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import { formatFinish } from "./finish.ts";
import { formatUsage } from "./usage.ts";

export interface AnswerNotes {
  hear(events: readonly ChatEvent[]): void;
  /** The upstream's id of the answer. */
  id(): string | undefined;
  /** The counts of the head. Nothing is put out yet: some clients add up what they are told there and at the end. */
  startCounts(): JsonObject;
  /** The members of `message_delta`. */
  ending(): JsonObject;
  /** The last call that began: it may be open when we go on in our own words. */
  call(): ToolCallEvent | undefined;
  isFinished(): boolean;
  /** Whether counts came with the finish or after it: those are the last ones (CASES A3). */
  isCounted(): boolean;
}

export function answerNotes(request: ChatRequest): AnswerNotes {
  let start: StartEvent | undefined;
  let usage: Usage | undefined;
  let finish: Finish | undefined;
  let call: ToolCallEvent | undefined;
  let isCounted = false;
  /** Of a long prompt it takes a while, and is asked for twice. */
  let estimated: number | undefined;

  function estimate(): Usage {
    return { input: estimated ??= estimateInput(request), output: 0 };
  }

  return {
    hear(events) {
      for (const event of events) {
        if (event.type === "start") start ??= event;
        if (event.type === "usage") usage = event.usage;
        if (event.type === "tool-call" && finish === undefined) call = event;
        if (event.type === "finish") finish ??= event;
      }
      isCounted ||= finish !== undefined && events.some(({ type }) => type === "usage");
    },
    id: () => start?.id,
    startCounts() {
      const { reasoning: _, ...counts } = usage !== undefined && usage.input > 0 ? usage : estimate();
      return formatUsage({ ...counts, output: 0 });
    },
    ending: () => ({
      delta: formatFinish(finish, { hasCalls: call !== undefined }),
      usage: formatUsage(usage ?? estimate()),
    }),
    call: () => call,
    isFinished: () => finish !== undefined,
    isCounted: () => isCounted,
  };
}
