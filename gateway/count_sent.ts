/** Counts what a client is sent, without a stage of its own: the formatter is called anyway. */

import { Buffer } from "node:buffer";
import type { EventFormatter } from "../streaming/write_reply.ts";
import type { Observation } from "./observation.ts";

/** The same formatter; keep-alives are not counted, as they are no part of the answer. */
export function countSent(formatter: EventFormatter, observation: Observation): EventFormatter {
  const count = (frames: string[]) => {
    for (const frame of frames) counted(frame, observation);
    return frames;
  };
  return {
    push: (beat) => count(formatter.push(beat)),
    end: () => count(formatter.end()),
    fail: (error) => count(formatter.fail(error)),
    ping: (silence) => formatter.ping(silence),
  };
}

/** The same text. */
export function counted(text: string, { http }: Observation): string {
  if (http !== undefined) http.sent = (http.sent ?? 0) + Buffer.byteLength(text);
  return text;
}
