import assert from "node:assert/strict";
import type { Beat, ChatEvent } from "../../chat/event.ts";
import { fitToolName } from "../../dialects/tool_ids.ts";
import { asForeign } from "../../gateway/as_foreign.ts";
import { drain, pullFrom } from "../../streaming/pull.ts";

Deno.test("T23 a call comes back under the name the client gave its tool, whatever name the upstream was sent", async () => {
  const name = "files.read:all";
  const call = (called: string): Beat => ({ events: [{ type: "tool-call", index: 0, id: "a", name: called }] });
  const beats = asForeign(pullFrom([[call(fitToolName(name)), call("other")]]), {
    dialect: {},
    tools: [{ type: "function", name }],
  });
  assert.deepEqual(await drain(beats), [[call(name), call("other")]]);
});

Deno.test("G5 an answer breaks off at a call that could not be written, unless the client's dialect has a word for that", async () => {
  const said = { type: "text" as const, text: "So" };
  const end = { type: "finish" as const, reason: "malformed" as const, raw: "MALFORMED_FUNCTION_CALL" };
  const source = () => pullFrom<Beat[]>([[{ events: [said, end] }, { events: [said] }], [{ events: [said] }]]);
  const failing = asForeign(source(), { dialect: {}, tools: undefined });
  assert.deepEqual(await failing.next(), [{ events: [said] }]);
  await assert.rejects(failing.next(), { kind: "upstream-malformed", detail: end.raw });
  const telling = asForeign(source(), { dialect: { tellsMalformed: true }, tools: undefined });
  assert.deepEqual((await drain(telling)).flat().flatMap(({ events }) => events), [said, end, said, said]);
});

Deno.test("another dialect's frames are not handed on as the client's own", async () => {
  const beats = asForeign(pullFrom<Beat[]>([[{ events: [], raw: "data: {}\n\n", last: true }]]), {
    dialect: {},
    tools: undefined,
  });
  assert.deepEqual(await drain(beats), [[{ events: [], last: true }]]);
});

Deno.test("F1 a character that the upstream cut in two is told whole, each text and each call apart", async () => {
  const [high, low] = "🙂".split("") as [string, string];
  const text = (text: string): Beat => ({ events: [{ type: "text", text }] });
  const beats = asForeign(
    pullFrom<Beat[]>([
      [text(`a${high}`)],
      [{ events: [{ type: "tool-arguments", index: 0, json: `"${high}` }, { type: "reasoning", text: "hm" }] }],
      [text(`${low}b`)],
      [{ events: [{ type: "tool-arguments", index: 0, json: `${low}"` }] }],
    ]),
    { dialect: {}, tools: undefined },
  );
  assert.deepEqual((await drain(beats)).flat().flatMap(({ events }) => events), [
    { type: "text", text: "a" },
    { type: "tool-arguments", index: 0, json: '"' },
    { type: "reasoning", text: "hm" },
    { type: "text", text: "🙂b" },
    { type: "tool-arguments", index: 0, json: '🙂"' },
  ]);
});

Deno.test("F1 halves of two choices or of two calls are never put together, and what stands beside a text stays there", async () => {
  const [high, low] = "🙂".split("") as [string, string];
  const text = (choice: number, text: string) => ({ type: "text" as const, choice, text });
  const json = (choice: number, index: number, json: string) => ({
    ...{ type: "tool-arguments" as const, choice, index, json },
  });
  const thought = (text: string) => ({ type: "reasoning" as const, text, signature: "s" });
  const halves = [text(0, high), text(1, high), json(0, 0, high), json(0, 1, high), thought(high)];
  const rest = [text(1, `${low}b`), text(0, `${low}a`), json(0, 1, `${low}1`), json(0, 0, `${low}0`), thought(low)];
  const foreign = (...events: ChatEvent[][]) =>
    asForeign(pullFrom(events.map((events): Beat[] => [{ events }])), { dialect: {}, tools: undefined });
  const [, joined] = await drain(foreign(halves, rest));
  assert.deepEqual(joined, [{
    events: [text(1, "🙂b"), text(0, "🙂a"), json(0, 1, "🙂1"), json(0, 0, "🙂0"), thought("🙂")],
  }]);
  const others = [text(1, `${low}b`), json(1, 0, `${low}1`)];
  const [, apart] = await drain(foreign([text(0, high), json(0, 0, high)], others));
  assert.deepEqual(apart, [{ events: others }]);
});

Deno.test("F1 half a character whose other half never comes is left out", async () => {
  const texts = ["a\ud83d", "plain", "b\ud83d"];
  const beats = asForeign(pullFrom(texts.map((text): Beat[] => [{ events: [{ type: "text", text }] }])), {
    dialect: {},
    tools: undefined,
  });
  const said = (await drain(beats)).flat().flatMap(({ events }) => events);
  assert.deepEqual(said, ["a", "plain", "b"].map((text) => ({ type: "text", text })));
});
