/** Stored providers in a real database: unreadable in its file, and shared by all that use it. */

import assert from "node:assert/strict";
import { ADMIN_KEY } from "../support/admin.ts";
import { startMockUpstream } from "../support/mock_upstream.ts";
import { chunk, completion, DONE, ROLE, STOP } from "../support/openai_frames.ts";
import { type GatewayProcess, startGatewayProcess } from "../support/process.ts";
import { admin, until } from "../support/providers.ts";

const SECRETS = ["sk-relay-0123456789abcdef", "value-of-a-secret-header", "anon-key-of-langfast-77"];

function ask({ url }: GatewayProcess, body: Record<string, unknown>): Promise<Response> {
  const messages = [{ role: "user", content: "Hi" }];
  return fetch(`${url}/v1/chat/completions`, { method: "POST", body: JSON.stringify({ messages, ...body }) });
}

async function statusOf(gateway: GatewayProcess, model: string): Promise<number> {
  const response = await ask(gateway, { model });
  await response.body?.cancel();
  return response.status;
}

Deno.test("a provider that is added in one process is used in another; removed while it streams, the stream ends well", async () => {
  const folder = await Deno.makeTempDir();
  const upstream = startMockUpstream();
  const env = { ADMIN_KEY, KV_URL: `${folder}/kv.sqlite3`, ALLOW_PRIVATE_PROVIDERS: "on" };
  const one = await startGatewayProcess({ entry: "main.ts", env, cwd: "/" });
  const other = await startGatewayProcess({ entry: "main.ts", env, cwd: "/" });
  const relay = {
    name: "relay",
    type: "openai",
    endpoint: `${upstream.url}/v1`,
    apiKeys: [SECRETS[0]],
    headers: { "x-token": SECRETS[1] },
    models: ["m"],
  };
  try {
    assert.equal(await statusOf(other, "relay/m"), 404);
    upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
    assert.equal((await admin(one, "POST", "providers", { body: relay })).status, 201);
    assert.equal(await statusOf(one, "relay/m"), 200);
    await until("the other process knows it", async () => await statusOf(other, "relay/m") === 200);
    assert.equal(upstream.requests.at(-1)?.headers.get("authorization"), `Bearer ${SECRETS[0]}`);

    const langfast = {
      name: "lf",
      type: "langfast",
      langfast: { supabaseUrl: "http://127.0.0.1:9", socketUrl: "ws://127.0.0.1:9", anonKey: SECRETS[2] },
    };
    assert.equal((await admin(one, "POST", "providers", { body: langfast })).status, 201);

    const words = Array.from({ length: 60 }, (_, at) => chunk({ content: `${at} ` }));
    upstream.reset();
    upstream.push({ kind: "stream", chunks: [ROLE, ...words, STOP, DONE], delay: 100 });
    const stream = await ask(other, { model: "relay/m", stream: true });
    assert.equal((await admin(one, "DELETE", "providers/relay")).status, 204);
    await until("the other process has forgotten it", async () => await statusOf(other, "relay/m") === 404);
    const text = await stream.text();
    assert.ok(text.includes("59 ") && text.endsWith("data: [DONE]\n\n"), text.slice(-300));

    for (const secret of SECRETS) {
      for (const gateway of [one, other]) assert.ok(!gateway.output().includes(secret), "a secret is in the log");
    }
  } finally {
    await one.close();
    await other.close();
    await upstream.close();
    await assertUnreadable(folder);
    await Deno.remove(folder, { recursive: true });
  }
});

/** Looks into every byte of the database's files. */
async function assertUnreadable(folder: string): Promise<void> {
  const latin = new TextDecoder("latin1");
  let all = "";
  for await (const { name } of Deno.readDir(folder)) all += latin.decode(await Deno.readFile(`${folder}/${name}`));
  assert.ok(all.includes("langfast"), "what is no secret is found, so that a secret would be, too");
  for (const secret of SECRETS) {
    assert.ok(!all.includes(secret) && !all.includes(btoa(secret)), "a secret stands in the database's file");
  }
}

Deno.test("a process that starts anew uses what is stored, from the first request on", async () => {
  const folder = await Deno.makeTempDir();
  const upstream = startMockUpstream();
  upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
  const env = { ADMIN_KEY, KV_URL: `${folder}/kv.sqlite3`, ALLOW_PRIVATE_PROVIDERS: "on" };
  const relay = { name: "relay", type: "openai", endpoint: `${upstream.url}/v1`, apiKeys: [SECRETS[0]], models: ["m"] };
  try {
    const before = await startGatewayProcess({ entry: "main.ts", env, cwd: "/" });
    assert.equal((await admin(before, "POST", "providers", { body: relay })).status, 201);
    await before.close();
    const after = await startGatewayProcess({ entry: "deploy.ts", env, cwd: "/" });
    assert.equal(await statusOf(after, "relay/m"), 200);
    await after.close();
  } finally {
    await upstream.close();
    await Deno.remove(folder, { recursive: true });
  }
});
