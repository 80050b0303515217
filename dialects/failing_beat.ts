/** The beat that ends an answer badly. */

import type { GatewayError } from "../chat/error.ts";
import type { Beat, ChatEvent } from "../chat/event.ts";

/** `before` is what was said up to the failure. */
export function failingBeat(error: GatewayError, before: readonly ChatEvent[] = []): Beat {
  return { events: [...before, { type: "error", error }], last: true };
}
