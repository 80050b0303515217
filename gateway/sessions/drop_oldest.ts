/** Keeps a session within its limit: its oldest turns go first. */

import type { SessionTurn } from "../../records/session_record.ts";

/** The last turns that are no more than `limit` characters of JSON; the very last one stays, whatever its size. */
export function dropOldest(turns: readonly SessionTurn[], limit: number): SessionTurn[] {
  let first = turns.length;
  let size = 0;
  while (first > 0) {
    size += JSON.stringify(turns[first - 1]).length;
    if (size > limit && first < turns.length) break;
    first--;
  }
  // The result of a call means nothing without the call, which was in the turn before.
  while (first > 0 && first < turns.length - 1 && turns[first]?.messages[0]?.role === "tool") first++;
  return turns.slice(first);
}
