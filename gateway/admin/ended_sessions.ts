/** Sessions of the dashboard that were logged out of, so that a copied cookie is good for nothing afterwards. */

import { type EndedSessions, SESSION_LENGTH } from "../../dashboard/mod.tsx";
import type { Key, Store } from "../../records/store.ts";
import { createRecentlyUsed } from "../recently_used.ts";

/** Only who has a session can end it, so that nobody else can crowd these out; the storage knows those beyond. */
const LIMIT = 10_000;

const keyOf = (id: string): Key => ["ended-sessions", id];

/**
 * Marks in the storage, which all instances ask at every request that brings a session, and for as long as any token of the
 * session would have been good; what one of them has learned it does not ask again.
 *
 * It fails open. Where the storage is away, or there is none but each instance's memory, an instance knows only what was
 * ended at it or what it has seen: a copied session that was ended elsewhere is let in until the storage is back, and at
 * most until its twelve hours are over. Closed, everybody would be locked out of the dashboard just when the storage is
 * away, as a new login could not be told from one that was ended. A new admin key still ends them all.
 */
export function createEndedSessions({ store, now }: { store: Store; now: () => number }): EndedSessions {
  const known = createRecentlyUsed<true>({ limit: LIMIT, timeToLive: SESSION_LENGTH, now });
  return {
    async add(id) {
      known.set(id, true);
      await store.set(keyOf(id), now(), { expireIn: SESSION_LENGTH });
    },
    async has(id) {
      if (known.get(id) !== undefined) return true;
      const isEnded = await store.get(keyOf(id)) !== undefined;
      if (isEnded) known.set(id, true);
      return isEnded;
    },
  };
}
