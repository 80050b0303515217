import assert from "node:assert/strict";
import { createMemoryStore } from "../../records/memory_store.ts";
import { ADMIN, ADMIN_KEY } from "../support/admin.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";

interface Answer {
  status: number;
  // deno-lint-ignore no-explicit-any
  body: any;
}

async function call({ url }: TestGateway, method: string, path = "", body?: unknown): Promise<Answer> {
  const response = await fetch(`${url}/admin/keys${path}`, {
    method,
    headers: ADMIN,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

async function chat(gateway: TestGateway, secret: string, model = "demo/echo"): Promise<number> {
  const response = await gateway.chat({ model }, { headers: { authorization: `Bearer ${secret}` } });
  await response.body?.cancel();
  return response.status;
}

async function withGateway(
  run: (gateway: TestGateway, store: ReturnType<typeof createMemoryStore>) => Promise<void>,
): Promise<void> {
  const store = createMemoryStore({ now: Date.now, limit: 1e7 });
  const toml = '[app]\nkeys = [{ name = "file", key = "file-key-1", requestsPerMinute = 100 }]';
  const gateway = startGateway({ env: { ADMIN_KEY, RECORD_BODIES: "full", LOG_LEVEL: "debug" }, toml, store });
  try {
    await run(gateway, store);
  } finally {
    await gateway.close();
  }
}

Deno.test("a key that is made is shown once, works at once, and is nowhere but in its client's hand", async () => {
  await withGateway(async (gateway, store) => {
    const limits = { models: ["demo/*"], requestsPerMinute: 5, moneyPerMonth: 1.5 };
    const { status, body: { secret, key } } = await call(gateway, "POST", "", { name: "phone", limits });
    assert.equal(status, 201);
    assert.match(secret, /^sk-any-[\w-]{43}$/);
    assert.deepEqual([key.name, key.state, key.origin, key.limits], ["phone", "active", "stored", limits]);
    assert.equal(await chat(gateway, secret), 200);
    await gateway.logged(({ key }) => key === "phone");
    const list = await call(gateway, "GET");
    const [file, phone] = list.body.keys;
    assert.deepEqual([file.name, file.origin, file.id], ["file", "configuration", undefined]);
    assert.equal(phone.use.requestsPerMinute.used, 1);
    assert.equal(phone.use.moneyPerMonth.used, 0);
    const kept = await store.list([], { limit: 1000 }).catch(() => store.list(["client-keys"], { limit: 1000 }));
    for (const text of [JSON.stringify(list), JSON.stringify(kept), ...gateway.lines]) {
      assert.ok(!text.includes(secret) && !text.includes("file-key-1"), text);
    }
  });
});

Deno.test("a key is edited, disabled, rotated and deleted, each with effect at once", async () => {
  await withGateway(async (gateway) => {
    const { body: { secret, key: { id } } } = await call(gateway, "POST", "", { name: "phone" });
    assert.equal(await chat(gateway, secret), 200);
    const { body: edited } = await call(gateway, "PATCH", `/${id}`, { limits: { models: ["demo/tools"] } });
    assert.deepEqual([edited.key.name, edited.key.limits], ["phone", { models: ["demo/tools"] }]);
    assert.equal(await chat(gateway, secret), 403);
    await call(gateway, "PATCH", `/${id}`, { limits: {}, disabled: true });
    assert.equal(await chat(gateway, secret), 401);
    await call(gateway, "PATCH", `/${id}`, { disabled: false });
    assert.equal(await chat(gateway, secret), 200);
    const { body: rotated } = await call(gateway, "POST", `/${id}/rotate`);
    assert.equal(await chat(gateway, secret), 401);
    assert.equal(await chat(gateway, rotated.secret), 200);
    assert.equal((await call(gateway, "DELETE", `/${id}`)).status, 204);
    assert.equal(await chat(gateway, rotated.secret), 401);
    assert.equal((await call(gateway, "DELETE", `/${id}`)).status, 404);
  });
});

Deno.test("a change that is long in coming undoes neither a new secret nor a deletion that came meanwhile", async () => {
  await withGateway(async (gateway) => {
    const { body: { secret, key: { id } } } = await call(gateway, "POST", "", { name: "phone" });
    /** Renames the key, and has the rest done before the last of its body is sent. */
    const slowly = async (meanwhile: () => Promise<unknown>): Promise<number> => {
      const { readable, writable } = new TransformStream();
      const writer = writable.getWriter();
      const renamed = fetch(`${gateway.url}/admin/keys/${id}`, { method: "PATCH", headers: ADMIN, body: readable });
      await writer.write(new TextEncoder().encode('{"name":'));
      await new Promise((resolve) => setTimeout(resolve, 50));
      await meanwhile();
      await writer.write(new TextEncoder().encode('"tablet"}'));
      await writer.close();
      const response = await renamed;
      await response.body?.cancel();
      return response.status;
    };
    let rotated = "";
    assert.equal(await slowly(async () => rotated = (await call(gateway, "POST", `/${id}/rotate`)).body.secret), 200);
    assert.deepEqual([await chat(gateway, secret), await chat(gateway, rotated)], [401, 200]);
    assert.equal(await slowly(() => call(gateway, "DELETE", `/${id}`)), 404);
    assert.equal(await chat(gateway, rotated), 401);
  });
});

Deno.test("what is wrong with a key is told by field", async () => {
  await withGateway(async (gateway) => {
    const cases: [unknown, Record<string, string>][] = [
      [{ name: " " }, { name: "Expected a name of 1 to 100 characters" }],
      [{ name: "file" }, { name: "Expected a name that no other key has" }],
      [{ name: "x", colour: 1 }, { colour: "Nothing is known of that name" }],
      [
        { name: "x", limits: { requestsPerMinute: 0, moneyPerDay: "5", tokensPerWeek: 1 } },
        {
          "limits.requestsPerMinute": "Expected a whole number from 1 to 1000000000000",
          "limits.moneyPerDay": "Expected USD, a number over 0 and up to 1000000",
          "limits.tokensPerWeek": "Nothing is known of that name",
        },
      ],
      [{ name: "x", expiresAt: 1_900_000_000 }, {
        expiresAt: "Expected milliseconds since 1970, a whole number, not seconds",
      }],
      [{ name: "x", expiresAt: 1_700_000_000_000 }, { expiresAt: "Expected a moment that is yet to come" }],
      [[], { "": "Expected an object with name, limits, disabled and expiresAt only" }],
    ];
    for (const [form, expected] of cases) {
      const { status, body } = await call(gateway, "POST", "", form);
      assert.equal(status, 400);
      const problems = body.errors.map(({ path, message }: { path: string; message: string }) => [path, message]);
      assert.deepEqual(Object.fromEntries(problems), expected);
      assert.match(body.error.message, /^Cannot keep the key as /);
    }
  });
});

Deno.test("a refused key is told for whose it was taken, and to ask again is of no use", async () => {
  await withGateway(async ({ url }) => {
    for (
      const [key, told] of [["wrong", /is none of this gateway's$/], [
        "",
        /no API key of this gateway was sent$/,
      ]] as const
    ) {
      const headers = key === "" ? {} : { authorization: `Bearer ${key}` };
      const response = await fetch(`${url}/v1/messages`, { method: "POST", headers, body: "{}" });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get("x-should-retry"), "false");
      assert.match((await response.json()).error.message, told);
    }
  });
});

Deno.test("a refused key is in the log, once a minute for each address and reason, without the key", async () => {
  const clock = { now: 1_900_000_000_000 };
  const gateway = startGateway({ env: { USER_SET_KEY: "client-key-1" }, now: () => clock.now });
  const ask = async () => {
    const headers = { authorization: "Bearer sk-wrong-key-of-somebody" };
    await (await gateway.chat({ model: "demo/echo" }, { headers })).body?.cancel();
  };
  try {
    await (await fetch(`${gateway.url}/v1/models`)).body?.cancel();
    for (let at = 0; at < 3; at++) await ask();
    clock.now += 60_000;
    await ask();
    const lines = gateway.logs.filter(({ message }) => message === "refused");
    assert.deepEqual(lines.map(({ status, path, untold }) => [status, path, untold]), [
      [401, "/v1/models", undefined],
      [401, "/v1/chat/completions", undefined],
      [401, "/v1/chat/completions", 2],
    ]);
    assert.doesNotMatch(gateway.lines.join(), /wrong-key/);
  } finally {
    await gateway.close();
  }
});

Deno.test("a client's key opens no admin route of keys", async () => {
  await withGateway(async ({ url }) => {
    for (const method of ["GET", "POST", "DELETE"]) {
      const headers = { authorization: "Bearer file-key-1" };
      const response = await fetch(`${url}/admin/keys`, { method, headers });
      await response.body?.cancel();
      assert.equal(response.status, 401);
    }
  });
});

Deno.test("who is given the name of a deleted key is given nothing that was kept for it", async () => {
  await withGateway(async (gateway) => {
    const session = async (secret: string) => {
      const response = await fetch(`${gateway.url}/v1/sessions/mine`, {
        headers: { authorization: `Bearer ${secret}` },
      });
      await response.body?.cancel();
      return response.status;
    };
    const first = (await call(gateway, "POST", "", { name: "phone" })).body;
    const headers = { authorization: `Bearer ${first.secret}`, "x-session-id": "mine" };
    await (await gateway.chat({ model: "demo/echo" }, { headers })).body?.cancel();
    assert.equal(await session(first.secret), 200);
    assert.ok((await call(gateway, "DELETE", `/${first.key.id}`)).status < 300);
    const second = (await call(gateway, "POST", "", { name: "phone" })).body;
    assert.equal(await session(second.secret), 404);
  });
});
