import assert from "node:assert/strict";
import { DIALECTS, FOREIGN, parseFrames, saidIn } from "../../bench/stages/samples.ts";
import { STAGES } from "../../bench/stages/mod.ts";
import type { Beat } from "../../chat/event.ts";
import { replyFolder } from "../../chat/reply_folder.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";

/** A stage that fails early would be measured as a fast one. */
Deno.test("every stage does all of its work", { sanitizeOps: false, sanitizeResources: false }, async () => {
  for (const { name, run } of STAGES) {
    await assert.doesNotReject(async () => await run(), name);
  }
});

function textOf(beats: readonly Beat[]): string {
  const folder = replyFolder();
  for (const { events } of beats) folder.push(events);
  const { choices: [choice], error } = folder.reply();
  assert.equal(error, undefined);
  assert.equal(choice?.finish?.reason, "stop");
  return choice.parts.flatMap((part) => part.type === "text" ? [part.text] : []).join("");
}

for (const dialect of DIALECTS) {
  Deno.test(`what is measured in ${dialect.name} is the one answer`, () => {
    const { frames, whole } = saidIn(dialect);
    assert.ok(frames.length >= 62, `${frames.length} frames`);
    assert.equal(textOf(parseFrames(dialect, frames)), textOf(FOREIGN));
    assert.equal(textOf([dialect.parseResponse(JSON.parse(whole), whole, {})]), textOf(FOREIGN));
  });
}

Deno.test("beats that are relayed have the text of their frames, and foreign ones have none", () => {
  assert.ok(saidIn(openaiChat).beats.filter(({ raw }) => raw !== undefined).length > 60);
  assert.ok(FOREIGN.every(({ raw }) => raw === undefined));
});
