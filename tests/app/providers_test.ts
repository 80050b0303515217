/** Providers that are added, edited, disabled and removed while the gateway runs. */

import assert from "node:assert/strict";
import { createMemoryStore } from "../../records/memory_store.ts";
import { ADMIN_KEY } from "../support/admin.ts";
import { forgetfulStore } from "../support/forgetful_store.ts";
import { startGateway, type TestGateway, type TestGatewayOptions } from "../support/gateway.ts";
import { type MockUpstream, startMockUpstream } from "../support/mock_upstream.ts";
import { chunk, completion, DONE, ROLE, STOP } from "../support/openai_frames.ts";
import { admin, until } from "../support/providers.ts";

const SECRET = "relay-key-that-nobody-sees";
const ENV = { ADMIN_KEY, ALLOW_PRIVATE_PROVIDERS: "on" };

/** The status of a chat completion. */
async function statusOf(gateway: TestGateway, body: Record<string, unknown>): Promise<number> {
  const response = await gateway.chat(body);
  await response.body?.cancel();
  return response.status;
}

interface Scene {
  gateway: TestGateway;
  upstream: MockUpstream;
  /** What a form would send for a provider at the upstream. */
  relay: Record<string, unknown>;
}

function test(name: string, options: TestGatewayOptions, run: (scene: Scene) => Promise<void>): void {
  Deno.test(name, async () => {
    const upstream = startMockUpstream();
    const gateway = startGateway({ ...options, env: { ...ENV, ...options.env } });
    try {
      const relay = { name: "relay", type: "openai", endpoint: `${upstream.url}/v1`, apiKeys: [SECRET], models: ["m"] };
      await run({ gateway, upstream, relay });
    } finally {
      await gateway.close();
      await upstream.close();
    }
  });
}

test("a provider that is added is used, listed and priced at once, and gone when it is removed", {}, async (scene) => {
  const { gateway, upstream, relay } = scene;
  upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
  const added = await admin(gateway, "POST", "providers", { body: relay });
  assert.equal(added.status, 201);
  assert.equal(added.headers.get("location"), "/admin/providers/relay");
  assert.deepEqual([added.body.state, added.body.keys, added.body.editable], ["used", 1, true]);

  const answer = await (await gateway.chat({ model: "relay/m" })).json();
  assert.equal(answer.choices[0].message.content, "Hello");
  assert.equal(upstream.requests[0]?.headers.get("authorization"), `Bearer ${SECRET}`);
  const ids = async () =>
    (await (await fetch(`${gateway.url}/v1/models`)).json()).data.map(({ id }: { id: string }) => id);
  assert.ok((await ids()).includes("relay/m"));
  const health = async () => await (await fetch(`${gateway.url}/health`)).text();
  assert.match(await health(), /"relay"/);

  assert.equal((await admin(gateway, "DELETE", "providers/relay")).status, 204);
  assert.equal((await admin(gateway, "DELETE", "providers/relay")).status, 204);
  assert.equal(await statusOf(gateway, { model: "relay/m" }), 404);
  assert.ok(!(await ids()).includes("relay/m"));
  assert.doesNotMatch(await health(), /"relay"/);
});

test(
  "health warns of a gateway that is open or has the demo only, until a key or a provider is stored",
  {},
  async (scene) => {
    const { gateway, relay } = scene;
    const warnings = async () => (await (await fetch(`${gateway.url}/health`)).json()).warnings.join("\n");
    assert.match(await warnings(), /^No client key is set.*\nNo provider is set/);
    await admin(gateway, "POST", "providers", { body: relay });
    assert.match(await warnings(), /^No client key is set.*$/);
    await admin(gateway, "POST", "keys", { body: { name: "phone" } });
    assert.equal(await warnings(), "");
  },
);

