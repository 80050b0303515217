import assert from "node:assert/strict";
import { createApp } from "../../app.ts";
import { parseConfig } from "../../gateway/config/mod.ts";
import { createPorts } from "../../gateway/ports.ts";
import { ADMIN, ADMIN_KEY } from "../support/admin.ts";
import { logIn, sessionCookie } from "../support/dashboard.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { within } from "../../streaming/timer.ts";

async function withDashboard(
  run: (gateway: TestGateway) => Promise<void>,
  env: Record<string, string> = { ADMIN_KEY },
): Promise<void> {
  const gateway = startGateway({ env });
  try {
    await run(gateway);
  } finally {
    await gateway.close();
  }
}

async function statusOf(url: string, headers: Record<string, string>, method = "GET"): Promise<number> {
  const response = await fetch(url, { method, headers, redirect: "manual" });
  await response.body?.cancel();
  return response.status;
}

/** Every path that the app answers below a prefix, with something in the place of its parameters. */
async function registered(prefix: string): Promise<{ method: string; path: string }[]> {
  const outcome = parseConfig({ env: { ADMIN_KEY }, models: undefined });
  if ("problems" in outcome) throw new Error("The configuration has problems");
  const ports = createPorts({ config: outcome.config, closing: new AbortController().signal, write: () => {} });
  const app = createApp(outcome, ports);
  // They are added when one of them is first asked for.
  await app.request(prefix);
  return app.routes
    .filter(({ path }) => path.startsWith(prefix))
    .flatMap(({ method, path }) => {
      const filled = path.replace(/:[a-z]+(\{[^}]*\})?/gi, "x").replaceAll("*", "x");
      return (method === "ALL" ? ["GET", "POST", "PUT", "DELETE"] : [method]).map((each) => ({
        method: each,
        path: filled,
      }));
    });
}

/** What needs no session, as it holds nothing but the way to one. */
const OPEN: ReadonlySet<string> = new Set(["GET /dashboard/login", "POST /dashboard/login", "POST /dashboard/logout"]);

Deno.test("no page, route or export is served without the admin key: all that are registered, by every method", async () => {
  await withDashboard(async ({ url }) => {
    const routes = (await registered("/dashboard")).filter(({ method, path }) => !OPEN.has(`${method} ${path}`));
    assert.ok(routes.length > 5);
    for (const { method, path } of routes.filter(({ path }) => !path.startsWith("/dashboard/assets"))) {
      const response = await fetch(url + path, { method, redirect: "manual" });
      await response.body?.cancel();
      assert.equal(response.status, 303, `${method} ${path}`);
      assert.match(response.headers.get("location") ?? "", /^\/dashboard\/login\?to=/);
    }
    const admin = await registered("/admin");
    assert.ok(admin.length > 5);
    for (const { method, path } of admin) {
      for (const cookie of ["", "anystream_session=1.x", `anystream_session=${ADMIN_KEY}`]) {
        assert.equal(await statusOf(url + path, { cookie }, method), 401, `${method} ${path}`);
      }
    }
  });
});

Deno.test("without an admin key the dashboard is closed, and says how to open it", async () => {
  await withDashboard(async ({ url }) => {
    for (const path of ["/dashboard", "/dashboard/login", "/dashboard/requests"]) {
      const response = await fetch(url + path);
      assert.equal(response.status, 403);
      assert.match(await response.text(), /ADMIN_KEY/);
    }
    const forged = await logIn({ url }, { key: "" });
    assert.deepEqual([forged.status, forged.headers.getSetCookie()], [403, []]);
    await forged.body?.cancel();
  }, {});
});

