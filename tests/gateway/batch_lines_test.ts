/** The log's lines reach the console in order, together, and before the process ends. */

import assert from "node:assert/strict";
import { batchLines } from "../../gateway/batch_lines.ts";

Deno.test("batchLines() writes what came until the event loop turned in one text, and in order", async () => {
  const texts: string[] = [];
  const write = batchLines((text) => texts.push(text));
  write("one");
  await Promise.resolve();
  write("two");
  assert.deepEqual(texts, []);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(texts, ["one\ntwo"]);
  write("three");
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(texts, ["one\ntwo", "three"]);
});

const ENDS = {
  "exits": "Deno.exit(3);",
  "throws": 'throw new Error("Cannot go on");',
  "leaves a promise rejected": 'Promise.reject(new Error("Cannot go on"));',
};

for (const [how, end] of Object.entries(ENDS)) {
  Deno.test(`batchLines() loses no line of a process that ${how} before the event loop turns`, async () => {
    const module = new URL("../../gateway/batch_lines.ts", import.meta.url).href;
    const code =
      `import { batchLines } from "${module}"; batchLines((text) => console.log(text))("last words"); ${end}`;
    const ended = await new Deno.Command(Deno.execPath(), { args: ["eval", code] }).output();
    assert.equal(ended.success, false);
    assert.equal(new TextDecoder().decode(ended.stdout), "last words\n");
  });
}
