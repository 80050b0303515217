/** Opens the answer to a request: on whichever of its model's upstreams has something to say first. */

import { GatewayError, toGatewayError } from "../chat/error.ts";
import type { Beat } from "../chat/event.ts";
import type { ChatRequest } from "../chat/request.ts";
import { observe } from "../streaming/observe.ts";
import type { Pull } from "../streaming/pull.ts";
import type { Catalog, ResolvedCandidate } from "./catalog/mod.ts";
import { unknownModel } from "./catalog/unknown_model.ts";
import type { Gateway } from "./gateway.ts";
import type { Observation, StreamMode } from "./observation.ts";
import { learning, noting } from "./routing/attempt.ts";
import { hedging } from "./routing/hedge.ts";
import { createItinerary } from "./routing/itinerary.ts";
import type { Lane } from "./routing/lane.ts";
import { type Opened, openLane } from "./routing/open_lane.ts";
import type { Routing } from "./routing/routing.ts";
import { travel } from "./routing/travel.ts";
import type { Scope } from "./scope.ts";

export interface AnswerPlan {
  request: ChatRequest;
  scope: Scope;
  observation: Observation;
  /** In the order they are to be tried. */
  candidates: readonly ResolvedCandidate[];
  /** Milliseconds without content after which a second attempt begins beside the first. */
  hedgeAfter: number | undefined;
  /** The mode the client asked for, where it did. */
  mode: StreamMode | undefined;
}

/**
 * The held answer of the first attempt that has something to say. What is observed of the upstream is what that attempt
 * was.
 *
 * @throws {GatewayError} the last attempt's failure
 */
export async function openAnswer(gateway: Gateway, plan: AnswerPlan): Promise<Opened> {
  const { catalog, config: { advanced }, ports: { now, random }, routing } = gateway;
  const { candidates, hedgeAfter, mode, observation, request, scope } = plan;
  const itinerary = createItinerary({
    candidates,
    routing,
    maxAttempts: advanced.maxRetries,
    mode,
    stream: request.stream,
    now,
    random,
  });
  const open = openLane({
    requestId: observation.id,
    variation: advanced.requestVariation,
    random,
    requestFor: (candidate) => completeHistory(gateway, plan, candidate),
  });
  const attempt = noting(learning(open, { routing, itinerary }), {
    now,
    note(attempt) {
      observation.attempts.push(attempt);
      observation.provider = attempt.provider;
      observation.upstreamModel = attempt.model;
    },
  });
  const hedged = hedgeAfter === undefined ? attempt : hedging(attempt, {
    after: hedgeAfter,
    itinerary,
    discard: ({ upstream }) => upstream.beats.cancel(),
  });
  const opened = await travel(hedged, itinerary, scope.signal)
    .catch((error) => withNearNames(error, { catalog, id: request.model }));
  const { lane, lane: { candidate }, lost, upstream } = opened;
  observation.provider = candidate.provider.name;
  observation.upstreamModel = candidate.model;
  observation.mode = mode ?? candidate.stream;
  observation.openedAt = now();
  observation.lost = [...observation.lost, ...lost];
  return { ...opened, upstream: { ...upstream, beats: learningFrom(upstream.beats, { lane, routing }) } };
}

/** The beats, from whose failure the routing learns as it does from an answer that never began (CASES E6). */
function learningFrom(beats: Pull<Beat[]>, { lane, routing }: { lane: Lane; routing: Routing }): Pull<Beat[]> {
  return observe(beats, {
    item() {},
    end(outcome) {
      if (outcome.type !== "failed") return;
      routing.learn({ lane, streamed: true, error: toGatewayError(outcome.error), began: true });
    },
  });
}

/**
 * The request as its upstream needs it. A history in the upstream's own dialect is left as its client sent it, unless the
 * vendor is known to want more than clients of that dialect send.
 */
function completeHistory(
  { keepsakes }: Gateway,
  { observation, request }: AnswerPlan,
  { config, provider }: ResolvedCandidate,
): ChatRequest {
  const wantsMore = "quirks" in config && config.quirks.replayReasoning === true;
  const isForeign = provider.dialect !== undefined && provider.dialect !== request.source.dialect;
  return wantsMore || isForeign ? keepsakes.restore(observation.key, request) : request;
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
