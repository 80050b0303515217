/** A session of the dashboard as a token: signed, not stored, so that any instance can tell it; it dies with the admin key. */

import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";

export interface Session {
  /** A token that is good from now on. */
  issue(): string;
  /** Until when the token is good, in milliseconds since the epoch; `undefined` where it is not. */
  expiry(token: string): number | undefined;
}

/** Milliseconds a session lasts; whoever uses the dashboard in its second half gets a new one. */
export const SESSION_LENGTH = 12 * 60 * 60_000;

/** Nobody can close one session alone, as none is stored: logging out drops the cookie, a new admin key ends them all. */
export function createSession({ adminKey, now }: { adminKey: string; now: () => number }): Session {
  // A key of its own: a token tells nothing that could stand for the admin key elsewhere.
  const key = createHmac("sha256", adminKey).update("anystream dashboard session 1").digest();
  const sign = (text: string) => createHmac("sha256", key).update(text).digest("base64url");
  return {
    issue() {
      const expiry = String(now() + SESSION_LENGTH);
      return `${expiry}.${sign(expiry)}`;
    },
    expiry(token) {
      const [, until, signature] = token.match(/^(\d{1,16})\.([\w-]{43})$/) ?? [];
      if (until === undefined || signature === undefined) return undefined;
      const isOurs = timingSafeEqual(Buffer.from(sign(until)), Buffer.from(signature));
      return isOurs && Number(until) > now() ? Number(until) : undefined;
    },
  };
}