test("each mistake is told at its field, all of them at once, and nothing is stored", {}, async ({ gateway }) => {
  const body = {
    name: "two words",
    type: "openai",
    endpoint: "ftp://relay.test",
    apiKeys: ["good", ""],
    timeouts: { idle: -1 },
    strem: "real",
    submit: { path: "/tasks" },
  };
  const { status, body: { error, errors } } = await admin(gateway, "POST", "providers", { body });
  assert.equal(status, 400);
  assert.equal(error.code, "invalid_provider");
  assert.deepEqual(errors.map(({ path }: { path: string }) => path).toSorted(), [
    ...["apiKeys.1", "endpoint", "name", "strem", "submit.path", "timeouts.idle"],
  ]);
  const said = Object.fromEntries(errors.map(({ path, message }: Record<string, string>) => [path, message]));
  assert.equal(said["endpoint"], "Expected an http or https URL without user name, password and query");
  assert.equal(said["strem"], 'Not known; near it: "stream"');
  for (const wrong of [[], "text", 7, null, {}]) {
    assert.equal((await admin(gateway, "POST", "providers", { body: wrong })).status, 400, JSON.stringify(wrong));
  }
  const { body: { providers } } = await admin(gateway, "GET", "providers");
  assert.deepEqual(providers.map(({ name }: { name: string }) => name), ["demo"]);
});

test("a key that no header can have is refused where it is entered", {}, async ({ gateway, relay }) => {
  for (const apiKeys of [["good", "\u201csk-good\u201d"], '"sk-a,sk-b"', ["sk-\u2026"]]) {
    const { status, body: { errors } } = await admin(gateway, "POST", "providers", { body: { ...relay, apiKeys } });
    const message = "Expected keys of printable ASCII, without quotes around them";
    assert.deepEqual([status, errors], [400, [{ path: "apiKeys", message }]]);
  }
});

test("what lacks a whole table is told each field of it", {}, async ({ gateway }) => {
  const { body } = await admin(gateway, "POST", "providers", { body: { name: "lf", type: "langfast" } });
  assert.deepEqual(body.errors.map(({ path }: { path: string }) => path), [
    ...["langfast.supabaseUrl", "langfast.anonKey", "langfast.socketUrl"],
  ]);
});

test("the same once more is one provider and the same answer; another one of its name is refused", {
  env: { OPENAI_API_KEY: "sk-openai" },
}, async ({ gateway, relay }) => {
  const first = await admin(gateway, "POST", "providers", { body: relay });
  const again = await admin(gateway, "POST", "providers", { body: { ...relay, filter: null } });
  assert.deepEqual([first.status, again.status], [201, 200]);
  assert.deepEqual(again.body, first.body);
  assert.equal(again.headers.get("etag"), first.headers.get("etag"));
  const other = await admin(gateway, "POST", "providers", { body: { ...relay, apiKeys: ["another"] } });
  assert.deepEqual([other.status, other.body.errors[0].path], [409, "name"]);
  const taken = await admin(gateway, "POST", "providers", { body: { ...relay, name: "openai" } });
  assert.deepEqual([taken.status, taken.body.errors[0].path], [409, "name"]);
});

test("of two who change a provider the second is told; a change needs the version it is made to", {}, async (scene) => {
  const { gateway, relay } = scene;
  const { headers } = await admin(gateway, "POST", "providers", { body: relay });
  const version = headers.get("etag") ?? "";
  const change = (pace: number, match?: string) =>
    admin(gateway, "PUT", "providers/relay", {
      body: { ...relay, pace },
      headers: match === undefined ? {} : { "if-match": match },
    });
  assert.equal((await change(1)).status, 428);
  const changed = await change(1, version);
  assert.deepEqual([changed.status, changed.body.settings.pace], [200, 1]);
  assert.notEqual(changed.headers.get("etag"), version);
  const lost = await change(2, version);
  assert.deepEqual([lost.status, lost.body.error.code], [412, "provider_changed"]);
  assert.equal((await change(1, version)).status, 200, "an answer that was lost is given once more");
  assert.equal((await admin(gateway, "DELETE", "providers/relay", { headers: { "if-match": version } })).status, 412);
  assert.equal((await change(3, "*")).status, 200);
  assert.equal(
    (await admin(gateway, "PUT", "providers/none", { body: relay, headers: { "if-match": "*" } })).status,
    404,
  );
});

test("many who add at the same time all succeed", {}, async ({ gateway, relay }) => {
  const names = Array.from({ length: 6 }, (_, at) => `relay-${at}`);
  const added = await Promise.all(
    names.map((name) => admin(gateway, "POST", "providers", { body: { ...relay, name } })),
  );
  assert.deepEqual(added.map(({ status }) => status), names.map(() => 201));
  const { body: { providers } } = await admin(gateway, "GET", "providers");
  assert.equal(providers.filter(({ origin }: { origin: string }) => origin === "stored").length, 6);
});

