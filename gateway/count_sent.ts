/** Counts the bytes of an answer that a client is sent: those of a batch of frames at once. */

import { Buffer } from "node:buffer";
import type { Observation } from "./observation.ts";

export function countSent(texts: readonly string[], { http }: Observation): void {
  if (http !== undefined) {
    http.sent = (http.sent ?? 0) + Buffer.byteLength(texts.length === 1 ? texts[0]! : texts.join(""));
  }
}
