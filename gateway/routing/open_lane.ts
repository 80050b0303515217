/** Opens an answer on one lane: the client's request as this upstream takes it, its answer held until it says something. */

import { GatewayError, HELD_ELSEWHERE } from "../../chat/error.ts";
import type { Beat, DialectName } from "../../chat/event.ts";
import { fitRequest } from "../../chat/fit_request.ts";
import { replyFolder } from "../../chat/reply_folder.ts";
import type { ChatRequest, Loss } from "../../chat/request.ts";
import { varyRequest } from "../../chat/vary_request.ts";
import { judge, type Verdict, verdictError } from "../../chat/verdict.ts";
import { withParameters } from "../../providers/parameters.ts";
import type { Upstream } from "../../providers/provider.ts";
import { cutAtStop } from "../../streaming/cut_at_stop.ts";
import { drain, pullFrom } from "../../streaming/pull.ts";
import { putBack, untilContent } from "../../streaming/until_content.ts";
import type { Attempt, Attempted } from "./attempt.ts";
import type { Lane } from "./lane.ts";

/** An answer that has something to say, and where it comes from. */
export interface Opened {
  upstream: Upstream;
  lane: Lane;
  /** What this upstream could not be told. */
  lost: Loss[];
}

export interface OpenLaneOptions {
  requestId: string;
  variation: "off" | "retry" | "always";
  /** A number in [0, 1). */
  random: () => number;
  /**
   * The client's request with all that this candidate needs of its history. Asked anew for each attempt: what one
   * upstream was sent is never translated on for the next (CASES E17).
   */
  requestFor: (candidate: Lane["candidate"]) => ChatRequest;
}

export function openLane({ requestId, variation, random, requestFor }: OpenLaneOptions): Attempt<Opened> {
  return async function openLane({ lane, number, streamed }, signal) {
    const { candidate: { provider, model, facts, parameters, config }, key } = lane;
    const plain = requestFor(lane.candidate);
    const dialect = provider.dialectFor({ ...plain, model });
    refuseHeld(plain, dialect);
    const asked = withParameters(plain, { parameters, dialect });
    const fitted = fitRequest(asked.request, facts);
    const isVaried = variation === "always" || (variation === "retry" && number > 1);
    const request = isVaried ? varyRequest(fitted.request, random) : fitted.request;
    const { fields } = asked;
    const call = { signal, requestId, stream: streamed, facts, timeouts: config.timeouts, key, fields };
    const upstream = withStops(await provider.open({ ...request, model }, call), request);
    // An answer of no tokens is what was asked for.
    const accept = request.maxTokens === 0 ? () => "answered" as const : judged;
    const { result, outcome } = await (streamed ? holdStart : holdWhole)(upstream, accept);
    if (signal.aborted) {
      // Its last bytes may have been there already: what was aborted brings nothing, as was noted of it.
      result.beats.cancel(signal.reason);
      throw signal.reason;
    }
    return { result: { upstream: result, lane, lost: [...asked.lost, ...fitted.lost, ...upstream.lost] }, outcome };
  };
}

/** Without what another vendor holds of it, the conversation would be another one: left out, it would be answered wrongly. */
function refuseHeld({ source: { held, dialect: from } }: ChatRequest, dialect: DialectName | undefined): void {
  if (held === undefined || dialect === from) return;
  const message = `Cannot answer as ${held} names contents that the upstream does not hold`;
  throw new GatewayError("invalid-request", message, { param: held, code: HELD_ELSEWHERE });
}

/** What an upstream was to be told of stop strings; they are then ours to look for. */
const STOPS = /^stop(?:_sequences)?(?:\[|$)/;

/** The answer ended at the client's stop strings, where its upstream could not be told all of them. */
function withStops(upstream: Upstream, { stop = [], n = 1 }: ChatRequest): Upstream {
  const lost = upstream.lost.filter(({ path }) => !STOPS.test(path));
  const stops = stop.filter((text) => text !== "");
  if (lost.length === upstream.lost.length || stops.length === 0) return upstream;
  return { ...upstream, lost, beats: cutAtStop(upstream.beats, { stops, choices: n }) };
}

/** Holds a stream until its first content. One that ends before is judged by what it did say. */
async function holdStart(upstream: Upstream, accept: Accept): Promise<Attempted<Upstream>> {
  const { head, ended } = await untilContent(upstream.beats);
  const outcome = ended ? accept(head) : "began";
  return { result: { ...upstream, beats: putBack(head, upstream.beats) }, outcome };
}

/** Holds a whole answer, and judges it. */
async function holdWhole(upstream: Upstream, accept: Accept): Promise<Attempted<Upstream>> {
  const beats = (await drain(upstream.beats)).flat();
  return { result: { ...upstream, beats: pullFrom([beats]) }, outcome: accept(beats) };
}

/** @throws {GatewayError} where the answer is worth another attempt */
type Accept = (beats: readonly Beat[]) => Verdict;

function judged(beats: readonly Beat[]): Verdict {
  const folder = replyFolder();
  for (const { events } of beats) folder.push(events);
  const verdict = judge(folder.reply());
  const error = verdictError(verdict);
  if (error !== undefined) throw error;
  return verdict;
}
