/** Attempts at an answer, and what is put around each: the note in the record, and what is learnt of it for the next. */

import { GatewayError, toGatewayError } from "../../chat/error.ts";
import type { AttemptNote } from "../observation.ts";
import type { Itinerary } from "./itinerary.ts";
import type { Routing } from "./routing.ts";
import type { Try } from "./stop.ts";

/** What an attempt brought, and what is noted of it. */
export interface Attempted<T> {
  result: T;
  outcome: AttemptNote["outcome"];
}

/**
 * Makes one attempt. What it opens ends with the signal.
 *
 * @throws {GatewayError} where it failed
 */
export type Attempt<T> = (tried: Try, signal: AbortSignal) => Promise<Attempted<T>>;

/** The reason for which an attempt is aborted when another one answered first. */
export const OUTRUN = new GatewayError("client-gone", "Cannot go on as another attempt answered first");

/** The attempt with a note of how it went, and with what it brought. */
export function noting<T>(
  attempt: Attempt<T>,
  { now, note }: { now: () => number; note: (note: AttemptNote, result?: T) => void },
): Attempt<T> {
  return async function notingAttempt(tried, signal) {
    const startedAt = now();
    const { lane: { candidate: { provider, model }, key }, streamed } = tried;
    let isTold = false;
    const tell = (
      outcome: AttemptNote["outcome"],
      { detail, result }: { detail?: string | undefined; result?: T } = {},
    ) => {
      if (isTold) return;
      isTold = true;
      note({
        provider: provider.name,
        model,
        ...(key !== undefined && { key: key + 1 }),
        streamed,
        outcome,
        startedAt,
        milliseconds: now() - startedAt,
        ...(detail !== undefined && { detail }),
      }, result);
    };
    // At once: whoever aborts it may write the record before the attempt itself has come to its end.
    const end = () => tell(signal.reason === OUTRUN ? "outrun" : toGatewayError(signal.reason).kind);
    signal.addEventListener("abort", end, { once: true });
    try {
      const attempted = await attempt(tried, signal);
      tell(attempted.outcome, attempted);
      return attempted;
    } catch (thrown) {
      const { kind, detail } = toGatewayError(thrown);
      tell(kind, { detail });
      throw thrown;
    } finally {
      signal.removeEventListener("abort", end);
    }
  };
}

/** The attempt, from whose end the routing learns for all requests, and the itinerary for this one. */
export function learning<T>(
  attempt: Attempt<T>,
  { routing, itinerary }: { routing: Routing; itinerary: Pick<Itinerary, "failed"> },
): Attempt<T> {
  return async function learningAttempt(tried, signal) {
    const { lane, streamed } = tried;
    routing.begin(lane);
    try {
      const attempted = await attempt(tried, signal);
      routing.learn({ lane, streamed, ...attempted.outcome === "began" && { began: true } });
      return attempted;
    } catch (thrown) {
      // Whatever an aborted attempt fails with, it is not the upstream's doing.
      const error = toGatewayError(signal.aborted ? signal.reason : thrown);
      routing.learn({ lane, streamed, error });
      if (!signal.aborted) itinerary.failed(tried, error);
      throw error;
    }
  };
}
