import assert from "node:assert/strict";
import { ADMIN_KEY, adminJson, recorded } from "../support/admin.ts";
import { type GatewayProcess, startGatewayProcess } from "../support/process.ts";

/** Runs a test with a path for a database of its own. */
async function withFile(test: (file: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(`${folder}/kv.sqlite3`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function withProcess(env: Record<string, string>, test: (process: GatewayProcess) => Promise<void>) {
  const process = await startGatewayProcess({ entry: "main.ts", cwd: "/", env: { ADMIN_KEY, ...env } });
  try {
    await test(process);
  } finally {
    await process.close();
  }
}

async function chat({ url }: GatewayProcess, id: string, more: Record<string, string> = {}): Promise<void> {
  const body = JSON.stringify({ model: "demo/echo", messages: [{ role: "user", content: "Hi" }] });
  const headers = { "x-request-id": id, ...more };
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", body, headers });
  assert.equal(response.status, 200, await response.text());
}

async function healthOf({ url }: GatewayProcess) {
  return await (await fetch(`${url}/health`)).json();
}

Deno.test("a record that was made just before SIGINT is there after a restart", () =>
  withFile(async (KV_URL) => {
    await withProcess({ KV_URL }, async (process) => {
      await chat(process, "before-the-end");
      process.kill("SIGINT");
      assert.equal((await process.status).code, 0);
    });
    await withProcess({ KV_URL }, async (process) => {
      const { requests } = await adminJson(process, "requests");
      assert.deepEqual(requests.map(({ id }: { id: string }) => id), ["before-the-end"]);
      assert.equal((await healthOf(process)).storage, "kv");
    });
  }));

Deno.test("the record of an answer that SIGINT cut short is there after a restart", () =>
  withFile(async (KV_URL) => {
    await withProcess({ KV_URL }, async (process) => {
      const body = JSON.stringify({ model: "demo/hang", stream: true, messages: [{ role: "user", content: "Hi" }] });
      const headers = { "x-request-id": "cut-short" };
      const response = await fetch(`${process.url}/v1/chat/completions`, { method: "POST", body, headers });
      const startedAt = performance.now();
      process.kill("SIGINT");
      assert.match(await response.text(), /shutting_down/);
      assert.equal((await process.status).code, 0);
      assert.ok(performance.now() - startedAt < 5_000);
    });
    await withProcess({ KV_URL }, async (process) => {
      const { id, end, error } = await recorded(process);
      assert.deepEqual([id, end, error], ["cut-short", "failed", "shutting-down"]);
    });
  }));

Deno.test("two processes on one file see each other's records", () =>
  withFile((KV_URL) =>
    withProcess({ KV_URL }, (first) =>
      withProcess({ KV_URL }, async (second) => {
        await chat(first, "by-the-first");
        await chat(second, "by-the-second");
        assert.equal((await recorded(second, "text=by-the-first")).id, "by-the-first");
        assert.equal((await recorded(first, "text=by-the-second")).id, "by-the-second");
      }))
  ));

Deno.test("a database that cannot be opened is told by /health and once in the log, and memory stands in for it", () =>
  withProcess({ KV_URL: "/nowhere/at/all/kv.sqlite3", USER_SET_KEY: "client-key" }, async (process) => {
    const { status, storage, storageProblem } = await healthOf(process);
    assert.deepEqual([status, storage, storageProblem], ["ok", "memory", "Deno KV cannot be used"]);
    await chat(process, "in-memory", { authorization: "Bearer client-key" });
    assert.equal((await recorded(process)).id, "in-memory");
    assert.equal(process.output().match(/Cannot use Deno KV/g)?.length, 1);
  }));

Deno.test("memory is no problem to whoever chose it", () =>
  withProcess({ KV_URL: "memory" }, async (process) => {
    const health = await healthOf(process);
    assert.equal(health.storage, "memory");
    assert.equal("storageProblem" in health, false);
  }));