test("a secret is never shown, stays where none is sent, and goes to no other host", {}, async (scene) => {
  const { gateway, upstream, relay } = scene;
  upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
  const { apiKeys: _, ...open } = relay;
  const put = (body: unknown) => admin(gateway, "PUT", "providers/relay", { body, headers: { "if-match": "*" } });
  const headers = { "x-token": "header-secret-1", "x-team": "header-secret-2" };
  const added = await admin(gateway, "POST", "providers", { body: { ...relay, headers } });
  assert.deepEqual(added.body.secrets, { apiKeys: 1, headers: 2 }, "how many there are is shown");
  assert.equal((await put({ ...open, pace: 5 })).status, 200);
  await (await gateway.chat({ model: "relay/m" })).body?.cancel();
  assert.equal(upstream.requests[0]?.headers.get("authorization"), `Bearer ${SECRET}`);
  assert.equal(upstream.requests[0]?.headers.get("x-token"), "header-secret-1");

  const moved = await put({ ...open, endpoint: "http://127.0.0.1:9/v1" });
  assert.deepEqual([moved.status, moved.body.errors.map(({ path }: { path: string }) => path)], [
    ...[400, ["apiKeys", "headers"]],
  ]);
  const { body } = await put({ ...open, headers: null });
  assert.deepEqual(body.secrets, { apiKeys: 1 });
  const shown = JSON.stringify([(await admin(gateway, "GET", "providers")).body, body]);
  assert.ok(!shown.includes(SECRET) && !shown.includes("header-secret-1"), shown);
});

test("the log tells once what has become of a provider, whichever others change", {}, async ({ gateway, relay }) => {
  for (const name of ["one", "two", "three"]) await admin(gateway, "POST", "providers", { body: { ...relay, name } });
  const told = gateway.lines.map((line) => JSON.parse(line)).filter(({ message }) => message === "stored provider");
  assert.deepEqual(told.map(({ provider, state }) => [provider, state]), [
    ...["one", "two", "three"].map((name) => [name, "used"]),
  ]);
});

test("a disabled provider is kept and not used", {}, async ({ gateway, upstream, relay }) => {
  upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
  await admin(gateway, "POST", "providers", { body: { ...relay, enabled: false } });
  assert.equal(await statusOf(gateway, { model: "relay/m" }), 404);
  const { enabled: _, ...on } = { ...relay, enabled: true };
  const { body } = await admin(gateway, "PUT", "providers/relay", { body: on, headers: { "if-match": "*" } });
  assert.equal(body.state, "used");
  assert.equal(await statusOf(gateway, { model: "relay/m" }), 200);
});

test("providers of the environment are shown with the reason why they cannot be changed", {
  env: { GROQ_API_KEY: "gsk-environment" },
}, async ({ gateway }) => {
  const { body: groq } = await admin(gateway, "GET", "providers/groq");
  assert.deepEqual([groq.origin, groq.editable, groq.keys, groq.vendor], ["environment", false, 1, "groq"]);
  assert.match(groq.reason, /variable of the environment/);
  assert.ok(!JSON.stringify(groq).includes("gsk-environment"));
  const changed = await admin(gateway, "PUT", "providers/groq", { body: {}, headers: { "if-match": "*" } });
  assert.deepEqual([changed.status, changed.body.error.code], [409, "provider_read_only"]);
  assert.equal((await admin(gateway, "DELETE", "providers/groq")).status, 409);
  assert.equal((await admin(gateway, "GET", "providers/none")).status, 404);
});

