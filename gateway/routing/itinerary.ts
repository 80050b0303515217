/** The order in which one request tries its lanes: the same upstream again, then its next key, then the next candidate. */

import { GatewayError, withRetryAfter } from "../../chat/error.ts";
import { backoff, PATIENCE } from "../backoff.ts";
import type { ResolvedCandidate } from "../catalog/mod.ts";
import type { StreamMode } from "../observation.ts";
import { type Fault, faultOf } from "./fault.ts";
import type { BenchedKey } from "./key_pools.ts";
import type { Lane } from "./lane.ts";
import { type Routing, startedBadly } from "./routing.ts";

/** One attempt to be made. */
export interface Try {
  lane: Lane;
  /** Which attempt at this candidate it is, from 1. */
  number: number;
  /** Whether the upstream is to be asked for a stream. */
  streamed: boolean;
  /** Milliseconds to wait before. */
  wait: number;
}

export interface ItineraryOptions {
  /** In the order they are to be tried. */
  candidates: readonly ResolvedCandidate[];
  routing: Routing;
  /** Attempts at each candidate. */
  maxAttempts: number;
  /** The mode the client asked for, which goes over the candidates' own. */
  mode: StreamMode | undefined;
  /** Whether the client wants a stream. */
  stream: boolean;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** A number in [0, 1). */
  random: () => number;
}

export interface Itinerary {
  /** @throws {GatewayError} the last failure, where nothing more may help; or that all keys rest */
  next(): Try;
  /** Another lane to be tried beside that one: a key that was not sent yet, or the next candidate; none if there is no other. */
  alternative(tried: Try): Try | undefined;
  failed(tried: Try, error: GatewayError): void;
}

/** One candidate as this request knows it. */
interface Stop {
  candidate: ResolvedCandidate;
  /** The one to be tried next first. */
  lanes: Lane[];
  /** Keys that were not sent yet. */
  untried: Set<Lane>;
  attempts: number;
  /** Nothing more is to be had here. */
  over: boolean;
  /** A stream of it began badly: it is asked without. */
  faked: boolean;
  /** Milliseconds since the epoch before which it is not asked again: the backoff that is waited out on the spot. */
  pausedUntil: number;
  /** The same, while any other candidate is asked instead. */
  heldUntil: number;
}

export function createItinerary(options: ItineraryOptions): Itinerary {
  const { candidates, routing, maxAttempts, now, random } = options;
  const stops = candidates.map((candidate) => stopAt(candidate, routing));
  let last: GatewayError | undefined;
  /** A failure that no other attempt would mend. */
  let final: GatewayError | undefined;

  const isFree = (lane: Lane) => routing.restOf(lane) === undefined;
  const freeAt = (lane: Lane) => routing.restOf(lane)?.until ?? 0;

  /** When the stop may be asked next; `undefined` where that is later than a client is kept waiting. */
  const dueAt = (stop: Stop): number | undefined => {
    const due = Math.max(
      stop.pausedUntil,
      stop.heldUntil,
      ...stop.lanes.map(freeAt).toSorted((a, b) => a - b).slice(0, 1),
    );
    // Whoever finds all keys resting is told so at once: waiting is for those whom the limit met on the way.
    const mayWait = stop.attempts > 0 || stop.lanes.some(isFree);
    return mayWait && due - now() <= PATIENCE ? due : undefined;
  };

  /** The first candidate that may be asked now, if need be one whose breaker is open; or else the one that is due soonest. */
  const choose = (): Stop | undefined => {
    const open = stops.filter(({ over }) => !over);
    const ready = open.filter((stop) => stop.lanes.some(isFree) && stop.heldUntil <= now());
    const found = ready.find(({ candidate }) => routing.allows(candidate)) ?? ready[0];
    if (found !== undefined) return found;
    const waitable = open.filter((stop) => dueAt(stop) !== undefined);
    return waitable.toSorted((one, other) => dueAt(one)! - dueAt(other)!)[0];
  };

  /** The lane that is free first: of several a key that was not tried yet, or that was longest ago. */
  const takeLane = ({ lanes, untried }: Stop): Lane => {
    const lane = lanes.toSorted((one, other) => freeAt(one) - freeAt(other))[0]!;
    lanes.push(...lanes.splice(lanes.indexOf(lane), 1));
    untried.delete(lane);
    return lane;
  };

  const tryAt = (stop: Stop): Try => {
    stop.attempts++;
    const wait = Math.max((dueAt(stop) ?? 0) - now(), 0);
    return { lane: takeLane(stop), number: stop.attempts, streamed: isStreamed(stop, options), wait };
  };

  return {
    next() {
      if (final !== undefined) throw final;
      const stop = choose();
      if (stop === undefined) throw nothingLeft(last, restsOf(stops, routing), now());
      return tryAt(stop);
    },

    alternative({ lane: { candidate } }) {
      const isReady = (stop: Stop) => !stop.over && Math.max(stop.pausedUntil, stop.heldUntil) <= now();
      const own = stops.find((stop) => stop.candidate === candidate && [...stop.untried].some(isFree));
      const others = stops.filter((stop) => stop.candidate !== candidate && stop.lanes.some(isFree));
      const other = [...own === undefined ? [] : [own], ...others.filter((stop) => routing.allows(stop.candidate))]
        .find(isReady);
      return other === undefined ? undefined : tryAt(other);
    },

    failed(tried, error) {
      const fault = faultOf(error);
      if (fault === "request") final ??= error;
      // That another upstream does not know the model says less than what the first one said.
      if (fault !== "candidate" || last === undefined) last = error;
      const stop = stops.find(({ candidate }) => candidate === tried.lane.candidate);
      if (stop === undefined) return;
      const hasFreeKey = [...stop.untried].some(isFree);
      if (tried.streamed && startedBadly(error)) stop.faked = true;
      AFTER[fault](stop, { error, hasFreeKey, stops, now: now(), random: random() });
      if (stop.attempts >= maxAttempts) stop.over = true;
    },
  };
}

