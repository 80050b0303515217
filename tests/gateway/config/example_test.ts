/** config.example.toml: what stands in it is understood, and so is what it shows in comments. */

import assert from "node:assert/strict";
import { PROVIDER_SETTINGS, SETTINGS } from "../../../gateway/config/mod.ts";
import { configOf } from "../../support/config.ts";

const EXAMPLE = await Deno.readTextFile(new URL("../../../config.example.toml", import.meta.url));

/** With every setting in force: comments of the form `# key = …` taken off, every provider on, old-file mode avoided. */
const FULL = EXAMPLE.replace(/^# (?=\w+ = )/gm, "").replaceAll("enabled = false", "enabled = true");

Deno.test("the example as it stands comes to the defaults", () => {
  const { warnings: _, ...example } = configOf({ toml: EXAMPLE });
  const { warnings: __, ...defaults } = configOf({});
  assert.deepEqual(example, defaults);
});

Deno.test("the example with everything in force is understood without a warning", () => {
  const config = configOf({ toml: FULL, env: { ADMIN_SECRET: "admin" } });
  assert.deepEqual(config.warnings, []);
  assert.deepEqual(config.providers.map(({ name }) => name), ["deepseek", "my-relay", "langfast", "slow", "demo"]);
  assert.equal(config.adminKey, "admin");
});

Deno.test("the example shows every setting of the gateway with its variable, and every setting of a provider", () => {
  for (const { env, toml } of Object.values(SETTINGS)) {
    const key = (toml[0] ?? "").split(".").at(-1) ?? "";
    assert.match(EXAMPLE, new RegExp(`^(# )?${key} = `, "m"), key);
    if (!env.some((name) => EXAMPLE.includes(name))) assert.fail(`no variable of ${toml[0]} in the example`);
  }
  for (const { toml } of Object.values(PROVIDER_SETTINGS)) {
    const key = (toml[0] ?? "").split(".").at(-1) ?? "";
    assert.match(EXAMPLE, new RegExp(`^(# )?${key} = `, "m"), key);
  }
});
