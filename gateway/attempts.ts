/** Opens an answer, and tries again while nothing has been said to the client (CASES E8–E11, E14, V12, V13, V19). */

import type { Beat } from "../chat/event.ts";
import { type ErrorKind, type GatewayError, toGatewayError } from "../chat/error.ts";
import { replyFolder } from "../chat/reply_folder.ts";
import type { ChatRequest } from "../chat/request.ts";
import { varyRequest } from "../chat/vary_request.ts";
import { judge, type Verdict, verdictError } from "../chat/verdict.ts";
import type { Call, Open, Upstream } from "../providers/provider.ts";
import { drain, pullFrom } from "../streaming/pull.ts";
import { putBack, untilContent } from "../streaming/until_content.ts";
import type { AttemptNote, StreamMode } from "./observation.ts";
import { type Attempted, retry, type RetryOptions } from "./retry.ts";

export interface AttemptOptions {
  mode: StreamMode;
  /** Attempts in all, the first included. */
  maxAttempts: number;
  variation: "off" | "retry" | "always";
  random: () => number;
  now: () => number;
  /** Called after each attempt. */
  note: (attempt: Pick<AttemptNote, "streamed" | "startedAt" | "outcome" | "milliseconds" | "detail">) => void;
}

/** Failures of a real stream after which asking without streaming may do better: it never began to speak properly. */
const BROKEN_START: ReadonlySet<ErrorKind> = new Set(["upstream-empty", "upstream-malformed", "upstream-cut"]);

/**
 * Opens until there is something to say. The answer comes back held: real streams up to their first content, all others
 * whole, so that no client has seen anything of an attempt that failed.
 *
 * @throws {GatewayError} the last attempt's, when all are spent or none would help
 */
export async function openWithRetry(
  open: Open,
  ask: { request: ChatRequest; call: Call },
  options: AttemptOptions,
): Promise<Upstream> {
  let streamed = ask.request.stream && options.mode !== "fake";
  /** How the attempt under way was asked. */
  let asked = streamed;
  const attemptOnce = async (attempt: number) => {
    asked = streamed;
    const varied = options.variation === "always" || (options.variation === "retry" && attempt > 1);
    const request = varied ? varyRequest(ask.request, options.random) : ask.request;
    try {
      const upstream = await open(request, { ...ask.call, stream: streamed });
      return await (streamed ? holdStart(upstream) : holdWhole(upstream));
    } catch (error) {
      if (options.mode === "auto" && startedBadly(toGatewayError(error))) streamed = false;
      throw error;
    }
  };
  const note: RetryOptions["note"] = (attempt) => options.note({ streamed: asked, ...attempt });
  return await retry(attemptOnce, { ...options, signal: ask.call.signal, note });
}

function startedBadly(error: GatewayError): boolean {
  return BROKEN_START.has(error.kind) || error.code === "first_content_timeout";
}

/** Holds a stream until its first content. One that ends before is judged by what it did say. */
async function holdStart(upstream: Upstream): Promise<Attempted<Upstream>> {
  const { head, ended } = await untilContent(upstream.beats);
  const outcome = ended ? accept(head) : "began";
  return { result: { ...upstream, beats: putBack(head, upstream.beats) }, outcome };
}

/** Holds a whole answer, and judges it. */
async function holdWhole(upstream: Upstream): Promise<Attempted<Upstream>> {
  const beats = (await drain(upstream.beats)).flat();
  return { result: { ...upstream, beats: pullFrom([beats]) }, outcome: accept(beats) };
}

/** @throws {GatewayError} where the verdict is worth another attempt */
function accept(beats: readonly Beat[]): Verdict {
  const folder = replyFolder();
  for (const { events } of beats) folder.push(events);
  const verdict = judge(folder.reply());
  const error = verdictError(verdict);
  if (error !== undefined) throw error;
  return verdict;
}
