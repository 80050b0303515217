import assert from "node:assert/strict";
import { CHECKS } from "../../tools/doctor/checks.ts";
import { examine, type Grade, type Target } from "../../tools/doctor/check.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const KEYS = { key: "client-key-1", adminKey: "admin-key-1" };
const ENV = { USER_SET_KEY: KEYS.key, ADMIN_KEY: KEYS.adminKey, KEEP_ALIVE_INTERVAL: "200" };

/** Long enough for several keep-alives, and for the five seconds that are too long. */
const LISTEN = { short: 1_500, long: 5_500 };

async function gradesOf(target: Target, names = CHECKS.map(({ name }) => name)): Promise<Record<string, Grade>> {
  const grades: Record<string, Grade> = {};
  const checks = CHECKS.filter(({ name }) => names.includes(name));
  for await (const { name, grade } of examine(checks, target)) grades[name] = grade;
  return grades;
}

async function withGateway(env: Record<string, string>, run: (gateway: TestGateway) => Promise<void>): Promise<void> {
  const gateway = startGateway({ env });
  try {
    await run(gateway);
  } finally {
    await gateway.close();
  }
}

type Forward = (request: Request, upstream: string) => Promise<Response>;

/** Something bad between the doctor and a good gateway. */
async function withProxy(forward: Forward, run: (url: string) => Promise<void>): Promise<void> {
  await withGateway(ENV, async ({ url }) => {
    const proxy = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      const { pathname } = new URL(request.url);
      return forward(request, url + pathname);
    });
    await run(`http://127.0.0.1:${proxy.addr.port}`);
    await proxy.shutdown();
  });
}

function pass({ method, headers, body }: Request, upstream: string): Promise<Response> {
  return fetch(upstream, { method, headers, body });
}

Deno.test("doctor finds a good gateway well, but for what it keeps in memory", async () => {
  await withGateway(ENV, async ({ url }) => {
    const grades = await gradesOf({ url, ...KEYS, listen: LISTEN.short });
    const expected = Object.fromEntries(CHECKS.map(({ name }) => [name, "ok"]));
    assert.deepEqual(grades, { ...expected, storage: "warn", health: grades.health });
  });
});

Deno.test("doctor warns of an open gateway, and skips what it has no key for", async () => {
  await withGateway({}, async ({ url }) => {
    const grades = await gradesOf({ url, listen: LISTEN.short }, ["health", "auth", "abort"]);
    assert.deepEqual(grades, { health: "warn", auth: "warn", abort: "skip" });
  });
  await withGateway(ENV, async ({ url }) => {
    assert.deepEqual(await gradesOf({ url, listen: LISTEN.short }, ["auth", "clock"]), { auth: "skip", clock: "skip" });
  });
  await withGateway({ ...ENV, DEMO: "off" }, async ({ url }) => {
    assert.deepEqual(await gradesOf({ url, ...KEYS, listen: LISTEN.short }, ["clock"]), { clock: "skip" });
  });
});

Deno.test("doctor finds a key that is not known", async () => {
  await withGateway(ENV, async ({ url }) => {
    const target = { url, key: "wrong", adminKey: "wrong", listen: LISTEN.short };
    assert.deepEqual(await gradesOf(target, ["auth"]), { auth: "fail" });
  });
});

Deno.test("doctor finds a proxy that collects streams, and so hides keep-alives and clients that leave", async () => {
  const collect: Forward = async (request, upstream) => {
    if (!(await request.clone().text()).includes('"demo/hang"')) {
      const response = await pass(request, upstream);
      return new Response(await response.text(), response);
    }
    // It would never end.
    await request.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, LISTEN.long + 300));
    return new Response();
  };
  await withProxy(collect, async (url) => {
    const grades = await gradesOf({ url, ...KEYS, listen: LISTEN.long }, ["first byte", "keep-alive gap", "abort"]);
    assert.deepEqual(grades, { "first byte": "fail", "keep-alive gap": "fail", "abort": "fail" });
  });
});

Deno.test("doctor finds a wrong clock, a misconfigured gateway, and one that lets everybody in or nobody", async () => {
  const created = Math.floor(Date.now() / 1000) - 60;
  const broken: Forward = async ({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === "/health") return Response.json({ status: "misconfigured", problems: [] }, { status: 503 });
    if (pathname === "/v1/models") return new Response(null, { status: 500 });
    return await Promise.resolve(Response.json({ created }));
  };
  await withProxy(broken, async (url) => {
    const grades = await gradesOf({ url, ...KEYS, listen: LISTEN.short }, ["health", "auth", "clock"]);
    assert.deepEqual(grades, { health: "fail", auth: "fail", clock: "fail" });
  });
});

Deno.test("doctor finds that nobody is there", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  const grades = await gradesOf({ url, ...KEYS, listen: LISTEN.short });
  assert.deepEqual([...new Set(Object.values(grades))], ["fail"]);
});
