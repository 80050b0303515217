import assert from "node:assert/strict";
import { createSessions, type SessionOptions } from "../../../providers/langfast/session.ts";
import { callOf, impatient } from "./support.ts";

const SIGN_UP = "/auth/v1/signup";
const REFRESH = "/auth/v1/token?grant_type=refresh_token";

interface Asked {
  path: string;
  apikey: string | null;
  redirect: string | undefined;
  body: unknown;
}

/** Sessions on a service that answers as told, at a time that is told. */
function sessionsOn(
  answer: (asked: Asked, turn: number) => Response | Promise<Response>,
  own: Partial<SessionOptions> = {},
) {
  const asked: Asked[] = [];
  const clock = { now: 0 };
  const sessions = createSessions({ supabaseUrl: "https://host", anonKey: "anon", ...own }, {
    now: () => clock.now,
    async fetch(input, init) {
      const { pathname, search } = new URL(String(input));
      const entry = {
        path: pathname + search,
        apikey: new Headers(init?.headers).get("apikey"),
        redirect: init?.redirect,
        body: JSON.parse(String(init?.body)),
      };
      asked.push(entry);
      return await answer(entry, asked.length);
    },
  });
  return {
    asked,
    clock,
    paths: () => asked.map(({ path }) => path),
    current: () => sessions.current(callOf()),
    sessions,
  };
}

/** The n-th session of the service. */
function session(turn: number, fields: object = {}): Response {
  return Response.json({
    access_token: `token-${turn}`,
    refresh_token: `refresh-${turn}`,
    expires_in: 3600,
    user: { id: "user" },
    ...fields,
  });
}

function jwt(claims: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  return `e30.${btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.x`;
}

Deno.test("a guest is signed up once, with the key and the body the service expects, and no redirect is followed", async () => {
  const { asked, current } = sessionsOn((_, turn) => session(turn));
  assert.deepEqual(await current(), {
    accessToken: "token-1",
    refreshToken: "refresh-1",
    userId: "user",
    expiresAt: 3_600_000,
  });
  await current();
  assert.deepEqual(asked, [{
    path: SIGN_UP,
    apikey: "anon",
    redirect: "manual",
    body: { data: {}, gotrue_meta_security: {} },
  }]);
});

Deno.test("callers at the same time share one sign-up", async () => {
  const { asked, current } = sessionsOn((_, turn) => session(turn));
  const all = await Promise.all([current(), current(), current()]);
  assert.deepEqual([new Set(all).size, asked.length], [1, 1]);
});

Deno.test("a session is refreshed a minute before it expires, with the newest refresh token", async () => {
  const { asked, paths, clock, current } = sessionsOn((_, turn) => session(turn));
  await current();
  clock.now = 3_540_000 - 1;
  assert.equal((await current()).accessToken, "token-1");
  clock.now = 3_540_000;
  assert.equal((await current()).accessToken, "token-2");
  clock.now *= 2;
  await current();
  assert.deepEqual(paths(), [SIGN_UP, REFRESH, REFRESH]);
  assert.deepEqual(asked.map(({ body }) => Reflect.get(Object(body), "refresh_token")).slice(1), [
    "refresh-1",
    "refresh-2",
  ]);
});

Deno.test("a guest who cannot be refreshed is signed up anew, but not while the service is out of order", async () => {
  let status = 400;
  const { paths, clock, current } = sessionsOn(({ path }, turn) =>
    path === SIGN_UP ? session(turn) : Response.json({}, { status })
  );
  await current();
  clock.now = 3_600_000;
  assert.equal((await current()).accessToken, "token-3");
  clock.now *= 2;
  status = 500;
  await assert.rejects(current(), { kind: "upstream-failure" });
  assert.deepEqual(paths(), [SIGN_UP, REFRESH, SIGN_UP, REFRESH]);
});

Deno.test("a dropped guest is forgotten, the one who replaced it is not", async () => {
  const { paths, current, sessions } = sessionsOn((_, turn) => session(turn));
  const first = await current();
  assert.equal(sessions.drop(first), true);
  const second = await current();
  assert.equal(sessions.drop(first), true);
  assert.equal(await current(), second);
  assert.deepEqual(paths(), [SIGN_UP, SIGN_UP]);
});

