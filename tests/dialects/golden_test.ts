import assert from "node:assert/strict";
import { DIALECTS } from "../support/dialects.ts";
import { goldens, render } from "../support/golden.ts";
import { collect } from "../support/replay.ts";

/** Only a client whose dialect has tools with free text for input can have offered one. */
const HAS_CUSTOM_TOOLS: ReadonlySet<string> = new Set(["openai_chat", "openai_responses"]);

function hasCustomTool(name: string): boolean {
  return name.includes("custom_tool");
}

for (const golden of goldens()) {
  const { from, to, fixture, path } = golden;
  const { name } = fixture;
  Deno.test(`golden: ${name} for a client of ${to.name} (rewritten by deno task golden)`, async () => {
    const text = await render(golden);
    assert.equal(text, await Deno.readTextFile(path));
    if (from === to || (hasCustomTool(name) && !HAS_CUSTOM_TOOLS.has(to.name))) return;
    const { choices } = await collect(from, fixture.bytes);
    DIALECTS.find(({ dialect }) => dialect === to)?.check(text, { n: choices.length });
  });
}
