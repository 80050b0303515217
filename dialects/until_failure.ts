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
export function untilFailure(
  events: readonly ChatEvent[],
): { said: readonly SaidEvent[]; failure: GatewayError | undefined } {
  const at = events.findIndex((event) => failureOf(event) !== undefined);
  // None of those before it is an error.
  const said = (at === -1 ? events : events.slice(0, at)) as readonly SaidEvent[];
  return { said, failure: at === -1 ? undefined : failureOf(events[at]!) };
}

function failureOf(event: ChatEvent): GatewayError | undefined {
  if (event.type === "error") return event.error;
  return event.type === "finish" && event.reason === "malformed" ? verdictError("malformed") : undefined;
}