Deno.test("secrets that another admin key sealed are told as such, harm nothing, and can be entered again", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e6 });
  const relay = { name: "relay", type: "openai", endpoint: "http://127.0.0.1:9/v1", apiKeys: [SECRET], models: ["m"] };
  const first = startGateway({ env: ENV, store });
  await admin(first, "POST", "providers", { body: relay });
  await first.close();

  const second = startGateway({ env: { ...ENV, ADMIN_KEY, USER_SET_KEY: "" }, store });
  assert.equal((await admin(second, "GET", "providers/relay")).body.state, "used");
  await second.close();

  const changed = startGateway({ env: { ...ENV, ADMIN_KEY: "another-admin-key" }, store });
  const headers = { authorization: "Bearer another-admin-key", "if-match": "*" };
  try {
    const { body } = await admin(changed, "GET", "providers/relay", { headers });
    assert.equal(body.state, "unreadable");
    assert.match(body.problem, /under another admin key/);
    assert.equal(await statusOf(changed, { model: "relay/m" }), 404);
    assert.equal(await statusOf(changed, { model: "demo/echo" }), 200);
    const { apiKeys: _, ...open } = relay;
    const kept = await admin(changed, "PUT", "providers/relay", { body: open, headers });
    assert.deepEqual([kept.status, kept.body.errors[0].path], [400, "apiKeys"]);
    const entered = await admin(changed, "PUT", "providers/relay", { body: relay, headers });
    assert.deepEqual([entered.status, entered.body.state], [200, "used"]);
  } finally {
    await changed.close();
  }
});

test("a key is masked in the log from the moment it is known", {}, async ({ gateway, upstream, relay }) => {
  const body = { error: { message: `Incorrect API key provided: ${SECRET}` } };
  upstream.push({ kind: "json", status: 401, body });
  const tested = await admin(gateway, "POST", "providers/test", { body: { ...relay, models: [] } });
  assert.deepEqual([tested.body.verdict, tested.body.detail.includes(SECRET)], ["key-refused", false]);
  await admin(gateway, "POST", "providers", { body: relay });
  await (await gateway.chat({ model: "relay/m" })).body?.cancel();
  const line = await gateway.logged();
  assert.match(String(line.detail), /Incorrect API key provided: \[redacted\]/);
  assert.ok(!gateway.lines.join("").includes(SECRET));
  const { body: shown } = await admin(gateway, "GET", "providers/relay");
  assert.deepEqual(shown.failures.map(({ kind, model }: Record<string, string>) => [kind, model]), [[
    "upstream-auth",
    "m",
  ]]);
  assert.match(shown.failures[0].detail, /\[redacted\]/);
});

test("a stream goes on to its end while its provider is removed", {}, async ({ gateway, upstream, relay }) => {
  const words = Array.from({ length: 10 }, (_, at) => chunk({ content: `${at} ` }));
  upstream.push({ kind: "stream", chunks: [ROLE, ...words, STOP, DONE], delay: 40 });
  await admin(gateway, "POST", "providers", { body: relay });
  const response = await gateway.chat({ model: "relay/m", stream: true });
  assert.equal((await admin(gateway, "DELETE", "providers/relay")).status, 204);
  const text = await response.text();
  for (let at = 0; at < 10; at++) assert.ok(text.includes(`${at} `), text);
  assert.match(text, /data: \[DONE\]\n\n$/);
  assert.equal(await statusOf(gateway, { model: "relay/m" }), 404);
});

test("a test says what is wrong: path, key, model, address", {}, async ({ gateway, upstream, relay }) => {
  const verdictOf = async (changes: Record<string, unknown> = {}, query = "") => {
    const body = { ...relay, models: [], ...changes };
    const { status, body: { verdict, message, milliseconds } } = await admin(
      gateway,
      "POST",
      `providers/test${query}`,
      {
        body,
      },
    );
    assert.equal(status, 200, verdict);
    assert.ok(typeof message === "string" && milliseconds >= 0);
    upstream.reset();
    return verdict;
  };
  upstream.push({ kind: "json", body: { data: [{ id: "m" }] } });
  assert.equal(await verdictOf(), "ok");
  upstream.push({ kind: "json", status: 401, body: { error: { message: "no" } } });
  assert.equal(await verdictOf(), "key-refused");
  upstream.push({ kind: "json", status: 404, body: { error: { message: "Not Found" } } });
  assert.equal(await verdictOf(), "wrong-path");
  upstream.push({ kind: "response", make: () => new Response("<html>Welcome</html>") });
  assert.equal(await verdictOf(), "no-api");
  upstream.push({ kind: "json", status: 404, body: {} }, { kind: "json", body: completion({ content: "Hi" }) });
  assert.equal(await verdictOf({ models: ["m"] }), "ok", "it has no list, and answers");
  upstream.push({ kind: "json", body: { data: [] } }, {
    kind: "json",
    status: 404,
    body: { error: { message: "no m" } },
  });
  assert.equal(await verdictOf({}, "?model=m"), "unknown-model");
  upstream.push({ kind: "json", body: { data: [] } });
  assert.equal(await verdictOf(), "no-models");
  assert.equal(await verdictOf({ endpoint: "http://127.0.0.1:9/v1" }), "unreachable");
  upstream.push({ kind: "json", body: { data: [{ id: "m" }, { id: "n" }] } }, { kind: "json", body: completion({}) });
  const { body } = await admin(gateway, "POST", "providers/test?model=m", { body: { ...relay, models: [] } });
  assert.deepEqual([body.verdict, body.models, body.model], ["ok", 2, "m"], "how many it lists is told all the same");
});

