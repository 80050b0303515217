/** Where an answer fails: what its client is told up to there, and the failure. */

import type { GatewayError } from "../chat/error.ts";
import type { ChatEvent } from "../chat/event.ts";
import { verdictError } from "../chat/verdict.ts";

export type SaidEvent = Exclude<ChatEvent, { type: "error" }>;

/**
 * The events before the first failure, and that failure: the upstream's own, or that of an answer that ended in a call
 * it could not write. A dialect without a word for such an end must not tell it as a good one, as half a call may stand
 * before it (CASES G5).
 */
export function untilFailure(events: readonly ChatEvent[]): { said: SaidEvent[]; failure: GatewayError | undefined } {
  const said: SaidEvent[] = [];
  for (const event of events) {
    if (event.type === "error") return { said, failure: event.error };
    if (event.type === "finish" && event.reason === "malformed") return { said, failure: verdictError("malformed") };
    said.push(event);
  }
  return { said, failure: undefined };
}
