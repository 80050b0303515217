import assert from "node:assert/strict";
import { configOf, providerOf } from "../support/config.ts";
import { formatEnv, formatToml, readVendor, wantsKey } from "../../tools/setup/answers.ts";
import { parseEnv } from "node:util";
import { ROOT } from "../../tools/docs/place.ts";

const CLIENT_KEY = "client-key-1";

/** Sets up in an empty folder, without a terminal. */
async function setUp(args: string[], check: (said: { code: number; text: string; folder: string }) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "anystream-setup-" });
  const command = { args: ["run", "-A", `${ROOT}tools/setup.ts`, ...args], cwd: folder, stdin: "null" as const };
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), command).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    await check({ code, text, folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A vendor that lists its models to whoever has its key. */
async function withVendor(run: (url: string) => Promise<void>): Promise<void> {
  const vendor = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ headers }) => {
    const isKnown = headers.get("authorization") === "Bearer vendor-key-1";
    const body = isKnown ? { data: [{ id: "big-model" }] } : { error: { message: "no such key" } };
    return Response.json(body, { status: isKnown ? 200 : 401 });
  });
  await run(`http://127.0.0.1:${vendor.addr.port}/v1`);
  await vendor.shutdown();
}

Deno.test("setup tries the vendor, writes config.toml for its owner alone, and tells what a client needs", async () => {
  await withVendor((url) =>
    setUp(["--vendor", url, "--key", "vendor-key-1", "--client-key", CLIENT_KEY], async ({ code, text, folder }) => {
      assert.equal(code, 0, text);
      for (const part of ["has 1 models", "http://localhost:8000/v1", CLIENT_KEY, "mine/big-model"]) {
        assert.ok(text.includes(part), text);
      }
      assert.ok(!text.includes("vendor-key-1"));
      const config = configOf({ toml: await Deno.readTextFile(`${folder}/config.toml`) });
      assert.deepEqual(providerOf(config, "mine").apiKeys, ["vendor-key-1"]);
      assert.deepEqual(config.keys.map(({ secret }) => secret), [CLIENT_KEY]);
      assert.equal((await Deno.stat(`${folder}/config.toml`)).mode! & 0o777, 0o600);
    })
  );
});

Deno.test("setup writes nothing that the gateway would not start with, be it not tried", async () => {
  const args = ["--vendor", "deepseek", "--key", "\u201csk-key\u201d", "--client-key", CLIENT_KEY, "--no-test"];
  await setUp(args, async ({ code, text, folder }) => {
    assert.equal(code, 1);
    assert.match(text, /Nothing is written[^]*keys of printable ASCII/);
    assert.ok(!text.includes("sk-key"));
    await assert.rejects(Deno.stat(`${folder}/config.toml`));
  });
});

Deno.test("setup writes nothing for a key that the vendor refuses, and nothing over a file that is there", async () => {
  await withVendor((url) =>
    setUp(["--vendor", url, "--key", "wrong-key"], async ({ code, text, folder }) => {
      assert.equal(code, 1);
      assert.match(text, /Nothing is written, as mine does not work/);
      await assert.rejects(Deno.stat(`${folder}/config.toml`));
      await Deno.writeTextFile(`${folder}/config.toml`, "# mine");
      const again = ["run", "-A", `${ROOT}tools/setup.ts`, "--vendor", "demo"];
      const { success } = await new Deno.Command(Deno.execPath(), { args: again, cwd: folder }).output();
      assert.ok(!success);
      assert.equal(await Deno.readTextFile(`${folder}/config.toml`), "# mine");
    })
  );
});

Deno.test("setup without a terminal and without options says which there are", async () => {
  await setUp([], ({ code, text }) => {
    assert.equal(code, 1);
    assert.match(text, /--vendor NAME/);
    return Promise.resolve();
  });
});

Deno.test("a mistyped vendor is told the near name, and a local one is asked for no key", () => {
  assert.throws(() => readVendor("deepsek"), /did you mean deepseek/);
  assert.throws(() => readVendor("azure"), /address for every account/);
  assert.deepEqual(readVendor(" OpenAI "), { name: "openai" });
  assert.deepEqual(readVendor("https://api.relay.example/v1/"), {
    name: "relay",
    endpoint: "https://api.relay.example/v1",
  });
  const asked = ["openai", "ollama", "demo", "https://a.example/v1"].map((text) => wantsKey(readVendor(text)));
  assert.deepEqual(asked, [true, false, false, true]);
});

for (const name of ["deepseek", "gemini", "ollama", "https://relay.example.com/v1"]) {
  Deno.test(`config.toml and .env of a setup for ${name} come to the same`, () => {
    const vendor = readVendor(name);
    const answers = { vendor, key: wantsKey(vendor) ? "key-one, key-two" : "", clientKey: CLIENT_KEY };
    const fromFile = configOf({ toml: formatToml(answers) });
    const fromEnv = configOf({ env: parseEnv(formatEnv(answers)) as Record<string, string> });
    const shown = (config: typeof fromFile) => ({ ...providerOf(config, vendor.name), origin: undefined });
    assert.deepEqual(shown(fromFile), shown(fromEnv));
    assert.deepEqual(fromFile.keys.map(({ secret }) => secret), fromEnv.keys.map(({ secret }) => secret));
  });
}
