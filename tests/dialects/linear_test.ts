/** What an odd upstream can make us do is in proportion to what it sends: each of these took minutes once. */

import assert from "node:assert/strict";
import type { ChatEvent } from "../../chat/event.ts";
import { openBlocks } from "../../dialects/open_blocks.ts";
import { thinkTags } from "../../dialects/think_tags.ts";
import { callIds } from "../../dialects/tool_ids.ts";
import { type CallDelta, toolCallTracker } from "../../dialects/tool_call_tracker.ts";

const MANY = 200_000;

/** Milliseconds: a hundred times what a slow machine needs, and a tenth of what squares of `MANY` take. */
const LIMIT = 30_000;

function inTime(name: string, run: () => void): void {
  Deno.test(`${name} takes time in proportion to its length`, () => {
    const begun = performance.now();
    run();
    const took = performance.now() - begun;
    assert.ok(took < LIMIT, `${Math.round(took)} ms`);
  });
}

function track(delta: (at: number) => CallDelta): void {
  const tracker = toolCallTracker((index) => `made_${index}`);
  for (let at = 0; at < MANY; at++) tracker.push(delta(at));
}

inTime("white space before text that may begin a thought", () => {
  const tags = thinkTags();
  for (let at = 0; at < MANY; at++) assert.equal(tags.push("   ").length, 0);
  assert.equal(tags.flush()[0]?.text.length, 3 * MANY);
});

inTime("a call whose name comes with each fragment of its arguments", () => {
  track((at) => ({ index: 0, name: "f", arguments: at === 0 ? "{" : '"a":{},"b":{}' }));
});

inTime("an answer of many calls without an index", () => {
  track((at) => ({ id: `call_${at}`, name: "f", arguments: "{" }));
});

inTime("an answer of many calls of one index", () => {
  track((at) => ({ index: 7, id: `call_${at}`, name: "f", arguments: "{}" }));
});

inTime("a call that stays open while others and texts wait behind it", () => {
  const blocks = openBlocks();
  const waiting = (at: number): ChatEvent =>
    at % 2 === 0 ? { type: "text", text: "a" } : { type: "tool-call", index: at, id: `call_${at}`, name: "f" };
  let operations = blocks.push({ type: "tool-call", index: 0, id: "call_0", name: "f" }).length;
  for (let at = 2; at < MANY; at++) operations += blocks.push(waiting(at)).length;
  operations += blocks.push({ type: "tool-arguments", index: 0, json: "{}" }).length + blocks.end().length;
  assert.ok(operations > MANY);
});

inTime("a history whose calls all have the same id", () => {
  const ids = callIds();
  const sent = new Set(Array.from({ length: MANY / 10 }, () => ids.call("call_f")));
  assert.equal(sent.size, MANY / 10);
});
