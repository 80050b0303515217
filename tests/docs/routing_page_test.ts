import assert from "node:assert/strict";
import { ROOT } from "../../tools/docs/place.ts";
import { configOf } from "../support/config.ts";

Deno.test("the file that docs/routing.md shows is a configuration without a mistake", async () => {
  const page = await Deno.readTextFile(`${ROOT}docs/routing.md`);
  const [, toml] = /```toml\n([^]*?)```/.exec(page) ?? assert.fail("there is none");
  const { models, warnings } = configOf({ toml: toml! });
  assert.deepEqual(Object.keys(models.models), ["best", "cheap", "claude-*haiku*"]);
  assert.deepEqual(warnings.filter((warning) => warning.includes("not known")), []);
});
