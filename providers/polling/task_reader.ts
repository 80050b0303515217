/** What the answers to a task's polls mean: deltas of its text, and whether to ask again, when, or to stop. */

import type { ChatEvent } from "../../chat/event.ts";
import { GatewayError, timeoutError, withRetryAfter } from "../../chat/error.ts";
import { parseJson } from "../../dialects/json.ts";
import { kindOfStatus, upstreamError } from "../../dialects/upstream_error.ts";
import { cumulativeText } from "../../streaming/cumulative_text.ts";
import { countAt, textAt, valueAt } from "./json_path.ts";
import type { PollSettings } from "./schema.ts";
import type { TaskAnswer } from "./task_api.ts";

export interface Step {
  events: ChatEvent[];
  next: Next;
}

export type Next =
  | { type: "poll"; /** Milliseconds. */ after: number }
  /** The task is over, well or badly. */
  | { type: "end"; error?: GatewayError }
  /** The task may go on, but nobody asks for it any more. */
  | { type: "give-up"; error: GatewayError };

export interface TaskReader {
  /** The task was accepted, and perhaps when to ask for it was said. */
  begin(retryAfter: number | undefined): Next;
  push(answer: TaskAnswer): Step;
  /** No answer came. */
  miss(error: GatewayError): Step;
}

/** So many polls in a row may fail by a 5xx, a 408, a 429 or the network; one more ends it. Each doubles the interval. */
export const TOLERATED = 4;

/** The part of the interval that is added by chance, so that tasks begun together are not asked for together. */
const JITTER = 0.25;

/** `random` gives numbers in [0, 1). */
export function taskReader(poll: PollSettings, random: () => number): TaskReader {
  const news = newsReader(poll);
  const done = new Set(poll.done.map(foldState));
  const failed = new Set(poll.failed.map(foldState));
  /** In a row. */
  let failures = 0;
  /** The text was seen where the settings say that it is. */
  let found = false;

  /** Never sooner than we were told, by the settings or by the upstream. */
  const wait = (retryAfter = 0): Next => {
    const after = Math.max(poll.interval * 2 ** failures, retryAfter) + poll.interval * JITTER * random();
    if (poll.deadline === 0 || after <= poll.deadline) return { type: "poll", after };
    return { type: "give-up", error: timeoutError("total", poll.deadline) };
  };

  const miss = (error: GatewayError): Step => {
    failures++;
    return silent(failures > TOLERATED ? { type: "give-up", error } : wait(error.retryAfter));
  };

  const read = (body: unknown, retryAfter: number | undefined): Step => {
    const state = foldState(valueAt(body, poll.state));
    // What a failed task has written is left unsaid, so that another attempt may say it whole.
    if (failed.has(state)) return silent({ type: "end", error: failedTask(body, poll) });
    found ||= valueAt(body, poll.text) !== undefined;
    const events = news(body);
    if (events instanceof GatewayError) return silent({ type: "give-up", error: events });
    if (!done.has(state)) return { events, next: wait(retryAfter) };
    // An empty text is the model's; one that was never to be found is in another place than the settings say.
    if (!found) return silent({ type: "end", error: upstreamError("upstream-malformed", body) });
    return { events: [...events, ...usageIn(body, poll), { type: "finish", reason: "stop" }], next: { type: "end" } };
  };

  return {
    begin: wait,
    miss,
    push({ status, text, retryAfter }) {
      if (status >= 500 || status === 408 || status === 429) {
        return miss(withRetryAfter(upstreamError(kindOfStatus(status), text), retryAfter));
      }
      if (status < 200 || status > 299) return silent(refusal(status, text));
      failures = 0;
      const body = parseJson(text);
      if (typeof body === "object" && body !== null) return read(body, retryAfter);
      return silent({ type: "give-up", error: upstreamError("upstream-malformed", text) });
    },
  };
}

/** What is new in an answer, or an error where it holds no text. */
function newsReader(places: PollSettings): (body: unknown) => ChatEvent[] | GatewayError {
  const textNews = cumulativeText();
  const thoughtNews = cumulativeText();
  return function news(body) {
    const thoughts = places.reasoning === undefined ? "" : snapshot(valueAt(body, places.reasoning));
    const text = snapshot(valueAt(body, places.text));
    if (thoughts === undefined || text === undefined) return upstreamError("upstream-malformed", body);
    const events: Extract<ChatEvent, { type: "reasoning" | "text" }>[] = [
      { type: "reasoning", text: thoughtNews(thoughts) },
      { type: "text", text: textNews(text) },
    ];
    return events.filter(({ text }) => text !== "");
  };
}

function silent(next: Next): Step {
  return { events: [], next };
}

/** States are words of a vendor's, who may write them in any case; `true` and `2` are such words, too. */
function foldState(state: unknown): string {
  return state === undefined || typeof state === "object" ? "" : String(state).toLowerCase();
}

/** The whole text so far: none before it begins, or in pieces (Replicate's `output`); `undefined` for anything else. */
function snapshot(value: unknown): string | undefined {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.every((piece) => typeof piece === "string") ? value.join("") : undefined;
}

function failedTask(body: unknown, { error }: PollSettings): GatewayError {
  const words = error === undefined ? undefined : textAt(body, error);
  return upstreamError("upstream-failure", words ?? body);
}

/** What a status means that is about this task, or about our asking for it: never the client's fault. */
function refusal(status: number, text: string): Next {
  if (status === 404 || status === 410) {
    const sentence = "Cannot answer as the provider no longer knows the task";
    const detail = upstreamError("upstream-failure", text).detail ?? "";
    return { type: "end", error: new GatewayError("upstream-failure", sentence, { code: "task_gone", detail }) };
  }
  const kind = kindOfStatus(status);
  const isOurs = kind === "upstream-auth" || kind === "upstream-quota";
  return { type: "give-up", error: upstreamError(isOurs ? kind : "upstream-failure", text) };
}

function usageIn(body: unknown, { usage }: PollSettings): ChatEvent[] {
  const input = usage && countAt(body, usage.input);
  const output = usage && countAt(body, usage.output);
  return input === undefined || output === undefined ? [] : [{ type: "usage", usage: { input, output } }];
}
