/** `deno task build`: the bundle is the same gateway, with what is rarely needed beside what every start reads. */

import assert from "node:assert/strict";
import { startGatewayProcess } from "../support/process.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** Bytes that a start may read: the gateway with zod and Hono, without the tokenizer, the dashboard and the metrics' library. */
const MOST_READ = 900_000;

/** Bundles as the task does, into a folder of its own, with a catalogue of its own two folders up. */
async function build(folder: string): Promise<string> {
  await run(["task", "build", `${folder}/dist/bin`]);
  const twin = { candidates: [{ provider: "demo", model: "echo" }] };
  await Deno.writeTextFile(`${folder}/models.json`, JSON.stringify({ models: { twin } }));
  return `${folder}/dist/bin/`;
}

async function run(args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  assert(success, new TextDecoder().decode(stderr));
}

/** All files that are read before the first of them runs. */
async function staticGraph(folder: string, file: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = await Deno.readTextFile(folder + file);
  for (const [, name] of text.matchAll(/(?:from|import)\s?"\.\/([^"]+)"/g)) await staticGraph(folder, name!, seen);
  return seen;
}

Deno.test("a built gateway answers, counts tokens, tells its metrics and shows its pages", async () => {
  const folder = await Deno.makeTempDir({ prefix: "anystream-build-" });
  try {
    const bin = await build(folder);
    const gateway = await startGatewayProcess({
      entry: "main.ts",
      args: ["run", "-A", "--no-config", `${bin}main.js`],
      env: { ADMIN_KEY: "an-admin-key-for-the-build" },
    });
    try {
      const post = async (path: string, body: unknown) => {
        const response = await fetch(gateway.url + path, { method: "POST", body: JSON.stringify(body) });
        return await response.json();
      };
      const messages = [{ role: "user", content: "Hi" }];
      // By the catalogue's own name: the file is found.
      const answer = await post("/v1/chat/completions", { model: "twin", messages });
      assert.equal(answer.choices?.[0]?.message.content, "Hi", JSON.stringify(answer));
      assert.ok((await post("/v1/messages/count_tokens", { model: "demo/echo", messages })).input_tokens > 0);
      const broken = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body: '{"model": }' });
      assert.equal(broken.status, 400, await broken.text());
      const page = await fetch(`${gateway.url}/dashboard/`);
      assert.match(await page.text(), /<html/);
      const metrics = await fetch(`${gateway.url}/metrics`, {
        headers: { authorization: "Bearer an-admin-key-for-the-build" },
      });
      assert.match(await metrics.text(), /anystream_requests_total\{/);
    } finally {
      await gateway.close();
    }
    const read = await staticGraph(bin, "main.js");
    let bytes = 0;
    for (const file of read) {
      const text = await Deno.readTextFile(bin + file);
      bytes += text.length;
      assert.doesNotMatch(text, /from ?"node:/, `${file}: a start would wait for all that it stands on`);
    }
    assert.ok(bytes > 100_000 && bytes < MOST_READ, `${bytes} bytes in ${[...read].join(", ")}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
