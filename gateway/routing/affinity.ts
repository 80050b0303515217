/** Where a conversation was answered last: its prompt is in that vendor's cache, for whoever asks with the same key. */

import { createRecentlyUsed } from "../recently_used.ts";
import { fingerprintOf, type Lane, modelName } from "./lane.ts";

/** A lane as it is remembered: neither candidates nor keys keep their places. */
export interface Place {
  /** The provider's model. */
  upstream: string;
  key: string;
}

export interface Affinity {
  /** @param conversation what `conversationOf` calls it */
  placeOf(conversation: string): Place | undefined;
  keep(conversation: string, lane: Lane): void;
}

/** Milliseconds for which a vendor keeps a prompt at most (Anthropic's hour). */
const LIFETIME = 3_600_000;

const REMEMBERED = 5_000;

export function createAffinity({ now }: { now: () => number }): Affinity {
  const places = createRecentlyUsed<Place>({ limit: REMEMBERED, timeToLive: LIFETIME, now });
  return {
    placeOf: places.get,
    keep: (conversation, lane) =>
      places.set(conversation, { upstream: modelName(lane.candidate), key: fingerprintOf(lane) }),
  };
}