test("a stored provider is tested and its models are listed, for everybody anew", {}, async (scene) => {
  const { gateway, upstream, relay } = scene;
  await admin(gateway, "POST", "providers", { body: { ...relay, models: [] } });
  upstream.push({ kind: "json", status: 500, body: {} });
  assert.equal((await admin(gateway, "GET", "providers/relay/models")).status, 502);
  upstream.reset();
  upstream.push({ kind: "json", body: { data: [{ id: "one" }, { id: "two" }] } });
  assert.equal((await admin(gateway, "POST", "providers/relay/test")).body.models, 2);
  const { body } = await admin(gateway, "GET", "providers/relay/models");
  assert.deepEqual(body.models.map(({ id }: { id: string }) => id), ["relay/one", "relay/two"]);
  const { body: shown } = await admin(gateway, "GET", "providers/relay");
  assert.deepEqual([shown.models.source, shown.models.models], ["fetched", 2]);
});

test(
  "the models of a provider that is not in use are asked for, and those its filter lets through are listed",
  {},
  async (scene) => {
    const { gateway, upstream, relay } = scene;
    const off = { ...relay, models: [], enabled: false, filter: { mode: "blacklist", models: ["two"] } };
    await admin(gateway, "POST", "providers", { body: off });
    upstream.push({ kind: "json", body: { data: [{ id: "one" }, { id: "two" }] } });
    const { body } = await admin(gateway, "GET", "providers/relay/models");
    assert.deepEqual(body.models, [{ id: "relay/one", upstream: "one" }]);
    await admin(gateway, "POST", "providers", { body: { ...off, name: "named", models: ["m"] } });
    const { body: named } = await admin(gateway, "GET", "providers/named/models");
    assert.deepEqual(named.models, [{ id: "named/m", upstream: "m" }]);
    assert.equal(upstream.requests.length, 1, "those that its settings name are not asked for");
  },
);

Deno.test("while the storage is away, what is known stays in use, and nothing is saved that would be lost", async () => {
  const { memory, store, storage } = forgetfulStore();
  const gateway = startGateway({ env: ENV, store });
  const relay = { name: "relay", type: "openai", endpoint: "http://127.0.0.1:9/v1", models: ["m"] };
  try {
    await admin(gateway, "POST", "providers", { body: relay });
    storage.isAway = true;
    await memory.set(["providers", "all"], (await memory.get(["providers", "all"]))?.value);
    const refused = await admin(gateway, "POST", "providers", { body: { ...relay, name: "other" } });
    assert.deepEqual([refused.status, refused.body.error.code], [503, "storage_away"]);
    assert.equal((await admin(gateway, "GET", "providers/relay")).body.state, "used");
    storage.isAway = false;
    await memory.delete(["providers", "all"]);
    await until("the change is seen", async () => (await admin(gateway, "GET", "providers/relay")).status === 404);
  } finally {
    await gateway.close();
  }
});

test("without the admin key nothing is told, tested or changed", {}, async ({ gateway, relay }) => {
  const headers = { authorization: "Bearer wrong" };
  const asked: [string, string][] = [
    ...[["GET", "provider-schema"], ["GET", "provider-schema/openai"], ["GET", "providers"]] as [string, string][],
    ...[["POST", "providers"], ["DELETE", "providers/demo"]] as [string, string][],
  ];
  for (const [method, path] of asked) {
    const body = method === "POST" ? relay : undefined;
    const { status } = await admin(gateway, method, path, { headers, ...(body && { body }) });
    assert.ok(status === 401 || status === 429, `${method} ${path}: ${status}`);
  }
});
