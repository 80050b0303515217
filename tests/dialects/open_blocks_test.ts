/** Tests of the block machine: what opens, grows and closes, in which order. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { ChatEvent } from "../../chat/event.ts";
import { type BlockOperation, openBlocks } from "../../dialects/open_blocks.ts";

const text = (text: string): ChatEvent => ({ type: "text", text });
const thought = (text: string, signature?: string): ChatEvent => ({
  type: "reasoning",
  text,
  ...(signature !== undefined && { signature }),
});
const call = (index: number): ChatEvent => ({ type: "tool-call", index, id: `call_${index}`, name: `f${index}` });
const json = (index: number, json: string): ChatEvent => ({ type: "tool-arguments", index, json });

/** The operations as short words: `+0 text`, `0 text "a"`, `-0`. */
function told(operations: readonly BlockOperation[]): string[] {
  return operations.map((operation) => {
    switch (operation.type) {
      case "open": {
        const { block } = operation;
        return `+${operation.index} ${block.kind === "tool-call" ? block.name : block.kind}`;
      }
      case "delta": {
        const { kind, ...rest } = operation.delta;
        return `${operation.index} ${kind} ${JSON.stringify(Object.values(rest)[0])}`;
      }
      case "close":
        return `-${operation.index}`;
      case "note":
        return `note ${JSON.stringify(operation.annotation)}`;
    }
  });
}

function tell(...events: ChatEvent[]): string[] {
  const blocks = openBlocks();
  return told([...events.flatMap((event) => blocks.push(event)), ...blocks.end()]);
}

Deno.test("A2 a thought closes before the text, and the text before the call", () => {
  deepStrictEqual(tell(thought("hm"), text("a"), text("b"), call(0), json(0, "{}")), [
    ...["+0 reasoning", '0 reasoning "hm"', "-0"],
    ...["+1 text", '1 text "a"', '1 text "b"', "-1"],
    ...["+2 f0", '2 json "{}"', "-2"],
  ]);
});

Deno.test("A2 an answer of thoughts only closes its block", () => {
  deepStrictEqual(tell(thought("hm")), ["+0 reasoning", '0 reasoning "hm"', "-0"]);
});

Deno.test("A8 late thoughts leave one leading thought and one text", () => {
  const operations = tell(thought("a"), text("1"), thought("b"), text("2"), thought("c"), text("3"), thought("d"));
  deepStrictEqual(operations, [
    ...["+0 reasoning", '0 reasoning "a"', "-0"],
    ...["+1 text", '1 text "1"', '1 text "2"', '1 text "3"', "-1"],
  ]);
});

Deno.test("A8 late thoughts are written behind the text when there was none before it", () => {
  deepStrictEqual(tell(text("1"), thought("a"), text("2"), thought("b")), [
    ...["+0 text", '0 text "1"', '0 text "2"', "-0"],
    ...["+1 reasoning", '1 reasoning "ab"', "-1"],
  ]);
});

Deno.test("A8 late thoughts are written before the call that ends the text", () => {
  deepStrictEqual(tell(thought("a"), text("1"), thought("b"), text("2"), call(0), json(0, "{}")), [
    ...["+0 reasoning", '0 reasoning "a"', "-0"],
    ...["+1 text", '1 text "1"', '1 text "2"', "-1"],
    ...["+2 reasoning", '2 reasoning "b"', "-2"],
    ...["+3 f0", '3 json "{}"', "-3"],
  ]);
});

Deno.test("K5 a signed thought keeps its place between two texts", () => {
  deepStrictEqual(tell(text("1"), thought("a"), thought("", "sig"), text("2")), [
    ...["+0 text", '0 text "1"', "-0"],
    ...["+1 reasoning", '1 reasoning "a"', '1 signature "sig"', "-1"],
    ...["+2 text", '2 text "2"', "-2"],
  ]);
});

Deno.test("A15 empty deltas open nothing", () => {
  deepStrictEqual(tell(text(""), thought(""), { type: "refusal", text: "" }, call(0), json(0, "")), ["+0 f0", "-0"]);
});

Deno.test("K4 fragments of a signature leave in one piece, last in the block", () => {
  deepStrictEqual(tell(thought("a"), thought("", "si"), thought("", "gn"), text("b")).slice(0, 4), [
    ...["+0 reasoning", '0 reasoning "a"', '0 signature "sign"', "-0"],
  ]);
});

Deno.test("K5 signed thoughts in a row are blocks of their own, without text too", () => {
  deepStrictEqual(tell(thought("a", "s1"), thought("b", "s2"), text("c"), thought("", "s3"), text("d")), [
    ...["+0 reasoning", '0 reasoning "a"', '0 signature "s1"', "-0"],
    ...["+1 reasoning", '1 reasoning "b"', '1 signature "s2"', "-1"],
    ...["+2 text", '2 text "c"', "-2"],
    ...["+3 reasoning", '3 signature "s3"', "-3"],
    ...["+4 text", '4 text "d"', "-4"],
  ]);
});

Deno.test("A8 a signature on its own is left out at the end, behind a text or a call, and is kept where it is all there is", () => {
  deepStrictEqual(tell(text("a"), thought("", "s1"), thought("", "s2")), ["+0 text", '0 text "a"', "-0"]);
  deepStrictEqual(tell(call(0), json(0, "{}"), thought("", "s")), ["+0 f0", '0 json "{}"', "-0"]);
  deepStrictEqual(tell(thought("", "s")), ["+0 reasoning", '0 signature "s"', "-0"]);
  deepStrictEqual(tell(text("a"), thought("", "s"), call(0), json(0, "{}")), [
    ...["+0 text", '0 text "a"', "-0"],
    ...["+1 reasoning", '1 signature "s"', "-1"],
    ...["+2 f0", '2 json "{}"', "-2"],
  ]);
});

