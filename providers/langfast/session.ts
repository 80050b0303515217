/** Who we are at LangFast: one guest or one own account, kept until it expires, then refreshed. */

import { GatewayError, toGatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { parseJson } from "../../dialects/json.ts";
import { upstreamError } from "../../dialects/upstream_error.ts";
import type { Call } from "../provider.ts";
import type { LangfastPorts } from "./ports.ts";
import { postJson } from "./post_json.ts";
import { numberAt, textAt } from "./read_json.ts";
import { sharedFlight } from "./shared_flight.ts";

export interface SessionOptions {
  supabaseUrl: string;
  anonKey: string;
  /** An own account's tokens, either or both; without them a guest is signed up. */
  accessToken?: string;
  refreshToken?: string;
}

export interface Session {
  accessToken: string;
  refreshToken: string | undefined;
  userId: string;
  /** Milliseconds since the epoch; `undefined` where the service did not say. */
  expiresAt: number | undefined;
}

export interface Sessions {
  /** The session in use, or a new one. Callers that come meanwhile wait for the same one. */
  current(call: Pick<Call, "signal" | "timeouts">): Promise<Session>;
  /** The service refused this session. Tells whether another one can be had. */
  drop(session: Session): boolean;
}

type Ports = Pick<LangfastPorts, "fetch" | "now">;

/** A token is not used in its last minute: it would expire between two calls of one run. */
const MARGIN = 60_000;

export function createSessions(options: SessionOptions, ports: Ports): Sessions {
  const own = options.accessToken !== undefined || options.refreshToken !== undefined;
  let session = ownSession(options);
  /** Tokens are rotated: each refresh brings the one for the next. */
  let refreshToken = options.refreshToken;
  const join = sharedFlight<Session>();

  const keep = (answer: unknown): Session => {
    session = readSession(answer, ports.now());
    refreshToken = session.refreshToken;
    return session;
  };
  const ask = async (path: string, body: JsonObject, { signal, limit }: { signal: AbortSignal; limit: number }) => {
    const url = `${options.supabaseUrl}/auth/v1/${path}`;
    // A 400 or 422 here is about the token, or about guests not being let in: never the client's fault.
    const call = {
      url,
      headers: { apikey: options.anonKey },
      body,
      signal,
      limit,
      inSession: false,
    } as const;
    return keep(await postJson(call, ports));
  };
  const renew = async (wait: { signal: AbortSignal; limit: number }): Promise<Session> => {
    if (refreshToken !== undefined) {
      try {
        return await ask("token?grant_type=refresh_token", { refresh_token: refreshToken }, wait);
      } catch (error) {
        if (own || toGatewayError(error).kind !== "upstream-auth") throw error;
      }
    }
    if (own) throw new GatewayError("upstream-auth", "Cannot sign in as the provider's access token has expired");
    return await ask("signup", { data: {}, gotrue_meta_security: {} }, wait);
  };

  return {
    async current({ signal, timeouts }) {
      if (session !== undefined && ports.now() < (session.expiresAt ?? Infinity) - MARGIN) return session;
      return await join((end) => renew({ signal: end, limit: timeouts.headers }), signal);
    },
    drop(refused) {
      // Nothing can be had instead of it: the next request may find it taken again.
      if (own && refreshToken === undefined) return false;
      if (session === refused) {
        session = undefined;
        // A guest whose token is refused may be gone altogether: the next one is a new one.
        if (!own) refreshToken = undefined;
      }
      return true;
    },
  };
}

function ownSession({ accessToken, refreshToken }: SessionOptions): Session | undefined {
  if (accessToken === undefined) return undefined;
  const claims = readClaims(accessToken);
  const userId = textAt(claims, "sub");
  if (userId === undefined) {
    throw new GatewayError("configuration", "Cannot use the access token as it is no JWT with a user in it");
  }
  const expires = numberAt(claims, "exp");
  return { accessToken, refreshToken, userId, expiresAt: expires === undefined ? undefined : expires * 1000 };
}

/** The answer of both calls: `{access_token, refresh_token, expires_in, expires_at, user: {id}}`, times in seconds. */
function readSession(answer: unknown, now: number): Session {
  const accessToken = textAt(answer, "access_token");
  const claims = readClaims(accessToken ?? "");
  const userId = textAt(answer, "user", "id") ?? textAt(claims, "sub");
  if (accessToken === undefined || userId === undefined) {
    throw upstreamError("upstream-malformed", "a session without token or user");
  }
  const expiresIn = numberAt(answer, "expires_in");
  // By our own clock where possible: the service's may differ.
  const expiresAt = expiresIn !== undefined ? now + expiresIn * 1000 : expiryOf(answer, claims);
  return { accessToken, refreshToken: textAt(answer, "refresh_token"), userId, expiresAt };
}

function expiryOf(answer: unknown, claims: unknown): number | undefined {
  const seconds = numberAt(answer, "expires_at") ?? numberAt(claims, "exp");
  return seconds === undefined ? undefined : seconds * 1000;
}

/** The claims of a JWT, unverified: they are the service's own business. */
function readClaims(token: string): unknown {
  const payload = token.split(".")[1] ?? "";
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    return parseJson(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
