/** What must hold of every request of a storm, whatever befell its attempts. */

import assert from "node:assert/strict";
import { CALLERS } from "../support/callers.ts";
import { isPadding, type Outcome } from "./client.ts";
import { type Heard, type Speech, SPEECHES } from "./speech.ts";
import type { Attempt } from "./upstream.ts";
import { readWords } from "./words.ts";

/** The line of a request in the gateway's log, as far as it is looked at. */
export interface LogLine {
  id: string;
  /** When the request ended. */
  time: string;
  status?: number;
  end?: "done" | "failed" | "cancelled";
  error?: string;
  error_status?: number;
  attempts?: { outcome: string }[];
  input_tokens?: number;
  output_tokens?: number;
  tokens_estimated?: boolean;
}

export interface Evidence {
  outcome: Outcome;
  /** All attempts that upstreams saw for the request. */
  attempts: readonly Attempt[];
  /** All lines of the log about it. */
  lines: readonly LogLine[];
  /** A gateway that was asked for it was killed in that time, or shortly after: its log may lack the end. */
  isOrphan: boolean;
  /** When such a gateway was killed, in milliseconds since the epoch. */
  killedAt?: number;
  /** The storage was away in that time: what one gateway keeps in its memory, another does not find. */
  isApart: boolean;
  /** Milliseconds by which the clocks of the storm were late: what is late by that much is nobody's fault. */
  late: number;
}

/**
 * How a request ended for its client. `unheard`: nobody can tell, as the machine stood still for too long. `lost`: its
 * gateway was, with all that it knew. `apart`: what it came back for is in another gateway's memory.
 */
export type Ending = "complete" | "failed" | "refused" | "left" | "unheard" | "lost" | "apart";

/** Statuses that say what went wrong on the way, one of them Anthropic's; a 500 would be a fault of the gateway's own. */
const REFUSALS = [400, 404, 429, 502, 503, 504, 529];

/** Milliseconds in which an upstream must have seen that the client left. */
const FAREWELL = 5_000;
/** Milliseconds for which the last frames of an answer may be on their way to a busy storage. */
const LAST_FRAMES = 1_000;
/** Milliseconds by which clocks are late on a machine that has no time for a storm. */
const STANDSTILL = 3_000;
/** Several clocks are waited for in turn. */
const CLOCKS = 5;

/** How the request ended. @throws {Error} what does not hold */
export function judge({ outcome, attempts, lines, late, isOrphan, killedAt, isApart }: Evidence): Ending {
  if (outcome.isPatient && late > STANDSTILL) return "unheard";
  if (isApart && hasComeBack(outcome) && (outcome.trouble !== undefined || isElsewhere(outcome))) return "apart";
  assert.equal(outcome.trouble, undefined, "a client is answered");
  if (outcome.isLost) {
    assert.ok(isOrphan || attempts.length + lines.length === 0, "a gateway that is told to end answers whom it let in");
    return "lost";
  }
  // What left before it was there was no request.
  if (isUnseen({ outcome, attempts, lines })) return "left";
  if (isOrphan && lines.length === 0) return judgeOrphan(outcome, attempts);
  assert.equal(lines.length, 1, `a request has one line in the log, and not ${lines.length}`);
  const [line] = lines as [LogLine];
  judgeAttempts(attempts, line);
  if (outcome.leftAt !== undefined) return judgeLeft(outcome, { attempts, line, late });
  assert.equal(line.status, outcome.status, "the log has the status that the client saw");
  if (outcome.status !== 200) return judgeRefusal(outcome, line);
  const heard = hear(outcome);
  const run = judgeWords(heard, attempts);
  if (heard.failed) {
    // A gateway that has not been heard of for long is taken for gone by another, be it only apart.
    if (isApart && hasComeBack(outcome) && line.end !== "failed") return "apart";
    // It was whole, and said so; but its gateway was killed before the storage had it.
    const isUnkept = killedAt !== undefined && killedAt - Date.parse(line.time) < LAST_FRAMES;
    if (isUnkept && hasComeBack(outcome) && line.end === "done") return "lost";
    assert.equal(line.end, "failed");
    return "failed";
  }
  // Also where its upstream broke off behind the finish: what is whole for the client is whole for the record.
  assert.deepEqual([line.end, line.error], ["done", undefined], "the log has the end that the client saw");
  const attempt = judgeWhole(heard, run);
  judgeTokens(heard, attempt, line);
  return "complete";
}

/** Its gateway is gone, and its line with it: what the client heard of another is still all of it, or an error. */
function judgeOrphan(outcome: Outcome, attempts: readonly Attempt[]): Ending {
  if (outcome.leftAt !== undefined || outcome.status !== 200) return "lost";
  const heard = hear(outcome);
  const run = judgeWords(heard, attempts);
  if (!heard.failed) judgeWhole(heard, run);
  return heard.failed ? "failed" : "complete";
}

function judgeWhole({ calls }: Heard, { attempt, count }: ReturnType<typeof judgeWords>): Attempt {
  assert.ok(attempt, "a complete answer says something");
  assert.equal(count, attempt.words, `no word of ${attempt.name} is missing`);
  assert.equal(calls.length, attempt.calls ? 1 : 0, "a call is told once");
  return attempt;
}

