/** The shell: files and environment as a process sees them, through the command that people run. */

import assert from "node:assert/strict";

const VALIDATE = new URL("../../../tools/validate.ts", import.meta.url).pathname;
const CONFIG = new URL("../../../deno.jsonc", import.meta.url).pathname;

interface Run {
  env?: Record<string, string>;
  /** The working folder's config.toml. */
  toml?: string;
  permissions?: string[];
  prepare?: (folder: string) => Promise<void>;
}

async function validate({ env = {}, toml, permissions = ["-A"], prepare }: Run) {
  const folder = await Deno.makeTempDir();
  try {
    if (toml !== undefined) await Deno.writeTextFile(`${folder}/config.toml`, toml);
    await prepare?.(folder);
    const { DENO_DIR, HOME, PATH } = Deno.env.toObject();
    const kept = Object.entries({ DENO_DIR, HOME, PATH }).filter(([, value]) => value !== undefined);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-lock", "--config", CONFIG, ...permissions, VALIDATE],
      cwd: folder,
      clearEnv: true,
      env: { ...Object.fromEntries(kept) as Record<string, string>, ...env },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("without a file the gateway starts, and models.json is its own", async () => {
  const { code, stdout } = await validate({});
  assert.equal(code, 0);
  assert.match(stdout, /^Listens on http:\/\/0\.0\.0\.0:8000\n/);
  assert.match(stdout, /Models in models\.json: \d\d, default gpt-5/);
});

Deno.test("config.toml of the working folder is read, and the environment goes before it", async () => {
  const { code, stdout } = await validate({ toml: "[app]\nport = 3000\nhost = '::1'", env: { PORT: "3001" } });
  assert.equal(code, 0);
  assert.match(stdout, /^Listens on http:\/\/\[::1\]:3001\n/);
});

Deno.test("CONFIG_FILE names another file, and CONFIG_TOML is the text itself and goes before both", async () => {
  const prepare = (folder: string) => Deno.writeTextFile(`${folder}/other.toml`, "[app]\nport = 3002");
  const named = await validate({ toml: "[app]\nport = 3000", prepare, env: { CONFIG_FILE: "other.toml" } });
  assert.match(named.stdout, /:3002\n/);
  const env = { CONFIG_FILE: "other.toml", CONFIG_TOML: "[app]\nport = 3003" };
  const text = await validate({ toml: "[app]\nport = 3000", prepare, env });
  assert.match(text.stdout, /:3003\n/);
});

Deno.test("a model without a price is told of where a key's money is limited, as /health and the log tell it", async () => {
  const provider = "[providers.own]\nendpoint = 'https://upstream.test/v1'\napi_key = 'k'\nmodels = ['odd']";
  const key = "[[app.keys]]\nname = 'phone'\nkey = 'sk-phone'\nmoneyPerDay = 1";
  const { code, stdout } = await validate({ toml: `${key}\n${provider}` });
  assert.equal(code, 0);
  assert.match(stdout, /\nWarnings:\n(?:.*\n)* {2}The price of own\/odd is not known/);
});

Deno.test("a mistake ends the command with a non-zero status, path, value and expectation", async () => {
  const { code, stdout, stderr } = await validate({
    toml: "[app]\nport = 'x'",
    env: { LOG_LEVEL: "loud", LOG_FROMAT: "x" },
  });
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, / {2}config\.toml \[app\]\.port is "x", expected a port, from 0 to 65535\n/);
  assert.match(stderr, / {2}LOG_LEVEL is "loud", expected one of "debug", /);
  assert.match(stderr, / {2}LOG_FROMAT is not known and does nothing; near it: "LOG_FORMAT"\n/);
});

Deno.test("a file that was named and is not there is a mistake, told with all others", async () => {
  const { code, stderr } = await validate({ env: { CONFIG_FILE: "gone.toml", PORT: "x" } });
  assert.equal(code, 1);
  assert.match(stderr, /CONFIG_FILE is "gone\.toml", expected a file that can be read\n/);
  assert.match(stderr, /PORT is "x"/);
});

Deno.test("a config.toml that cannot be read is a mistake: Docker makes a folder of a file that is not there", async () => {
  const { code, stderr } = await validate({ prepare: (folder) => Deno.mkdir(`${folder}/config.toml`) });
  assert.equal(code, 1);
  assert.match(stderr, /config\.toml is "config\.toml", expected a file that can be read\n/);
});

Deno.test("where files may not be read, as on an edge without a disk, the environment is enough", async () => {
  const { code, stdout } = await validate({ permissions: ["--allow-env"], env: { USER_SET_KEY: "k" } });
  assert.equal(code, 0);
  assert.match(stdout, /Models in models\.json: 0, default none/);
});
