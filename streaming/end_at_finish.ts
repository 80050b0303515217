/** An answer that has come to its finish is whole, whatever befalls its connection behind it. */

import type { Beat, ChatEvent } from "../chat/event.ts";
import { toGatewayError } from "../chat/error.ts";
import type { Pull } from "./pull.ts";

/**
 * Ends where the source breaks once every choice is finished: all that it still had to say were counts. So the client,
 * the record and whoever goes on with answers that break off agree that this one did not. One whose client left is cut
 * short all the same, as nobody is told of its end.
 */
export function endAtFinish(source: Pull<Beat[]>, choices: number): Pull<Beat[]> {
  const finished = new Set<number>();

  function note(event: ChatEvent): void {
    // Half a call is no whole answer, whoever says that it ends there (CASES G5).
    if (event.type === "finish" && event.reason !== "malformed") finished.add(event.choice ?? 0);
  }

  return {
    async next() {
      try {
        const beats = await source.next();
        for (const { events } of beats ?? []) events.forEach(note);
        return beats;
      } catch (thrown) {
        if (finished.size >= choices && toGatewayError(thrown).kind !== "client-gone") return undefined;
        throw thrown;
      }
    },
    cancel: (reason) => source.cancel(reason),
  };
}
