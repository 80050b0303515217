/** Tests of calls that are given back under the names of the tools that were folded. */

import assert from "node:assert/strict";
import type { ChatEvent } from "../../chat/event.ts";
import { FURTHER } from "../../chat/fold_tools.ts";
import { drain, pullFrom } from "../../streaming/pull.ts";
import { unfoldCalls } from "../../streaming/unfold_calls.ts";

const call = (index: number, name: string): ChatEvent => ({ type: "tool-call", index, id: `call_${index}`, name });
const json = (index: number, text: string): ChatEvent => ({ type: "tool-arguments", index, json: text });
const finish: ChatEvent = { type: "finish", reason: "tool-calls" };
const text: ChatEvent = { type: "text", text: "Hi" };

async function told(...events: ChatEvent[]): Promise<ChatEvent[]> {
  const beats = pullFrom(events.map((event) => [{ events: [event], raw: "x" }]));
  const given = (await drain(unfoldCalls(beats))).flat();
  assert.ok(given.every((beat) => beat.raw === undefined));
  return given.flatMap((beat) => beat.events);
}

Deno.test("a folded call is told once its arguments are whole, and others as they come", async () => {
  assert.deepEqual(
    await told(
      ...[text, call(0, FURTHER), json(0, '{"name":"d","argu'), call(1, "a"), json(1, "{"), json(1, "}")],
      ...[json(0, 'ments":{"x":{}}'), json(0, "}"), finish],
    ),
    [text, call(1, "a"), json(1, "{"), json(1, "}"), call(0, "d"), json(0, '{"x":{}}'), finish],
  );
});

Deno.test("a folded call that was cut short is told as it is, before the end, and where there is none", async () => {
  const cut = [call(0, FURTHER), json(0, '{"name":"d","arg')];
  assert.deepEqual(await told(...cut, finish), [...cut, finish]);
  assert.deepEqual(await told(...cut), cut);
});

Deno.test("calls of several choices are told apart", async () => {
  const placed = (event: ChatEvent) => ({ ...event, choice: 1 }) as ChatEvent;
  assert.deepEqual(
    await told(
      ...[call(0, FURTHER), placed(call(0, FURTHER)), placed(json(0, '{"name":"e"}')), json(0, '{"name":"d"}')],
    ),
    [placed(call(0, "e")), placed(json(0, "{}")), call(0, "d"), json(0, "{}")],
  );
});