Deno.test("K6 a redacted thought is a whole block, closed at once", () => {
  const blocks = openBlocks();
  const [open, close] = blocks.push({ type: "redacted-reasoning", data: "x" });
  deepStrictEqual(open, { type: "open", index: 0, block: { kind: "redacted-reasoning", data: "x" } });
  deepStrictEqual(close, { type: "close", index: 0 });
  strictEqual(blocks.current(), undefined);
});

Deno.test("T5 interleaved calls leave one by one, the first as it grows", () => {
  const blocks = openBlocks();
  const push = (...events: ChatEvent[]) => told(events.flatMap((event) => blocks.push(event)));
  deepStrictEqual(push(call(0), call(1), json(1, '{"b"'), json(0, '{"a"'), json(1, ":2}")), [
    "+0 f0",
    '0 json "{\\"a\\""',
  ]);
  deepStrictEqual(push(json(0, ":1}")), ['0 json ":1}"', "-0", "+1 f1", '1 json "{\\"b\\":2}"']);
  deepStrictEqual(push(json(0, " ")), []);
  deepStrictEqual(told(blocks.end()), ["-1"]);
});

Deno.test("T5 a call ends where its arguments do, be there braces in its strings", () => {
  const blocks = openBlocks();
  const push = (...events: ChatEvent[]) => told(events.flatMap((event) => blocks.push(event)));
  deepStrictEqual(push(call(0), json(0, '{"a":"}\\'), text("held")).length, 2);
  deepStrictEqual(push(json(0, '"}'), json(0, '"')), ['0 json "\\"}"', '0 json "\\""']);
  deepStrictEqual(push(json(0, "}")), ['0 json "}"', "-0", "+1 text", '1 text "held"']);
});

Deno.test("T12 a call that was cut off stays open as long as the end is not asked for", () => {
  const blocks = openBlocks();
  const operations = [call(0), json(0, '{"a":'), call(1), json(1, "{}"), text("x")].flatMap(blocks.push);
  deepStrictEqual(told(operations), ["+0 f0", '0 json "{\\"a\\":"']);
  deepStrictEqual(blocks.current(), { index: 0, block: { kind: "tool-call", id: "call_0", name: "f0" } });
});

Deno.test("openBlocks() joins an annotation to the text it is on, and gives opaque and media blocks whole", () => {
  deepStrictEqual(
    tell(
      text("a"),
      { type: "annotation", annotation: { url: "u" } },
      { type: "opaque", dialect: "anthropic", value: { type: "x" } },
      { type: "media", mediaType: "image/png", data: "AA" },
      { type: "annotation", annotation: { url: "late" } },
      { type: "refusal", text: "no" },
    ),
    [
      ...["+0 text", '0 text "a"', '0 annotation {"url":"u"}', "-0", "+1 opaque", "-1", "+2 media", "-2"],
      ...['note {"url":"late"}', "+3 refusal", '3 refusal "no"', "-3"],
    ],
  );
});

Deno.test("openBlocks() keeps an annotation that came before its text for it, whatever is refused between", () => {
  deepStrictEqual(tell({ type: "annotation", annotation: { url: "u" } }, { type: "refusal", text: "no" }, text("a")), [
    ...["+0 refusal", '0 refusal "no"', "-0", "+1 text", '1 text "a"', '1 annotation {"url":"u"}', "-1"],
  ]);
});

Deno.test("openBlocks() says nothing after its end", () => {
  const blocks = openBlocks();
  blocks.push(text("a"));
  deepStrictEqual(told(blocks.end()), ["-0"]);
  deepStrictEqual([...blocks.push(text("b")), ...blocks.end()], []);
});

const anyEvent: fc.Arbitrary<ChatEvent> = fc.oneof(
  fc.constantFrom("", "a", "bc").map(text),
  fc.tuple(fc.constantFrom("", "t"), fc.constantFrom(undefined, "", "s")).map(([text, signature]) =>
    thought(text, signature)
  ),
  fc.nat(2).map(call),
  fc.tuple(fc.nat(2), fc.constantFrom("", "{", "}", '{"a":1}', '"')).map(([index, text]) => json(index, text)),
  fc.constantFrom<ChatEvent>(
    { type: "refusal", text: "no" },
    { type: "redacted-reasoning", data: "d" },
    { type: "opaque", dialect: "anthropic", value: {} },
    { type: "finish", reason: "stop" },
    { type: "annotation", annotation: {} },
  ),
);

Deno.test("A1 whatever comes, blocks are dense, never overlap, and lose no text and no call", () => {
  fc.assert(fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
    const blocks = openBlocks();
    const operations = [...events.flatMap((event) => blocks.push(event)), ...blocks.end()];
    let open: number | undefined;
    let next = 0;
    let written = "";
    for (const operation of operations) {
      if (operation.type === "open") {
        strictEqual(open, undefined);
        strictEqual(operation.index, next++);
        open = operation.index;
      } else if (operation.type !== "note") {
        strictEqual(operation.index, open);
        if (operation.type === "close") open = undefined;
        else if (operation.delta.kind === "text") written += operation.delta.text;
      }
    }
    strictEqual(open, undefined);
    strictEqual(blocks.current(), undefined);
    strictEqual(
      written.length,
      events.reduce((sum, event) => sum + (event.type === "text" ? event.text.length : 0), 0),
    );
    const opened = operations.filter((operation) => operation.type === "open" && operation.block.kind === "tool-call");
    strictEqual(opened.length, events.filter(({ type }) => type === "tool-call").length);
  }));
});