Deno.test("an own account is used until its token expires, then refreshed, and never becomes a guest", async () => {
  const accessToken = jwt({ sub: "Jürgen?>", exp: 1000 });
  const { paths, clock, current, sessions } = sessionsOn((_, turn) => session(turn), {
    accessToken,
    refreshToken: "r",
  });
  assert.deepEqual(await current(), { accessToken, refreshToken: "r", userId: "Jürgen?>", expiresAt: 1_000_000 });
  clock.now = 940_000;
  const refreshed = await current();
  assert.equal(refreshed.accessToken, "token-1");
  assert.equal(sessions.drop(refreshed), true);
  assert.equal((await current()).accessToken, "token-2");
  assert.deepEqual(paths(), [REFRESH, REFRESH]);
});

Deno.test("an own account may be a refresh token alone, or an access token alone", async () => {
  const refreshing = sessionsOn((_, turn) => session(turn), { refreshToken: "r" });
  await refreshing.current();
  assert.deepEqual(refreshing.asked.map(({ path, body }) => [path, body]), [[REFRESH, { refresh_token: "r" }]]);

  const { asked, clock, current, sessions } = sessionsOn(() => session(1), {
    accessToken: jwt({ sub: "me", exp: 1000 }),
  });
  const only = await current();
  assert.equal(sessions.drop(only), false);
  assert.equal(await current(), only, "one refusal is not the end of it");
  clock.now = 2_000_000;
  await assert.rejects(current(), { kind: "upstream-auth" });
  assert.equal(asked.length, 0);
});

Deno.test("an own account whose refresh is refused is an error, not a guest", async () => {
  const { current, paths } = sessionsOn(() => Response.json({}, { status: 400 }), { refreshToken: "r" });
  await assert.rejects(current(), { kind: "upstream-auth" });
  assert.deepEqual(paths(), [REFRESH]);
});

Deno.test("an access token that names no user is a mistake in the configuration", () => {
  for (const accessToken of ["", "secret", "a.b.c", jwt({})]) {
    assert.throws(() => sessionsOn(() => session(1), { accessToken }), { kind: "configuration" }, accessToken);
  }
});

Deno.test("a session is read whatever it says of its user and its time, and refused without a token", async () => {
  const access_token = jwt({ sub: "from the token", exp: 500 });
  const answers: [object, unknown][] = [
    [{ access_token, user: undefined, expires_in: undefined }, ["from the token", 500_000]],
    [{ access_token, expires_in: undefined, expires_at: 400 }, ["user", 400_000]],
    [{ expires_in: undefined }, ["user", undefined]],
  ];
  for (const [fields, expected] of answers) {
    const { userId, expiresAt } = await sessionsOn(() => session(1, fields)).current();
    assert.deepEqual([userId, expiresAt], expected);
  }
  for (const fields of [{ access_token: undefined }, { access_token: 1 }, { user: {} }]) {
    await assert.rejects(sessionsOn(() => session(1, fields)).current(), { kind: "upstream-malformed" });
  }
});

Deno.test("each status of the sign-up is its own error, a redirect included", async () => {
  const kinds = { 302: "upstream-failure", 400: "upstream-auth", 401: "upstream-auth", 402: "upstream-quota" };
  for (
    const [status, kind] of Object.entries({
      ...kinds,
      404: "upstream-failure",
      422: "upstream-auth",
      503: "overloaded",
    })
  ) {
    const { current } = sessionsOn(() => new Response("{}", { status: Number(status) }));
    await assert.rejects(current(), { kind }, status);
  }
  const { current } = sessionsOn(() => Response.json({}, { status: 429, headers: { "retry-after-ms": "1500" } }));
  await assert.rejects(current(), { kind: "rate-limit", retryAfter: 1500 });
});

Deno.test("W6 a sign-up that nobody waits for any more is given up; one that takes too long is a timeout", async () => {
  const { promise: sent, resolve: send } = Promise.withResolvers<void>();
  const ends: AbortSignal[] = [];
  const sessions = createSessions({ supabaseUrl: "https://host", anonKey: "anon" }, {
    now: Date.now,
    fetch: (_, init) => {
      const signal = init?.signal;
      if (signal) ends.push(signal);
      send();
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  const abort = new AbortController();
  const gone = new Error("The client left");
  const waiting = assert.rejects(sessions.current(callOf({ signal: abort.signal })), gone);
  await sent;
  abort.abort(gone);
  await waiting;
  await assert.rejects(sessions.current(callOf(impatient({ headers: 5 }))), { code: "headers_timeout" });
  assert.deepEqual(ends.map(({ aborted }) => aborted), [true, true]);
});
