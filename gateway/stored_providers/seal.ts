/** Seals secrets for the storage: whoever reads the database, and does not know the admin key, reads nothing. */

import type { Json } from "../../chat/json.ts";

export interface Sealer {
  /** `about` says what the secret belongs to: sealed there, it opens nowhere else. */
  seal(secret: Json, about: readonly string[]): Promise<string>;
  /** `undefined` where another admin key sealed it, or it was sealed about something else. */
  open(sealed: string, about: readonly string[]): Promise<{ secret: Json } | undefined>;
}

/** What https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html asks for: a person chose the key. */
const ITERATIONS = 600_000;
/** The length of a nonce in AES-GCM: https://csrc.nist.gov/pubs/sp/800/38/d/final, 5.2.1.1. */
const NONCE_SIZE = 12;
const SALT_SIZE = 16;

const utf8 = new TextEncoder();

export function newSalt(): string {
  return crypto.getRandomValues(new Uint8Array(SALT_SIZE)).toBase64();
}

/** Derives the key when it is first needed, off the thread that answers. Without an admin key nothing opens. */
export function createSealer({ adminKey, salt }: { adminKey: string | undefined; salt: string }): Sealer {
  let derived: Promise<CryptoKey> | undefined;
  const keyOf = (admin: string) => derived ??= deriveKey(admin, salt);
  const parameters = (nonce: Uint8Array<ArrayBuffer>, about: readonly string[]) => ({
    name: "AES-GCM",
    iv: nonce,
    additionalData: utf8.encode(JSON.stringify(about)),
  });

  return {
    async seal(secret, about) {
      if (adminKey === undefined) throw new TypeError("Cannot seal a secret without an admin key");
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_SIZE));
      const text = utf8.encode(JSON.stringify(secret));
      const sealed = await crypto.subtle.encrypt(parameters(nonce, about), await keyOf(adminKey), text);
      return new Uint8Array([...nonce, ...new Uint8Array(sealed)]).toBase64();
    },
    async open(sealed, about) {
      if (adminKey === undefined) return undefined;
      try {
        const bytes = Uint8Array.fromBase64(sealed);
        const nonce = bytes.slice(0, NONCE_SIZE);
        const key = await keyOf(adminKey);
        const text = await crypto.subtle.decrypt(parameters(nonce, about), key, bytes.slice(NONCE_SIZE));
        return { secret: JSON.parse(new TextDecoder().decode(text)) };
      } catch {
        return undefined;
      }
    },
  };
}

async function deriveKey(adminKey: string, salt: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", utf8.encode(adminKey), "PBKDF2", false, ["deriveKey"]);
  const how = {
    name: "PBKDF2",
    hash: "SHA-256",
    salt: Uint8Array.fromBase64(salt),
    iterations: ITERATIONS,
  };
  return await crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
