/** Counts the bytes of an answer that a client is sent: those of a batch of frames at once. */

import { utf8Length } from "../streaming/utf8_length.ts";
import type { Observation } from "./observation.ts";

export function countSent(texts: readonly string[], { http }: Observation): void {
  if (http !== undefined) {
    http.sent = (http.sent ?? 0) + utf8Length(texts.length === 1 ? texts[0]! : texts.join(""));
  }
}
