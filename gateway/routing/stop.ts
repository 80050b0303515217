/** One candidate as one request knows it: how often it was asked, and when it may be asked again. */

import type { GatewayError } from "../../chat/error.ts";
import { backoff, PATIENCE } from "../backoff.ts";
import type { ResolvedCandidate } from "../catalog/mod.ts";
import type { StreamMode } from "../observation.ts";
import { type Fault, faultOf } from "./fault.ts";
import type { Place } from "./affinity.ts";
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

export interface StopOptions {
  routing: Routing;
  /** Attempts at each candidate. */
  maxAttempts: number;
  /** Where the conversation was answered last, if that is known. */
  place?: Place | undefined;
  /** The mode the client asked for, which goes over the candidates' own. */
  mode: StreamMode | undefined;
  /** Whether the client wants a stream. */
  stream: boolean;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** A number in [0, 1). */
  random: () => number;
}

export interface Stop {
  readonly candidate: ResolvedCandidate;
  /** Whether nothing more is to be had here. */
  isOver(): boolean;
  /** It is not asked again. */
  close(): void;
  /** Whether a key may be sent now: one that was not sent yet, or any. */
  hasKey(which: "new" | "any"): boolean;
  /** When it may be asked, in milliseconds since the epoch; `undefined` where a client is not kept waiting for that. */
  dueAt(): number | undefined;
  /** Whether others are to be asked first until it is due. */
  isHeld(): boolean;
  /** Begins the next attempt. */
  take(): Try;
  failed(tried: Try, error: GatewayError): void;
  /** The keys that rest. */
  rests(): BenchedKey[];
}

/** What the next attempt depends on. */
interface Course {
  attempts: number;
  isOver: boolean;
  /** Milliseconds since the epoch before which it is not asked again: the backoff that is waited out on the spot. */
  pausedUntil: number;
  /** The same, while any other candidate is asked instead. */
  heldUntil: number;
}

export function createStop(candidate: ResolvedCandidate, options: StopOptions): Stop {
  const { routing, maxAttempts, now, random } = options;
  /** The one to be tried next first. */
  const lanes = routing.lanesOf(candidate, options.place);
  const untried = new Set(lanes);
  const course: Course = { attempts: 0, isOver: false, pausedUntil: 0, heldUntil: 0 };
  /** A stream of it began badly: it is asked without. */
  let isFaked = false;

  const isFree = (lane: Lane) => routing.restOf(lane) === undefined;
  const freeAt = (lane: Lane) => routing.restOf(lane)?.until ?? 0;
  const hasKey = (which: "new" | "any") => (which === "new" ? [...untried] : lanes).some(isFree);
  const soonest = () => Math.min(...lanes.map(freeAt));

  const dueAt = () => {
    // Whoever finds all keys resting is told so at once: waiting is for those whom the limit met on the way.
    if (course.attempts === 0 && !hasKey("any")) return undefined;
    const due = Math.max(course.pausedUntil, course.heldUntil, soonest());
    return due - now() > PATIENCE ? undefined : due;
  };

  return {
    candidate,
    isOver: () => course.isOver,
    close: () => void (course.isOver = true),
    hasKey,
    dueAt,
    isHeld: () => course.heldUntil > now(),
    take() {
      const wait = Math.max((dueAt() ?? 0) - now(), 0);
      // Of several that are free a key that was not tried yet, or that was longest ago.
      const lane = lanes.toSorted((one, other) => freeAt(one) - freeAt(other))[0]!;
      lanes.push(...lanes.splice(lanes.indexOf(lane), 1));
      untried.delete(lane);
      return { lane, number: ++course.attempts, streamed: isStreamed(candidate, isFaked, options), wait };
    },
    failed({ streamed }, error) {
      if (streamed && startedBadly(error)) isFaked = true;
      const rest = Math.max(soonest() - now(), 0);
      AFTER[faultOf(error)](course, { error, hasNewKey: hasKey("new"), rest, now: now(), random: random() });
      if (course.attempts >= maxAttempts) course.isOver = true;
    },
    rests: () => lanes.flatMap((lane) => routing.restOf(lane) ?? []),
  };
}

interface Aftermath {
  error: GatewayError;
  hasNewKey: boolean;
  /** Milliseconds until a key is free. */
  rest: number;
  now: number;
  random: number;
}

/** Failures that took long to show. */
const SLOW: ReadonlySet<GatewayError["kind"]> = new Set(["upstream-timeout", "upstream-unreachable"]);

/** What each fault makes of its candidate. Of what all candidates share, the itinerary knows. */
const AFTER = {
  provider(course, { error: { retryable, retryAfter, kind }, now, random }) {
    const wait = backoff({ attempt: course.attempts, retryAfter, random });
    if (!retryable || wait === undefined) course.isOver = true;
    // Who named a time or could not be reached in time is given it, while any other candidate is asked.
    else if (retryAfter !== undefined || SLOW.has(kind)) course.heldUntil = now + wait;
    else course.pausedUntil = now + wait;
  },
  key(course, { hasNewKey }) {
    if (hasNewKey) course.attempts--;
    else course.isOver = true;
  },
  limit(course, { hasNewKey, rest, now, random }) {
    if (hasNewKey) return void course.attempts--;
    const wait = backoff({ attempt: course.attempts, retryAfter: rest, random });
    if (wait === undefined) course.isOver = true;
    else course.heldUntil = now + wait;
  },
  candidate(course) {
    course.isOver = true;
  },
  context(course) {
    course.isOver = true;
  },
  request(course) {
    course.isOver = true;
  },
} as const satisfies Record<Fault, (course: Course, aftermath: Aftermath) => void>;

function isStreamed(candidate: ResolvedCandidate, isFaked: boolean, { mode, routing, stream }: StopOptions): boolean {
  const own = mode ?? candidate.stream;
  return stream && own !== "fake" && !(own === "auto" && (isFaked || routing.isFaked(candidate)));
}
