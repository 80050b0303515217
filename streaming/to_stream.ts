/** The last stage: frames as the body of a response. */

import { GatewayError } from "../chat/error.ts";
import type { Pull } from "./pull.ts";

const utf8 = new TextEncoder();

/** A body that pulls frames only as fast as the client reads, those that came together in one write; a client that leaves cancels it all. */
export function toStream(frames: Pull<string[]>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = false;
  return new ReadableStream({
    async pull(controller) {
      try {
        const batch = await frames.next();
        // Enqueuing after the client left would throw (DEPLOY.md §7, item 9).
        if (left) return;
        if (batch === undefined) return controller.close();
        controller.enqueue(utf8.encode(batch.length === 1 ? batch[0] : batch.join("")));
      } catch (error) {
        frames.cancel(error);
        if (!left) controller.error(printed(error));
      }
    },
    cancel(reason) {
      left = true;
      frames.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

/** Deno prints what a body fails with (2.9.6), which breaks the connection: of what is known one line is enough. */
function printed(error: unknown): unknown {
  return error instanceof GatewayError && error.kind !== "internal" ? error.message : error;
}
