/** Goes through the lanes of an itinerary until one answers (CASES E8–E11, E14, V19). */

import { delay } from "../../streaming/timer.ts";
import type { Attempt } from "./attempt.ts";
import type { Itinerary } from "./itinerary.ts";

/**
 * The first good answer.
 *
 * @throws {GatewayError} the last attempt's failure, when all are spent or none would help; or the signal's reason
 */
export async function travel<T>(attempt: Attempt<T>, itinerary: Itinerary, signal: AbortSignal): Promise<T> {
  for (;;) {
    const tried = itinerary.next();
    if (tried.wait > 0) await delay(tried.wait, signal);
    try {
      return (await attempt(tried, signal)).result;
    } catch {
      // The itinerary was told, and knows what comes next.
      if (signal.aborted) throw signal.reason;
    }
  }
}
