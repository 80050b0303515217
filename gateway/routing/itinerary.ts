/** The order in which one request tries its lanes: the same upstream again, then its next key, then the next candidate. */

import { GatewayError, withRetryAfter } from "../../chat/error.ts";
import type { ResolvedCandidate } from "../catalog/mod.ts";
import { faultOf } from "./fault.ts";
import type { BenchedKey } from "./key_pools.ts";
import { createStop, type Stop, type StopOptions, type Try } from "./stop.ts";

export interface ItineraryOptions extends StopOptions {
  /** In the order they are to be tried. */
  candidates: readonly ResolvedCandidate[];
}

export interface Itinerary {
  /** @throws {GatewayError} the last failure, where nothing more may help; or that all keys rest */
  next(): Try;
  /** Another lane to be tried beside that one: a key that was not sent yet, or the next candidate; none if there is no other. */
  alternative(tried: Try): Try | undefined;
  failed(tried: Try, error: GatewayError): void;
}

export function createItinerary({ candidates, ...options }: ItineraryOptions): Itinerary {
  const { routing, now } = options;
  const stops = candidates.map((candidate) => createStop(candidate, options));
  let last: GatewayError | undefined;
  /** A failure that no other attempt would mend. */
  let final: GatewayError | undefined;

  const open = () => stops.filter((stop) => !stop.isOver());
  const isAllowed = ({ candidate }: Stop) => routing.allows(candidate);

  /** The first candidate that may be asked now, if need be one whose breaker is open; or else the one that is due soonest. */
  const choose = (): Stop | undefined => {
    const ready = open().filter((stop) => stop.hasKey("any") && !stop.isHeld());
    return ready.find(isAllowed) ?? ready[0] ?? dueSoonest(open());
  };

  return {
    next() {
      const stop = final === undefined ? choose() : undefined;
      if (stop !== undefined) return stop.take();
      throw final ?? nothingLeft(last, stops.flatMap((stop) => stop.rests()), now());
    },

    alternative({ lane: { candidate } }) {
      const isNow = (stop: Stop) => (stop.dueAt() ?? Infinity) <= now();
      const own = stops.filter((stop) => stop.candidate === candidate && stop.hasKey("new"));
      const others = stops.filter((stop) => stop.candidate !== candidate && stop.hasKey("any") && isAllowed(stop));
      return [...own, ...others].find((stop) => !stop.isOver() && isNow(stop))?.take();
    },

    failed(tried, error) {
      const fault = faultOf(error);
      if (fault === "request") final ??= error;
      // That another upstream does not know the model says less than what the first one said.
      if (fault !== "candidate" || last === undefined) last = error;
      const { candidate } = tried.lane;
      stops.find((stop) => stop.candidate === candidate)?.failed(tried, error);
      if (fault !== "context") return;
      for (const stop of stops) if (windowOf(stop.candidate) <= windowOf(candidate)) stop.close();
    },
  };
}

function dueSoonest(stops: readonly Stop[]): Stop | undefined {
  const due = stops.flatMap((stop) => {
    const at = stop.dueAt();
    return at === undefined ? [] : [{ stop, at }];
  });
  return due.toSorted((one, other) => one.at - other.at)[0]?.stop;
}

/** A window that is not known is not known to be larger. */
function windowOf({ facts }: ResolvedCandidate): number {
  return facts.contextWindow ?? 0;
}

/** What is told when no attempt is left: the last failure, or that none was to be made, with an honest time (CASES E12). */
function nothingLeft(last: GatewayError | undefined, rests: readonly BenchedKey[], now: number): GatewayError {
  // A limit passes at its time; whether a key that was refused is good again then, nobody knows.
  const limits = rests.filter(({ reason }) => reason === "limited");
  const awaited = limits.length > 0 ? limits : rests;
  const retryAfter = awaited.length === 0 ? undefined : Math.min(...awaited.map(({ until }) => until)) - now;
  if (last !== undefined) {
    return last.kind === "rate-limit" ? withRetryAfter(last, last.retryAfter ?? retryAfter) : last;
  }
  const error = limits.length > 0
    ? new GatewayError("rate-limit", "Cannot answer as the provider's rate limit is reached")
    : new GatewayError("overloaded", "Cannot answer as the provider refused the gateway's keys a short while ago", {
      code: "keys_refused",
    });
  return withRetryAfter(error, retryAfter);
}