Deno.test("the cookie is not the key, is out of reach for scripts and other sites, and needs HTTPS where HTTPS is", async () => {
  await withDashboard(async (gateway) => {
    const plain = await logIn(gateway);
    assert.equal(plain.status, 303);
    const [cookie = ""] = plain.headers.getSetCookie();
    assert.match(
      cookie,
      /^anystream_session=\d+\.[\w-]{16}\.[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    assert.ok(!cookie.includes(ADMIN_KEY));
    const secure = await logIn(gateway, { headers: { "x-forwarded-proto": "https" } });
    assert.match(secure.headers.getSetCookie()[0] ?? "", /^__Host-anystream_session=.*; Secure; SameSite=Strict$/);
    await Promise.all([plain.body?.cancel(), secure.body?.cancel()]);
  });
});

Deno.test("the session opens pages and admin routes; logging out drops it, and ends it for who has copied it", async () => {
  await withDashboard(async (gateway) => {
    const [cookie, another] = [await sessionCookie(gateway), await sessionCookie(gateway)];
    assert.equal(await statusOf(`${gateway.url}/dashboard/requests`, { cookie }), 200);
    assert.equal(await statusOf(`${gateway.url}/admin/requests`, { cookie }), 200);
    assert.equal(await statusOf(`${gateway.url}/dashboard/nothing`, { cookie }), 404);
    const out = await fetch(`${gateway.url}/dashboard/logout`, {
      method: "POST",
      headers: { cookie, "sec-fetch-site": "same-origin" },
      redirect: "manual",
    });
    await out.body?.cancel();
    assert.match(out.headers.getSetCookie()[0] ?? "", /^anystream_session=; Max-Age=0; Path=\//);
    assert.equal(await statusOf(`${gateway.url}/dashboard/requests`, { cookie }), 303);
    assert.equal(await statusOf(`${gateway.url}/dashboard/login`, { cookie }), 200);
    assert.equal(await statusOf(`${gateway.url}/admin/requests`, { cookie }), 401);
    assert.equal(await statusOf(`${gateway.url}/admin/requests`, { cookie: another }), 200);
  });
});

Deno.test("logging out ends a live list that another window has open; another session's and a key's go on", async () => {
  const clock = { now: Date.now() };
  const gateway = startGateway({ env: { ADMIN_KEY }, now: () => clock.now });
  const leaving = new AbortController();
  const watch = async (headers: Record<string, string>) => {
    const { signal } = leaving;
    const response = await fetch(`${gateway.url}/admin/requests/live`, { headers, signal });
    const reader = response.body!.getReader();
    await reader.read();
    return { reader, ended: reader.read().then(({ done }) => done, () => undefined) };
  };
  try {
    const [cookie, another] = [await sessionCookie(gateway), await sessionCookie(gateway)];
    const own = await watch({ cookie });
    const others = await Promise.all([watch({ cookie: another }), watch({ authorization: `Bearer ${ADMIN_KEY}` })]);
    const headers = { cookie, "sec-fetch-site": "same-origin" };
    const out = await fetch(`${gateway.url}/dashboard/logout`, { method: "POST", headers, redirect: "manual" });
    await out.body?.cancel();
    clock.now += 5_000;
    assert.equal(await within(own.ended, 5_000, () => new Error("The list goes on")), true);
    await (await gateway.chat({ model: "demo/echo" })).body?.cancel();
    assert.deepEqual(await Promise.all(others.map(({ ended }) => ended)), [false, false]);
  } finally {
    leaving.abort();
    await gateway.close();
  }
});

Deno.test("another site cannot log anybody in or out, nor use a session: not even another port of this host", async () => {
  await withDashboard(async (gateway) => {
    const cookie = await sessionCookie(gateway);
    const { host } = new URL(gateway.url);
    const foreign = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: gateway.url },
      { origin: "https://evil.example" },
      { origin: "http://127.0.0.1:1" },
      { origin: "null" },
      {},
    ];
    for (const headers of foreign) {
      const refused = await fetch(`${gateway.url}/dashboard/login`, {
        method: "POST",
        body: new URLSearchParams({ key: ADMIN_KEY }),
        headers,
      });
      assert.deepEqual([refused.status, refused.headers.getSetCookie()], [403, []], JSON.stringify(headers));
      await refused.body?.cancel();
      const sent = { cookie, ...headers } as Record<string, string>;
      assert.equal(await statusOf(`${gateway.url}/dashboard/logout`, sent, "POST"), 403);
      assert.equal(await statusOf(`${gateway.url}/admin/requests`, sent, "POST"), 403);
    }
    for (const site of ["cross-site", "same-site"]) {
      assert.equal(await statusOf(`${gateway.url}/admin/requests`, { cookie, "sec-fetch-site": site }), 403);
    }
    // A browser without Sec-Fetch-Site, and whoever has the key itself, wherever it runs.
    assert.equal(await statusOf(`${gateway.url}/admin/nothing`, { cookie, origin: `http://${host}` }, "POST"), 404);
    assert.equal(await statusOf(`${gateway.url}/admin/requests`, { ...ADMIN, "sec-fetch-site": "cross-site" }), 200);
  });
});

Deno.test("guessing at the login is slowed together with guessing at the admin routes", async () => {
  await withDashboard(async (gateway) => {
    const statuses: number[] = [];
    for (let at = 0; at < 3; at++) {
      statuses.push(await statusOf(`${gateway.url}/admin/requests`, { authorization: "Bearer guess" }));
      const response = await logIn(gateway, { key: "guess" });
      await response.body?.cancel();
      statuses.push(response.status);
    }
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
    const waiting = await logIn(gateway);
    assert.deepEqual([waiting.status, waiting.headers.get("retry-after")], [429, "1"]);
    assert.match(await waiting.text(), /Too many wrong keys\. Try again in 1 s\./);
  });
});

Deno.test("the login leads back to where someone wanted to go, and never to another site", async () => {
  await withDashboard(async (gateway) => {
    const first = await fetch(`${gateway.url}/dashboard/requests?model=a%26b`, { redirect: "manual" });
    await first.body?.cancel();
    const to = new URL(first.headers.get("location") ?? "", gateway.url).searchParams.get("to") ?? "";
    assert.equal(to, "/dashboard/requests?model=a%26b");
    const there = await logIn(gateway, { to });
    await there.body?.cancel();
    assert.equal(there.headers.get("location"), to);
    for (
      const evil of ["https://evil.example/", "//evil.example", "/dashboard/../x", "/dashboard//evil", "/dashboard\\x"]
    ) {
      const response = await logIn(gateway, { to: evil });
      await response.body?.cancel();
      assert.equal(response.headers.get("location"), "/dashboard/requests", evil);
    }
  });
});

Deno.test("a link from another site opens, although the browser holds the cookie back at first", async () => {
  await withDashboard(async ({ url }) => {
    const response = await fetch(`${url}/dashboard/requests?end=failed`, {
      headers: { "sec-fetch-site": "cross-site" },
    });
    assert.equal(response.status, 200);
    assert.match(await response.text(), /http-equiv="refresh" content="0; url=\/dashboard\/requests\?end=failed"/);
  });
});

Deno.test("whatever the dashboard answers forbids foreign and inline scripts, frames and referrers", async () => {
  await withDashboard(async (gateway) => {
    const cookie = await sessionCookie(gateway);
    for (const path of ["", "/login", "/requests", "/nothing", "/assets/x/y.js"]) {
      const response = await fetch(`${gateway.url}/dashboard${path}`, { headers: { cookie }, redirect: "manual" });
      await response.body?.cancel();
      const policy = response.headers.get("content-security-policy") ?? "";
      assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/, path);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/);
      assert.equal(response.headers.get("x-frame-options"), "DENY");
      assert.equal(response.headers.get("referrer-policy"), "same-origin");
    }
  });
});
