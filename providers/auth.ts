/** How a vendor wants its key: exactly one credential header each, and never the URL. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

export const AUTH_STYLES = ["bearer", "api-key", "x-api-key", "x-goog-api-key", "none"] as const;
export type AuthStyle = (typeof AUTH_STYLES)[number];

const CREDENTIAL = {
  "bearer": (key: string) => ["authorization", `Bearer ${key}`],
  "api-key": (key: string) => ["api-key", key],
  "x-api-key": (key: string) => ["x-api-key", key],
  "x-goog-api-key": (key: string) => ["x-goog-api-key", key],
  "none": () => undefined,
} as const satisfies Record<AuthStyle, (key: string) => readonly [string, string] | undefined>;

/**
 * Gives the header that carries the key at a place of the pool; without a place, that of the next in turn. None where
 * there is no key to send.
 */
export function credentialHeaders(
  style: AuthStyle,
  keys: readonly string[],
): (place: number | undefined) => Record<string, string> {
  let turn = 0;
  return function credentialOf(place) {
    const key = keys[(place ?? turn++) % Math.max(keys.length, 1)];
    const header = key === undefined ? undefined : CREDENTIAL[style](key);
    return header === undefined ? {} : { [header[0]]: header[1] };
  };
}

/** What the keys are known by outside of their provider: too short to tell anything of them, long enough to part them. */
export function fingerprintsOf(keys: readonly string[]): string[] {
  return keys.map((key) => bytesToHex(sha256(utf8ToBytes(key))).slice(0, 8));
}
