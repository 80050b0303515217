/** The headers of a client's request as a record may keep them: none of its credentials, whatever they are called. */

import type { Redact } from "./redact.ts";

const CREDENTIAL = /auth|key|token|secret|cookie|passw|credential|signature|jwt|cert/i;
const HIDDEN = "[not kept]";

/** Clients write their headers as they like. */
const MOST_HEADERS = 100;
const MOST_CHARACTERS = 300;

/** By name, in lower case. */
export function keptHeaders(headers: Headers, redact: Redact): Record<string, string> {
  // Masked before it is cut: the beginning of a secret would not be known for one.
  const kept = (text: string) => redact(text).slice(0, MOST_CHARACTERS);
  return Object.fromEntries(
    [...headers].slice(0, MOST_HEADERS).map(([name, value]) => [
      kept(name),
      CREDENTIAL.test(name) ? HIDDEN : kept(value),
    ]),
  );
}