/** For something that was kept. */
function hasComeBack({ wish, asked }: Outcome): boolean {
  return wish.mode === "background" || asked.length > 1;
}

/** What another gateway keeps in its memory does not exist, or cannot be told. */
function isElsewhere({ status = 0 }: Outcome): boolean {
  return status === 404 || status === 503 || status === 529;
}

/** Whether its client left before the gateway could know of it. */
function isUnseen({ outcome, attempts, lines }: Pick<Evidence, "outcome" | "attempts" | "lines">): boolean {
  return outcome.status === undefined && outcome.leftAt !== undefined && attempts.length + lines.length === 0;
}

/** The log knows every attempt but those of which nobody knows. */
function judgeAttempts(attempts: readonly Attempt[], { attempts: noted = [] }: LogLine): void {
  // By itself fetch repeats a request whose reused connection broke before an answer came (Deno 2.9.6).
  const repeated = attempts.filter(({ mishap }) => mishap.kind === "cut" && mishap.at === "before");
  assert.ok(attempts.length <= noted.length + repeated.length, "the log knows every attempt");
}

function judgeRefusal({ wish, status, body, retryAfter }: Outcome, line: LogLine): Ending {
  assert.ok(REFUSALS.includes(status ?? 0), `${status} is the status of an upstream's failure: ${body}`);
  CALLERS[wish.dialect].refusal(JSON.parse(body));
  assert.equal(line.end, "failed");
  assert.equal(line.error_status, status);
  if (retryAfter !== null) assert.match(retryAfter, /^\d+$/, "retry-after is in seconds");
  return "refused";
}

interface Left extends Pick<Evidence, "attempts" | "late"> {
  line: LogLine;
}

/** Nobody works for a client that left, unless it may come back. */
function judgeLeft({ wish, leftAt = 0 }: Outcome, { attempts, line, late }: Left): Ending {
  if (wish.mode === "resumable" || wish.mode === "background") return "left";
  for (const { name, endedAt = Infinity } of attempts) {
    assert.ok(endedAt < leftAt + FAREWELL + CLOCKS * late, `${name} is told that the client left`);
  }
  const outcomes = line.attempts?.map(({ outcome }) => outcome) ?? [];
  if (!outcomes.includes("client-gone")) return "left";
  assert.equal(outcomes.at(-1), "client-gone", "nothing is tried for a client that is known to have left");
  assert.equal(line.end, "cancelled", "an answer whose client left is cancelled");
  return "left";
}

function hear({ wish, body }: Outcome): Heard {
  const speech: Speech = SPEECHES[wish.dialect];
  if (wish.mode === "resumable") return speech.readStream(withoutNumbers(body, speech.frames));
  if (wish.mode !== "whole" && wish.mode !== "background") return speech.readStream(body);
  const answer = JSON.parse(body);
  if (wish.mode === "background") return hearKept(answer, speech);
  // After the first white space that kept it waiting, an error has the status 200, too.
  if (!answer.error) return speech.readWhole(answer);
  CALLERS[wish.dialect].refusal(answer);
  return { text: "", calls: [], tokens: undefined, failed: true };
}

/** What became of an answer in the background. */
function hearKept(answer: { status: string; error: unknown }, speech: Speech): Heard {
  assert.match(answer.status, /^(completed|failed)$/, "an answer in the background comes to an end");
  assert.equal(answer.error !== null, answer.status === "failed", "one that failed says why");
  if (answer.status === "completed") return speech.readWhole(answer);
  return { text: "", calls: [], tokens: undefined, failed: true };
}

/** The stream as it was before it was made resumable: what numbers its frames, and keeps its followers waiting, is removed. */
function withoutNumbers(body: string, frames: RegExp): string {
  const rest = body.replaceAll(frames, "");
  const own = (body.match(frames) ?? []).filter((frame) => !isPadding(frame));
  return own.map((frame) => frame.replace(/^id: \d+\n/, "")).join("") + rest.trimStart();
}

/** All that was said is of one attempt, in order and without a gap: its beginning, if not all of it. */
function judgeWords({ text, calls, failed }: Heard, attempts: readonly Attempt[]) {
  const written = failed ? calls.filter(isWhole) : calls;
  const run = readWords(text + written.map((json) => JSON.parse(json).words).join(""));
  const attempt = attempts.find(({ name }) => name === run.attempt);
  assert.ok(run.count === 0 || attempt, `${run.attempt} is an attempt at this request`);
  return { attempt, count: run.count };
}

/** The arguments of an answer that failed may be half of what they were to be. */
function isWhole(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

function judgeTokens({ tokens }: Heard, { usage }: Attempt, line: LogLine): void {
  if (tokens !== undefined) assert.equal(tokens, line.output_tokens, "the client and the log are told the same count");
  if (line.tokens_estimated) return;
  assert.deepEqual([line.input_tokens, line.output_tokens], [usage.input, usage.output], "tokens are counted once");
}
