/** Whose signature it is: a vendor refuses a thought that another one signed (CASES K7, DIALECTS.md §6.4). */

import type { DialectName } from "../chat/event.ts";

/**
 * The signature as it goes through the neutral model, and to clients of other dialects: `gemini:…`. Anthropic's are not
 * marked, as they go verbatim to and from its own clients; being base64, they never hold a colon.
 */
export function markSignature(dialect: DialectName, signature: string): string {
  return dialect === "anthropic" ? signature : `${dialect}:${signature}`;
}

/** The signature in its vendor's own words, if it is one of `dialect`'s; `undefined` if another vendor made it. */
export function ownSignature(dialect: DialectName, signature: string): string | undefined {
  if (dialect === "anthropic") return signature === "" || signature.includes(":") ? undefined : signature;
  const mark = `${dialect}:`;
  return signature.startsWith(mark) ? signature.slice(mark.length) : undefined;
}
