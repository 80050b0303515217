/** Says that the storage is away, before anybody is told that there is nothing in it. */

import { GatewayError } from "../chat/error.ts";
import type { Store } from "../records/store.ts";

/** Milliseconds until it makes sense to ask again. */
const SOON = 5_000;

/**
 * For whoever found nothing: while the storage is away, what is in it is not seen.
 *
 * @throws {GatewayError} `overloaded`
 */
export function demandStorage(store: Pick<Store, "state">, what: string): void {
  if (store.state().degraded === undefined) return;
  throw new GatewayError("overloaded", `Cannot ${what} as the storage is away for now`, { retryAfter: SOON });
}
