/** A session of the dashboard as a token: signed, so that any instance can tell it; it dies with the admin key or by its end. */

import { Buffer } from "node:buffer";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export interface OpenSession {
  id: string;
  /** Until when its token is good, in milliseconds since the epoch. */
  expiry: number;
}

export interface Session {
  /** A token that is good from now on, of a new session or of one that goes on. */
  issue(goingOn?: OpenSession): string;
  /** The token's session; `undefined` where it is none, is over or was ended. */
  open(token: string): Promise<OpenSession | undefined>;
  /** Ends the token's session: all its tokens, copies among them, are good for nothing from now on. */
  end(token: string): Promise<void>;
}

/** Where it is kept which sessions were ended. */
export interface EndedSessions {
  add(id: string): Promise<void>;
  has(id: string): Promise<boolean>;
}

export interface SessionOptions {
  adminKey: string;
  now: () => number;
  ended: EndedSessions;
}

/** Milliseconds a session lasts; whoever uses the dashboard in its second half gets a new token of it. */
export const SESSION_LENGTH = 12 * 60 * 60_000;

/** Sessions themselves are not stored, only which of them were ended before their time. */
export function createSession({ adminKey, now, ended }: SessionOptions): Session {
  // A key of its own: a token tells nothing that could stand for the admin key elsewhere.
  const key = createHmac("sha256", adminKey).update("anystream dashboard session 2").digest();
  const sign = (text: string) => createHmac("sha256", key).update(text).digest("base64url");

  function read(token: string): OpenSession | undefined {
    const [, said, until, id, signature] = token.match(/^((\d{1,16})\.([\w-]{16}))\.([\w-]{43})$/) ?? [];
    if (said === undefined || id === undefined || signature === undefined) return undefined;
    const isOurs = timingSafeEqual(Buffer.from(sign(said)), Buffer.from(signature));
    return isOurs && Number(until) > now() ? { id, expiry: Number(until) } : undefined;
  }

  return {
    issue(goingOn) {
      const id = goingOn?.id ?? randomBytes(12).toString("base64url");
      const said = `${now() + SESSION_LENGTH}.${id}`;
      return `${said}.${sign(said)}`;
    },
    async open(token) {
      const session = read(token);
      return session === undefined || await ended.has(session.id) ? undefined : session;
    },
    async end(token) {
      const session = read(token);
      if (session !== undefined) await ended.add(session.id);
    },
  };
}
