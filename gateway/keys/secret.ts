/** The secret of a client key: made once, shown once, and kept as a digest only. */

import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";

/** Some clients want every key to begin with `sk-`, and whoever reads a log takes it for what it is. */
const HEAD = "sk-any-";
/** Of the secret's 43 characters, so many may be shown: enough to tell keys apart, nothing to guess from. */
const SHOWN = 4;

export function newSecret(): string {
  return HEAD + randomBytes(32).toString("base64url");
}

export function prefixOf(secret: string): string {
  return secret.slice(0, HEAD.length + SHOWN);
}

/** SHA-256: a secret of 256 random bits needs no slow hash, as nobody guesses it. */
export function digestOf(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}

export function formatDigest(digest: Uint8Array): string {
  return Buffer.from(digest).toString("hex");
}
