import assert from "node:assert/strict";
import { type GatewayProcess, startGatewayProcess } from "../support/process.ts";
import { ROOT } from "../../tools/docs/place.ts";

/** What the platform gives: a disk that nobody should write to, and no secrets. Only the database is outside of it. */
function allowances(folder: string): string[] {
  const write = `--allow-write=${folder}`;
  return ["run", "--no-prompt", "--allow-net", "--allow-env", "--allow-sys", "--allow-read", write, `${ROOT}deploy.ts`];
}

async function withDatabase(run: (start: () => Promise<GatewayProcess>) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "anystream-platform-" });
  const env = { KV_URL: `${folder}/kv.sqlite3`, ADMIN_KEY: "admin-key-1", DENO_DEPLOY: "1" };
  const started: GatewayProcess[] = [];
  try {
    await run(async () => {
      const instance = await startGatewayProcess({ entry: "deploy.ts", args: allowances(folder), env, cwd: "/" });
      started.push(instance);
      return instance;
    });
  } finally {
    await Promise.all(started.map((instance) => instance.close()));
    await Deno.remove(folder, { recursive: true });
  }
}

type Ending = "done" | "told" | "refused";

/** One client: how its stream ended, which must not be in silence. */
async function ask({ url }: GatewayProcess, id: string): Promise<Ending> {
  const body = JSON.stringify({ model: "demo/slow", stream: true, messages: [{ role: "user", content: "Hi" }] });
  const headers = { "x-request-id": id };
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body }).catch(() => undefined);
  // Nobody was there any more: the platform leads such a request to another instance.
  if (response === undefined) return "refused";
  const text = await response.text();
  if (response.status !== 200) return response.status === 503 ? "refused" : assert.fail(`${response.status} ${text}`);
  if (text.endsWith("data: [DONE]\n\n")) return "done";
  assert.match(text, /data: \{"error":.*\}\n\n$/, "a stream ended in silence");
  return "told";
}

async function recordedIds({ url }: GatewayProcess): Promise<Set<string>> {
  const headers = { authorization: "Bearer admin-key-1" };
  const { requests } = await (await fetch(`${url}/admin/requests?limit=500`, { headers })).json();
  return new Set(requests.map(({ id }: { id: string }) => id));
}

Deno.test("instances that come and go under load end every stream well or say why, and share their records", async () => {
  await withDatabase(async (start) => {
    const [first, second] = await Promise.all([start(), start()]);
    const clients = Array.from({ length: 20 }, (_, at) => ask(at % 2 === 0 ? first : second, `load-${at}`));
    // Some have begun, and some wait for their first word.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const stoppedAt = performance.now();
    const lasted = first.status.then(() => performance.now() - stoppedAt);
    first.kill("SIGINT");
    const third = await start();
    const later = Array.from({ length: 10 }, (_, at) => ask(third, `later-${at}`));

    // The platform kills after five seconds; a busy machine is given twice that.
    assert.ok(await lasted < 10_000, `it took ${await lasted} ms to stop`);
    assert.equal((await first.status).code, 0);
    const endings = await Promise.all([...clients, ...later]);
    assert.equal(endings.filter((ending, at) => at % 2 === 1 && at < 20 && ending !== "done").length, 0);
    assert.deepEqual(endings.slice(20).filter((ending) => ending !== "done"), []);

    // What the one that stopped still has to write may be lost where the machine is too busy for its five seconds.
    const answered = endings.flatMap((_, at) => at >= 20 ? [`later-${at - 20}`] : at % 2 === 1 ? [`load-${at}`] : []);
    let missing = answered;
    for (let attempt = 0; attempt < 100 && missing.length > 0; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const kept = await recordedIds(third);
      missing = answered.filter((id) => !kept.has(id));
    }
    assert.deepEqual(missing, []);
  });
});

Deno.test("an instance that is killed is replaced by one that finds what it kept", async () => {
  await withDatabase(async (start) => {
    const first = await start();
    assert.equal(await ask(first, "before"), "done");
    for (let attempt = 0; attempt < 100 && !(await recordedIds(first)).has("before"); attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    first.kill("SIGKILL");
    await first.status;
    const second = await start();
    const found = await recordedIds(second);
    assert.ok(found.has("before"));
    assert.equal((await (await fetch(`${second.url}/health`)).json()).storage, "kv");
  });
});
