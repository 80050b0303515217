/** Goes on with an answer that broke off, in the same stream to the client (CASES E19, V17). */

import { type GatewayError, toGatewayError } from "../../chat/error.ts";
import type { Beat } from "../../chat/event.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { forReader, type Pull } from "../../streaming/pull.ts";
import { createContinuation } from "./continuation.ts";

/**
 * Opens the next leg; `failure` is absent where the last was cut by its length.
 *
 * @throws {GatewayError} where nobody goes on
 */
export type OpenLeg = (request: ChatRequest, failure: GatewayError | undefined) => Promise<Pull<Beat[]>>;

/** The beats of the first leg, then those of as many more as it takes. Without another leg it ends as the last one did. */
export function continueAnswer(
  first: Pull<Beat[]>,
  { request, openLeg }: { request: ChatRequest; openLeg: OpenLeg },
): Pull<Beat[]> {
  const answer = createContinuation(request);
  let leg: Pull<Beat[]> | undefined = first;
  let isCancelled = false;
  /** Thrown once all that was said is given. */
  let failure: GatewayError | undefined;

  /** The next beats of the leg under way; at its end what was held of it. */
  const read = async (leg: Pull<Beat[]>): Promise<{ beats: Beat[]; ended: boolean }> => {
    try {
      const beats = await leg.next();
      if (beats !== undefined) return { beats: answer.push(beats), ended: false };
      failure = undefined;
    } catch (thrown) {
      failure = toGatewayError(thrown);
    }
    return { beats: answer.end(failure), ended: true };
  };

  const goOn = async (): Promise<Pull<Beat[]> | undefined> => {
    const request = isCancelled ? undefined : answer.next(failure);
    const next = request && await openLeg(request, failure).catch(() => undefined);
    if (request !== undefined && next !== undefined) {
      failure = undefined;
      answer.begin(request);
    }
    return forReader(next, { hasLeft: isCancelled });
  };

  return {
    async next() {
      while (leg !== undefined) {
        const { beats, ended } = await read(leg);
        if (ended) {
          leg = await goOn();
          if (leg === undefined && failure === undefined) beats.push(...answer.close());
        }
        if (beats.length > 0) return beats;
      }
      if (failure === undefined || isCancelled) return undefined;
      throw failure;
    },
    cancel(reason) {
      isCancelled = true;
      leg?.cancel(reason);
    },
  };
}
