/** The stand-in's accounts: signed up by whoever asks, known by tokens that run out and are renewed once each. */

import { memberAt } from "../../providers/langfast/read_json.ts";
import type { SimAnswer, SimState } from "./service.ts";

/** `tokenLifetime` in seconds. */
export function createAccounts(state: SimState, tokenLifetime: number) {
  const users = new Map<unknown, { sub: string; expires: number }>();
  const refreshTokens = new Map<unknown, string>();
  const signIn = (sub: string): SimAnswer => {
    const expires = Math.floor(Date.now() / 1000) + tokenLifetime;
    const access_token = fakeJwt({ sub, exp: expires, jti: crypto.randomUUID() });
    const refresh_token = crypto.randomUUID();
    users.set(access_token, { sub, expires });
    refreshTokens.set(refresh_token, sub);
    const body = { access_token, refresh_token, expires_in: tokenLifetime, expires_at: expires, user: { id: sub } };
    return { status: 200, body };
  };
  /** The user of a token that is good. */
  const userOf = (token: unknown): string | undefined => {
    const user = users.get(token);
    return user !== undefined && Date.now() / 1000 < user.expires ? user.sub : undefined;
  };
  const signUp = (): SimAnswer => {
    state.signUps++;
    return signIn(crypto.randomUUID());
  };
  const refresh = (body: unknown): SimAnswer => {
    const token = memberAt(body, "refresh_token");
    const sub = refreshTokens.get(token);
    if (sub === undefined) return { status: 400, body: { msg: "Invalid Refresh Token: Refresh Token Not Found" } };
    // Rotated: each serves once.
    refreshTokens.delete(token);
    state.refreshes++;
    return signIn(sub);
  };

  return {
    userOf,
    signUp,
    refresh,
    /** Refuses every token given out so far. */
    revoke(): void {
      users.clear();
      refreshTokens.clear();
    },
  };
}

function fakeJwt(claims: unknown): string {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.unsigned`;
}
