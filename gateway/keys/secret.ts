/** The secret of a client key: made once, shown once, and kept as a digest only. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Some clients want every key to begin with `sk-`, and whoever reads a log takes it for what it is. */
const HEAD = "sk-any-";
/** Of the secret's 43 characters, so many may be shown: enough to tell keys apart, nothing to guess from. */
const SHOWN = 4;

export function newSecret(): string {
  return HEAD + crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
}

export function prefixOf(secret: string): string {
  return secret.slice(0, HEAD.length + SHOWN);
}

/**
 * SHA-256: a secret of 256 random bits needs no slow hash, as nobody guesses it. In JavaScript: for so short a text it is
 * as fast as node:crypto, for which a start would wait longer than for all of ours.
 */
export function digestOf(secret: string): Uint8Array {
  return sha256(utf8ToBytes(secret));
}

export function formatDigest(digest: Uint8Array): string {
  return bytesToHex(digest);
}

/** Takes as long wherever they differ. */
export function isSameDigest(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) difference |= (one[at] ?? 0) ^ (other[at] ?? 0);
  return difference === 0;
}
