/** Measures an answer while it passes to the client: content times, chunks, tokens, how it ended. */

import { type Beat, isContent } from "../chat/event.ts";
import { toGatewayError } from "../chat/error.ts";
import { estimateUsage, usageSoFar } from "../chat/estimate_usage.ts";
import type { Reply } from "../chat/reply.ts";
import { replyFolder } from "../chat/reply_folder.ts";
import type { ChatRequest } from "../chat/request.ts";
import type { Usage } from "../chat/usage.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Observer, Outcome } from "../streaming/observe.ts";
import type { Pull } from "../streaming/pull.ts";
import { noteFailure } from "./note_failure.ts";
import type { Observation } from "./observation.ts";

export interface Meter extends Observer<Beat[]> {
  /** The answer so far. */
  reply(): Reply;
}

export interface MeterOptions {
  dialect: Dialect;
  request: ChatRequest;
  observation: Observation;
  now: () => number;
  /** Called for each chunk with content but the first, with the milliseconds since the one before. */
  chunk: (gap: number) => void;
  /** Called once, when all is noted, with the answer as far as it came. */
  done: (reply: Reply) => void;
}

const ENDS = { done: "done", failed: "failed", cancelled: "cancelled" } as const satisfies Record<
  Outcome["type"],
  Observation["end"]
>;

export function createMeter({ dialect, request, observation, now, chunk, done }: MeterOptions): Meter {
  const folder = replyFolder();
  /** Whether an upstream said anything: what none answered cost nothing. */
  let isAnswered = false;
  let firstAt: number | undefined;
  let lastAt: number | undefined;
  return {
    item(beats) {
      // One time for those that came together.
      const at = now();
      isAnswered = true;
      for (const { events } of beats) {
        folder.push(events);
        if (!events.some(isContent)) continue;
        observation.chunks++;
        if (lastAt !== undefined) chunk(at - lastAt);
        firstAt ??= at;
        lastAt = at;
        observation.ttft ??= firstAt - observation.startedAt;
        observation.contentTime = at - firstAt;
      }
    },
    end(outcome) {
      const reply = folder.reply();
      const error = outcome.type === "failed" ? toGatewayError(outcome.error) : undefined;
      observation.end = error?.kind === "client-gone" ? "cancelled" : ENDS[outcome.type];
      // A stream that failed or was left still cost what it said (CASES U7, U8).
      if (isAnswered) {
        observation.usage = outcome.type === "done" ? usageOf(reply, request) : usageSoFar(request, reply);
      }
      observation.reply = reply;
      if (reply.model !== "") observation.responseModel = reply.model;
      const finish = reply.choices[0]?.finish;
      if (finish !== undefined) observation.finish = finish.raw ?? finish.reason;
      if (error !== undefined) noteFailure(observation, error, dialect);
      // Set already where the head was sent before the end was known.
      observation.status ??= outcome.type === "done" ? 200 : 499;
      done(reply);
    },
    reply: () => folder.reply(),
  };
}

/** The answer's usage, as told or as estimated. */
export function usageOf(reply: Reply, request: ChatRequest): Usage {
  return reply.usage ?? estimateUsage(request, reply);
}

/** Adds the usage an upstream did not tell to the end of the stream, so that a client who asked gets it (CASES O6). */
export function completeUsage(source: Pull<Beat[]>, meter: Meter, request: ChatRequest): Pull<Beat[]> {
  let completed = false;
  return {
    async next() {
      const beats = await source.next();
      if (beats !== undefined || completed) return beats;
      completed = true;
      const reply = meter.reply();
      if (reply.usage !== undefined) return undefined;
      return [{ events: [{ type: "usage", usage: usageOf(reply, request) }] }];
    },
    cancel(reason) {
      completed = true;
      source.cancel(reason);
    },
  };
}
