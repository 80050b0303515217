/** Opens the answer to a request: on whichever of its model's upstreams has something to say first. */

import { GatewayError, toGatewayError } from "../chat/error.ts";
import type { Beat } from "../chat/event.ts";
import type { ChatRequest } from "../chat/request.ts";
import { endAtFinish } from "../streaming/end_at_finish.ts";
import { observe } from "../streaming/observe.ts";
import type { Pull } from "../streaming/pull.ts";
import type { Catalog, ResolvedCandidate } from "./catalog/mod.ts";
import { unknownModel } from "./catalog/unknown_model.ts";
import type { Gateway } from "./gateway.ts";
import type { AttemptNote, Observation, StreamMode } from "./observation.ts";
import type { Place } from "./routing/affinity.ts";
import { learning, noting } from "./routing/attempt.ts";
import { continueAnswer } from "./routing/continue_answer.ts";
import { hedging } from "./routing/hedge.ts";
import { createItinerary } from "./routing/itinerary.ts";
import type { Lane } from "./routing/lane.ts";
import { type Opened, openLane } from "./routing/open_lane.ts";
import type { Routing } from "./routing/routing.ts";
import { travel } from "./routing/travel.ts";
import { clientGone, type Scope } from "./scope.ts";

export interface AnswerPlan {
  request: ChatRequest;
  scope: Scope;
  observation: Observation;
  /** In the order they are to be tried. */
  candidates: readonly ResolvedCandidate[];
  /** What it is called, where it matters who answers it (`conversationOf`). */
  conversation?: string | undefined;
  /** Where it was answered last, if that is known. */
  place?: Place | undefined;
  /** Milliseconds without content after which a second attempt begins beside the first. */
  hedgeAfter: number | undefined;
  /** Whether the client wants an answer that breaks off to be gone on with. */
  continuation: boolean;
  /** The mode the client asked for, where it did. */
  mode: StreamMode | undefined;
}

/**
 * The held answer of the first attempt that has something to say. What is observed of the upstream is what that attempt
 * was. Where client or catalogue want it, an answer that breaks off is gone on with behind the same beats.
 *
 * @throws {GatewayError} the last attempt's failure
 */
export async function openAnswer(gateway: Gateway, plan: AnswerPlan): Promise<Opened> {
  const { catalog, config: { advanced: { maxRetries } } } = gateway;
  const { candidates, hedgeAfter, request } = plan;
  const opened = await openLeg(gateway, plan, { request, candidates, hedgeAfter, maxAttempts: maxRetries })
    .catch((error) => withNearNames(error, { catalog, id: request.model }));
  return plan.continuation || opened.lane.candidate.continuation ? continued(gateway, plan, opened) : opened;
}

/** What is asked of whom for one answer, or for one leg of it. */
interface Leg {
  request: ChatRequest;
  candidates: readonly ResolvedCandidate[];
  hedgeAfter?: number | undefined;
  /** Attempts at each candidate. */
  maxAttempts: number;
}

async function openLeg(gateway: Gateway, plan: AnswerPlan, leg: Leg): Promise<Opened> {
  const { config: { advanced }, ports: { now, random }, routing } = gateway;
  const { conversation, mode, observation, place, scope } = plan;
  const { request, hedgeAfter, ...asked } = leg;
  const itinerary = createItinerary({ ...asked, routing, place, mode, stream: request.stream, now, random });
  const open = openLane({
    requestId: observation.id,
    variation: advanced.requestVariation,
    random,
    requestFor: (candidate) => completeHistory(gateway, { candidate, observation, request }),
  });
  const notes = new Map<Opened, AttemptNote>();
  const attempt = noting(learning(open, { routing, itinerary }), {
    now,
    note(attempt, opened) {
      observation.attempts.push(attempt);
      if (opened !== undefined) notes.set(opened, attempt);
    },
  });
  const hedged = hedgeAfter === undefined ? attempt : hedging(attempt, {
    after: hedgeAfter,
    itinerary,
    discard: ({ upstream }) => upstream.beats.cancel(),
  });
  const opened = await travel(hedged, itinerary, scope.signal).catch((error) => {
    const last = observation.attempts.at(-1);
    if (observation.openedAt === undefined && last !== undefined) {
      Object.assign(observation, { provider: last.provider, upstreamModel: last.model });
    }
    throw error;
  });
  const { lane, lane: { candidate }, lost, upstream } = opened;
  observation.provider = candidate.provider.name;
  observation.upstreamModel = candidate.model;
  observation.mode = mode ?? candidate.stream;
  observation.openedAt ??= now();
  if (conversation !== undefined) routing.settle(conversation, lane);
  if (upstream.limits !== undefined) observation.upstreamLimits = upstream.limits;
  observation.lost = [...observation.lost, ...lost];
  const broke = (error: GatewayError) => noteBreak(notes.get(opened), error);
  const beats = learningFrom(upstream.beats, { lane, routing, broke });
  return { ...opened, upstream: { ...upstream, beats: endAtFinish(beats, request.n ?? 1) } };
}

