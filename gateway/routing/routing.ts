/** What is remembered of the upstreams between requests: benched keys, breakers, and streams that do not work. */

import type { ErrorKind, GatewayError } from "../../chat/error.ts";
import { createAffinity, type Place } from "./affinity.ts";
import { type BreakerState, createBreakers } from "./breakers.ts";
import { faultOf } from "./fault.ts";
import { type BenchedKey, createKeyPools } from "./key_pools.ts";
import { type Lane, modelName } from "./lane.ts";
import { createStreamHabits, type FakedUpstream } from "./stream_habits.ts";

export interface RoutingState {
  benched: BenchedKey[];
  breakers: BreakerState[];
  faked: FakedUpstream[];
}

/** How an attempt ended. */
export interface Lesson {
  lane: Lane;
  /** Whether the upstream was asked for a stream. */
  streamed: boolean;
  error?: GatewayError;
  /** It has begun to answer, and that is all that is known yet: its stream may still break. */
  began?: true;
}

export interface Routing {
  /** The candidate's lanes, the one whose turn it is first, or before it the one at that place. */
  lanesOf(candidate: Lane["candidate"], place?: Place): Lane[];
  /** Where a conversation was answered last. */
  placeOf(conversation: string): Place | undefined;
  settle(conversation: string, lane: Lane): void;
  /** The rest of the lane's key; `undefined` where it may be used. */
  restOf(lane: Lane): BenchedKey | undefined;
  /** Whether the candidate's breaker lets it be asked. */
  allows(candidate: Lane["candidate"]): boolean;
  /** Whether a candidate whose mode is `auto` is better asked without streaming now. */
  isFaked(candidate: Lane["candidate"]): boolean;
  begin(lane: Lane): void;
  learn(lesson: Lesson): void;
  state(): RoutingState;
}

/** An empty answer may be the question's doing: it is asked again, but no breaker opens for it. */
const UNPROVEN: ReadonlySet<ErrorKind> = new Set(["upstream-empty"]);

/** Failures of a real stream after which asking without streaming may do better: it never began to speak properly. */
const BROKEN_START: ReadonlySet<ErrorKind> = new Set(["upstream-empty", "upstream-malformed", "upstream-cut"]);

export function startedBadly({ kind, code }: GatewayError): boolean {
  return BROKEN_START.has(kind) || code === "first_content_timeout";
}

export function createRouting({ now }: { now: () => number }): Routing {
  const pools = createKeyPools({ now });
  const breakers = createBreakers({ now });
  const habits = createStreamHabits({ now });
  const affinity = createAffinity({ now });

  const learnFailure = (lane: Lane, error: GatewayError) => {
    const upstream = modelName(lane.candidate);
    const fault = faultOf(error);
    const { retryAfter } = error;
    if (fault === "provider" && !UNPROVEN.has(error.kind)) return breakers.fail(upstream);
    breakers.release(upstream);
    if (fault === "key") pools.bench(lane, { reason: "refused", retryAfter });
    if (fault === "limit") pools.bench(lane, { reason: "limited", retryAfter });
  };

  return {
    lanesOf: pools.lanesOf,
    placeOf: affinity.placeOf,
    settle: affinity.keep,
    restOf: pools.restOf,
    allows: (candidate) => breakers.allows(modelName(candidate)),
    isFaked: (candidate) => habits.isFaked(modelName(candidate)),
    begin: ({ candidate }) => breakers.begin(modelName(candidate)),
    learn({ lane, streamed, error, began }) {
      const upstream = modelName(lane.candidate);
      if (streamed && error !== undefined && startedBadly(error)) habits.fail(upstream);
      if (error !== undefined) return learnFailure(lane, error);
      if (streamed) habits.succeed(upstream);
      pools.forgive(lane);
      if (!began) breakers.succeed(upstream);
    },
    state: () => ({ benched: pools.benched(), breakers: breakers.open(), faked: habits.faked() }),
  };
}
