/** Which keys rest, and until when: a key that was refused or limited is benched for the model it was sent for. */

import { createRecentlyUsed } from "../recently_used.ts";
import type { Place } from "./affinity.ts";
import { fingerprintOf, type Lane, modelName, placesOf } from "./lane.ts";

/** Why a key rests: the upstream refused it (401, 402, 403), or said that it asks too much (429). */
export type BenchReason = "refused" | "limited";

/**
 * Milliseconds of the first rest where the upstream names none, and of the longest; each doubles the one before. A refusal is
 * no longer one: it may be about one request (a filter's 403), or be over as soon as somebody has paid.
 */
const COOL_DOWN = { first: 1_000, longest: 60_000 };

/** Who says "at once" and limits all the same is not asked in a loop. */
const SHORTEST_REST = 250;

/** Clients choose models' names: what is remembered is bounded. */
const REMEMBERED = 5_000;

export interface BenchedKey {
  provider: string;
  model: string;
  /** The key's fingerprint: never the key. */
  key: string;
  reason: BenchReason;
  /** Milliseconds since the epoch. */
  until: number;
}

interface Bench extends BenchedKey {
  /** How often in a row; each makes the rest longer. */
  count: number;
}

export interface KeyPools {
  /** The rest of the lane's key; `undefined` where it may be used. */
  restOf(lane: Lane): BenchedKey | undefined;
  /** Benches the lane's key for as long as the upstream said, in milliseconds, or else ever longer. */
  bench(lane: Lane, rest: { reason: BenchReason; retryAfter: number | undefined }): void;
  /** The key was good. */
  forgive(lane: Lane): void;
  /** The candidate's lanes in the order of their turn: the keys of a pool bear the load alike. One's own place goes first. */
  lanesOf(candidate: Lane["candidate"], place?: Place): Lane[];
  /** Those that rest now. */
  benched(): BenchedKey[];
}

export function createKeyPools({ now }: { now: () => number }): KeyPools {
  const benches = createRecentlyUsed<Bench>({ limit: REMEMBERED });
  const turns = new Map<string, number>();
  const nextTurn = (provider: string) => {
    const turn = turns.get(provider) ?? 0;
    turns.set(provider, turn + 1);
    return turn;
  };
  const nameOf = (lane: Lane) => `${modelName(lane.candidate)} ${fingerprintOf(lane)}`;

  return {
    restOf(lane) {
      const bench = benches.get(nameOf(lane));
      return bench !== undefined && bench.until > now() ? bench : undefined;
    },
    bench(lane, { reason, retryAfter }) {
      const before = benches.get(nameOf(lane));
      // Of calls that were under way together, only the first makes the rest longer, and none shortens it.
      const isResting = before !== undefined && before.until > now();
      const count = before?.reason === reason ? before.count + (isResting ? 0 : 1) : 1;
      const rest = retryAfter ?? Math.min(COOL_DOWN.first * 2 ** (count - 1), COOL_DOWN.longest);
      const until = now() + Math.max(rest, SHORTEST_REST);
      const { provider, model } = lane.candidate;
      const key = fingerprintOf(lane);
      benches.set(nameOf(lane), {
        provider: provider.name,
        model,
        key,
        reason,
        count,
        until: Math.max(until, before?.until ?? 0),
      });
    },
    forgive(lane) {
      const bench = benches.get(nameOf(lane));
      // A call that began before the key was limited says nothing about it.
      if (bench !== undefined && bench.until <= now()) benches.delete(nameOf(lane));
    },
    lanesOf(candidate, place) {
      const lanes = placesOf(candidate.provider).map((key) => ({ candidate, key }));
      const settled = place?.upstream === modelName(candidate)
        ? lanes.findIndex((lane) => fingerprintOf(lane) === place.key)
        : -1;
      const first = settled === -1 ? nextTurn(candidate.provider.name) % lanes.length : settled;
      return [...lanes.slice(first), ...lanes.slice(0, first)];
    },
    benched: () =>
      benches.entries().map(([, bench]) => bench).filter(({ until }) => until > now())
        .map(({ count: _, ...bench }) => bench),
  };
}