/** The answer with further legs behind it: in nobody's own words, as they are several answers'. */
function continued(gateway: Gateway, plan: AnswerPlan, opened: Opened): Opened {
  let { candidate } = opened.lane;
  const beats = continueAnswer(opened.upstream.beats, {
    request: plan.request,
    async openLeg(request, failure) {
      const others = plan.candidates.filter((one) => one !== candidate);
      // An upstream that broke off is left alone for now where there is another.
      const candidates = failure === undefined ? [candidate, ...others] : [...others, candidate];
      const leg = await openLeg(gateway, plan, { request, candidates, maxAttempts: 1 });
      candidate = leg.lane.candidate;
      return leg.upstream.beats;
    },
  });
  return { ...opened, upstream: { ...opened.upstream, dialect: undefined, beats } };
}

/** A client that left broke nothing. */
function noteBreak(note: AttemptNote | undefined, { kind, detail }: GatewayError): void {
  if (note === undefined || kind === "client-gone") return;
  note.broke = kind;
  if (detail !== undefined) note.detail = detail;
}

interface Lesson {
  lane: Lane;
  routing: Routing;
  /** Told how the beats broke off, where they did. */
  broke: (error: GatewayError) => void;
}

/** The beats, from whose end the routing learns as it does from an answer that never began (CASES E6). */
function learningFrom(beats: Pull<Beat[]>, { lane, routing, broke }: Lesson): Pull<Beat[]> {
  return observe(beats, {
    item() {},
    end(outcome) {
      // Of its streams all was learnt when it began.
      const lesson = { lane, streamed: false };
      if (outcome.type === "done") return routing.learn(lesson);
      const error = outcome.type === "failed" ? toGatewayError(outcome.error) : clientGone();
      if (outcome.type === "failed") broke(error);
      routing.learn({ ...lesson, error });
    },
  });
}

/**
 * The request as its upstream needs it. A history in the upstream's own dialect is left as its client sent it, unless the
 * vendor is known to want more than clients of that dialect send.
 */
function completeHistory(
  { keepsakes }: Gateway,
  { candidate: { config, provider, model }, observation, request }: Pick<AnswerPlan, "observation" | "request"> & {
    candidate: ResolvedCandidate;
  },
): ChatRequest {
  const wantsMore = "quirks" in config && config.quirks.replayReasoning === true;
  const dialect = provider.dialectFor({ ...request, model });
  const isForeign = dialect !== undefined && dialect !== request.source.dialect;
  return wantsMore || isForeign ? keepsakes.restore(observation.owner, request) : request;
}

/**
 * An upstream that does not know the model says so without knowing ours.
 *
 * @throws {GatewayError} always: the error itself, or the one that names near models
 */
async function withNearNames(error: unknown, { catalog, id }: { catalog: Catalog; id: string }): Promise<never> {
  if (!(error instanceof GatewayError) || error.kind !== "unknown-model") throw error;
  const known = (await catalog.list()).map((model) => model.id);
  const { message, param = "model" } = unknownModel(id, known.filter((name) => name !== id));
  throw new GatewayError("unknown-model", message, {
    param,
    cause: error,
    ...(error.detail !== undefined && { detail: error.detail }),
  });
}
