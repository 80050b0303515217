/** The events of one run as beats: snapshots become deltas, other runs' events are passed over. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import { parseJson } from "../../dialects/json.ts";
import { parseFinish } from "../../dialects/openai_chat/finish.ts";
import { upstreamError } from "../../dialects/upstream_error.ts";
import { cumulativeText } from "../../streaming/cumulative_text.ts";
import type { SocketEvent } from "./read_frame.ts";
import { memberAt, textAt } from "./read_json.ts";
import type { Run } from "./run.ts";

export interface RunReader {
  /** What an event adds to the answer: nothing, a beat (the final one with `last`), or the end of it as a failure. */
  push(event: SocketEvent): Beat | GatewayError | undefined;
}

type ChunkStatus = "goes-on" | "completed" | "failed";

/** What a chunk's status means; one that is not known is taken for a run that goes on. */
const STATUSES: ReadonlyMap<string | undefined, ChunkStatus> = new Map([
  ["in_progress", "goes-on"],
  ["completed", "completed"],
  ["failed", "failed"],
  ["error", "failed"],
]);

/** The names under which an event has been seen, or may be expected, to say whose it is. */
const OWNER_FIELDS = ["executionId", "execution_id", "jobId", "job_id", "runId", "run_id"];
const TEXT_FIELDS = ["content", "text", "result", "output"];

/** `isAlone` tells whether no other run of the session can be meant by what names none. */
export function runReader({ runId, jobId }: Run, isAlone: () => boolean): RunReader {
  const news = cumulativeText();
  let isKnown = false;
  /** Named by the last chunk that had one: the final event need not repeat it. */
  let raw: string | undefined;

  const beat = (payload: unknown, completed: boolean): Beat | undefined => {
    raw = textAt(payload, "finish_reason") ?? raw;
    // Text is taken only from an event that names the run: a wrong guess would mix two answers.
    const text = ownerOf(payload) === undefined ? "" : news(firstText(payload, TEXT_FIELDS) ?? "");
    const events: ChatEvent[] = text === "" ? [] : [{ type: "text", text }];
    if (!completed) return events.length === 0 ? undefined : { events };
    // OpenAI's word, passed on. None at all is a plain stop: the event itself says that the answer is complete.
    events.push({ type: "finish", ...(raw === undefined ? { reason: "stop" } : parseFinish(raw)) });
    return { events, last: true };
  };
  const chunk = (payload: unknown): Beat | GatewayError | undefined => {
    if (ownerOf(payload) === undefined) return undefined;
    const status = STATUSES.get(textAt(payload, "status")) ?? "goes-on";
    return status === "failed" || reportsError(payload)
      ? upstreamError("upstream-failure", payload)
      : beat(payload, status === "completed");
  };

  return {
    push({ name, payload: sent }) {
      const payload = payloadOf(sent);
      const owner = ownerOf(payload);
      if (owner !== undefined && owner !== jobId && owner !== runId) return undefined;
      isKnown ||= owner !== undefined;
      switch (name) {
        case "execution:chunk":
          return chunk(payload);
        case "completion_finished":
          // One that names no run may be the end of another: of one that is open, or of the one before.
          if (owner === undefined && !(isKnown && isAlone())) return undefined;
          return reportsError(payload) ? upstreamError("upstream-failure", payload) : beat(payload, true);
        case "execution:error":
        case "error":
          return upstreamError("upstream-failure", payload);
        default:
          return undefined;
      }
    },
  };
}

function reportsError(payload: unknown): boolean {
  const error = memberAt(payload, "error");
  return error !== undefined && error !== null && error !== "" && error !== false;
}

/** Some services write an event's payload as text. */
export function payloadOf(sent: unknown): unknown {
  return typeof sent === "string" ? parseJson(sent) ?? { message: sent } : sent;
}

/** Whose an event is, where it says so. */
export function ownerOf(payload: unknown): string | undefined {
  return firstText(payload, OWNER_FIELDS);
}

function firstText(payload: unknown, fields: readonly string[]): string | undefined {
  return fields.map((field) => textAt(payload, field)).find((text) => text !== undefined);
}