interface Aftermath {
  error: GatewayError;
  /** A key that was not sent yet may be. */
  hasFreeKey: boolean;
  stops: readonly Stop[];
  now: number;
  random: number;
}

const AFTER = {
  provider(stop, { error, now, random }) {
    const { retryable, retryAfter, kind } = error;
    const wait = backoff({ attempt: stop.attempts, retryAfter, random });
    if (!retryable || wait === undefined) stop.over = true;
    // Who named a time or could not be reached in time is given it, while any other candidate is asked.
    else if (retryAfter !== undefined || SLOW.has(kind)) stop.heldUntil = now + wait;
    else stop.pausedUntil = now + wait;
  },
  key(stop, { hasFreeKey }) {
    if (hasFreeKey) stop.attempts--;
    else stop.over = true;
  },
  limit(stop, { error: { retryAfter }, hasFreeKey, now, random }) {
    if (hasFreeKey) return void stop.attempts--;
    const wait = backoff({ attempt: stop.attempts, retryAfter, random });
    if (wait === undefined) stop.over = true;
    else stop.heldUntil = now + wait;
  },
  candidate(stop) {
    stop.over = true;
  },
  context(stop, { stops }) {
    const window = stop.candidate.facts.contextWindow ?? 0;
    for (const one of stops) one.over ||= (one.candidate.facts.contextWindow ?? 0) <= window;
  },
  request() {},
} as const satisfies Record<Fault, (stop: Stop, aftermath: Aftermath) => void>;

/** Failures that took long to show. */
const SLOW: ReadonlySet<GatewayError["kind"]> = new Set(["upstream-timeout", "upstream-unreachable"]);

function isStreamed({ candidate, faked }: Stop, { mode, routing, stream }: ItineraryOptions): boolean {
  const own = mode ?? candidate.stream;
  return stream && own !== "fake" && !(own === "auto" && (faked || routing.isFaked(candidate)));
}

function stopAt(candidate: ResolvedCandidate, routing: Routing): Stop {
  const lanes = routing.lanesOf(candidate);
  const untried = new Set(lanes);
  return { candidate, lanes, untried, attempts: 0, over: false, faked: false, pausedUntil: 0, heldUntil: 0 };
}

function restsOf(stops: readonly Stop[], routing: Routing): BenchedKey[] {
  return stops.flatMap(({ lanes }) => lanes.flatMap((lane) => routing.restOf(lane) ?? []));
}

/** What is told when no attempt is left: the last failure, or that none was to be made, with an honest time (CASES E12). */
function nothingLeft(last: GatewayError | undefined, rests: readonly BenchedKey[], now: number): GatewayError {
  const retryAfter = rests.length === 0 ? undefined : Math.min(...rests.map(({ until }) => until)) - now;
  if (last !== undefined) {
    return last.kind === "rate-limit" ? withRetryAfter(last, last.retryAfter ?? retryAfter) : last;
  }
  const isLimited = rests.some(({ reason }) => reason === "limited");
  const error = isLimited
    ? new GatewayError("rate-limit", "Cannot answer as the provider's rate limit is reached")
    : new GatewayError("overloaded", "Cannot answer as the provider refused the gateway's keys a short while ago", {
      code: "keys_refused",
    });
  return withRetryAfter(error, retryAfter);
}
