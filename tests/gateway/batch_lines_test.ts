/** The log's lines reach the console in order, together, and before the process ends. */

import assert from "node:assert/strict";
import { batchLines } from "../../gateway/batch_lines.ts";
import { inFakeTime } from "../support/fake_time.ts";

Deno.test("batchLines() writes what came within some milliseconds in one text, in order, and made only then", async () => {
  await inFakeTime(async ({ pass }) => {
    const texts: string[] = [];
    const made: string[] = [];
    const line = (text: string) => () => {
      made.push(text);
      return text;
    };
    const write = batchLines((text) => texts.push(text));
    write(line("one"));
    await pass(10);
    write(line("two"));
    assert.deepEqual([texts, made], [[], []]);
    await pass(10);
    assert.deepEqual([texts, made], [["one\ntwo"], ["one", "two"]]);
    write(line("three"));
    await pass(20);
    assert.deepEqual(texts, ["one\ntwo", "three"]);
  });
});

Deno.test("batchLines() writes the other lines where one cannot be made", async () => {
  await inFakeTime(async ({ pass }) => {
    const texts: string[] = [];
    const write = batchLines((text) => texts.push(text));
    write(() => "one");
    write(() => {
      throw new TypeError("no line");
    });
    write(() => "three");
    await pass(20);
    const [first, second, third] = texts.join().split("\n");
    assert.deepEqual([first, third], ["one", "three"]);
    assert.equal(JSON.parse(second ?? "").cause, "TypeError");
  });
});

const ENDS = {
  "exits": "Deno.exit(3);",
  "throws": 'throw new Error("Cannot go on");',
  "leaves a promise rejected": 'Promise.reject(new Error("Cannot go on"));',
};

for (const [how, end] of Object.entries(ENDS)) {
  Deno.test(`batchLines() loses no line of a process that ${how} before they are written`, async () => {
    const module = new URL("../../gateway/batch_lines.ts", import.meta.url).href;
    const code =
      `import { batchLines } from "${module}"; batchLines((text) => console.log(text))(() => "last words"); ${end}`;
    const ended = await new Deno.Command(Deno.execPath(), { args: ["eval", code] }).output();
    assert.equal(ended.success, false);
    assert.equal(new TextDecoder().decode(ended.stdout), "last words\n");
  });
}
