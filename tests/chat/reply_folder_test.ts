/** What the fold makes of events, and that a reply told as events folds to itself. */

import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { GatewayError } from "../../chat/error.ts";
import type { ChatEvent } from "../../chat/event.ts";
import { FINISH_REASONS } from "../../chat/finish.ts";
import type { Reply, ReplyPart } from "../../chat/reply.ts";
import { replyFolder, replyToEvents } from "../../chat/reply_folder.ts";

function fold(events: ChatEvent[]): Reply {
  const folder = replyFolder();
  for (const event of events) folder.push([event]);
  return folder.reply();
}

function partsOf(...events: ChatEvent[]): ReplyPart[] {
  return fold(events).choices[0]!.parts;
}

Deno.test("A8 a thought between two texts splits neither the text nor the thought", () => {
  deepEqual(
    partsOf(
      { type: "reasoning", text: "I " },
      { type: "text", text: "Hel" },
      { type: "reasoning", text: "see" },
      { type: "text", text: "lo" },
    ),
    [{ type: "reasoning", text: "I see" }, { type: "text", text: "Hello" }],
  );
});

Deno.test("K4 the fragments of a signature are concatenated, and a thought after it is a new part", () => {
  deepEqual(
    partsOf(
      { type: "reasoning", text: "one" },
      { type: "reasoning", text: "", signature: "ab" },
      { type: "usage", usage: { input: 1, output: 1 } },
      { type: "annotation", annotation: {} },
      { type: "text", text: "" },
      { type: "reasoning", text: "", signature: "cd" },
      { type: "reasoning", text: "two" },
    ),
    [{ type: "reasoning", text: "one", signature: "abcd" }, { type: "reasoning", text: "two" }],
  );
});

Deno.test("a call with free text is kept as one, and its text stays empty where it is", () => {
  const called: ChatEvent = { type: "tool-call", index: 0, id: "a", name: "sh", custom: true };
  deepEqual(partsOf(called), [{ type: "tool-call", id: "a", name: "sh", json: "", custom: true }]);
  const reply = fold([called, { type: "tool-arguments", index: 0, json: "ls" }]);
  deepEqual(reply.choices[0]?.parts, [{ type: "tool-call", id: "a", name: "sh", json: "ls", custom: true }]);
  deepEqual(fold(replyToEvents(reply)), reply);
});

Deno.test("K5 a signature without a thought is kept, and is its own part after a signed thought and other content", () => {
  deepEqual(
    partsOf(
      { type: "reasoning", text: "", signature: "s1" },
      { type: "tool-call", index: 0, id: "a", name: "f" },
      { type: "reasoning", text: "", signature: "s2" },
    ),
    [
      { type: "reasoning", text: "", signature: "s1" },
      { type: "tool-call", id: "a", name: "f", json: "{}" },
      { type: "reasoning", text: "", signature: "s2" },
    ],
  );
});

Deno.test("a signature that comes after the text seals the thought that came before it", () => {
  deepEqual(
    partsOf(
      { type: "reasoning", text: "hm" },
      { type: "text", text: "yes" },
      { type: "reasoning", text: "", signature: "s" },
    ),
    [{ type: "reasoning", text: "hm", signature: "s" }, { type: "text", text: "yes" }],
  );
});

Deno.test("K6 an encrypted thought is kept verbatim beside the readable ones", () => {
  deepEqual(
    partsOf({ type: "redacted-reasoning", data: "xx" }, { type: "redacted-reasoning", data: "yy" }),
    [{ type: "redacted-reasoning", data: "xx" }, { type: "redacted-reasoning", data: "yy" }],
  );
});

Deno.test("T9 a call without arguments gets the empty object", () => {
  const call = { type: "tool-call", index: 0, id: "a", name: "f" } as const;
  deepEqual(partsOf(call), [{ type: "tool-call", id: "a", name: "f", json: "{}" }]);
  deepEqual(partsOf(call, { type: "tool-arguments", index: 0, json: " " }), [
    { type: "tool-call", id: "a", name: "f", json: "{}" },
  ]);
});

Deno.test("T5 interleaved argument fragments are joined by index", () => {
  deepEqual(
    partsOf(
      { type: "tool-call", index: 0, id: "a", name: "f", signature: "s" },
      { type: "tool-call", index: 1, id: "b", name: "g" },
      { type: "tool-arguments", index: 1, json: '{"y":' },
      { type: "tool-arguments", index: 0, json: '{"x":' },
      { type: "tool-arguments", index: 1, json: "2}" },
      { type: "tool-arguments", index: 0, json: "1}" },
    ),
    [
      { type: "tool-call", id: "a", name: "f", json: '{"x":1}', signature: "s" },
      { type: "tool-call", id: "b", name: "g", json: '{"y":2}' },
    ],
  );
});

Deno.test("A15 empty deltas begin no part", () => {
  deepEqual(
    partsOf(
      { type: "text", text: "" },
      { type: "refusal", text: "" },
      { type: "reasoning", text: "" },
      { type: "reasoning", text: "", signature: "" },
    ),
    [],
  );
});

Deno.test("O15 U4 the first finish and the first start count, and the last usage", () => {
  const reply = fold([
    { type: "start", id: "1", model: "m", created: 7 },
    { type: "usage", usage: { input: 1, output: 1 } },
    { type: "finish", reason: "length", raw: "max_tokens" },
    { type: "start", id: "2", model: "n" },
    { type: "finish", reason: "stop" },
    { type: "usage", usage: { input: 1, output: 9 } },
  ]);
  deepEqual(reply, {
    id: "1",
    model: "m",
    created: 7,
    choices: [{ parts: [], finish: { reason: "length", raw: "max_tokens" } }],
    usage: { input: 1, output: 9 },
  });
});

Deno.test("choices are kept apart, and one that said nothing has no parts", () => {
  deepEqual(fold([{ type: "text", text: "b", choice: 2 }, { type: "text", text: "a" }]).choices, [
    { parts: [{ type: "text", text: "a" }] },
    { parts: [] },
    { parts: [{ type: "text", text: "b" }] },
  ]);
  deepEqual(fold([]), { id: "", model: "", choices: [{ parts: [] }] });
});

Deno.test("log probabilities are joined by kind", () => {
  const reply = fold([
    { type: "logprobs", content: [1] },
    { type: "logprobs", content: [2, 3], refusal: [] },
  ]);
  deepEqual(reply.choices[0]!.logprobs, { content: [1, 2, 3], refusal: [] });
});

Deno.test("the log probabilities of an answer of many tokens are folded from one event", () => {
  const content = Array.from({ length: 200_000 }, (_, at) => at);
  equal(fold([{ type: "logprobs", content }]).choices[0]?.logprobs?.content?.length, content.length);
});

Deno.test("a reply taken early does not change with what follows", () => {
  const folder = replyFolder();
  folder.push([{ type: "text", text: "a" }, { type: "logprobs", content: [1] }]);
  const early = folder.reply();
  folder.push([{ type: "text", text: "b" }, { type: "logprobs", content: [2] }]);
  deepEqual(early.choices[0], { parts: [{ type: "text", text: "a" }], logprobs: { content: [1] } });
});

Deno.test("a failure is kept beside what was said before it", () => {
  const error = new GatewayError("overloaded", "Cannot answer");
  const reply = fold([{ type: "text", text: "a" }, { type: "error", error }]);
  equal(reply.error, error);
  deepEqual(replyToEvents(reply).at(-1), { type: "error", error });
});

Deno.test("100,000 deltas are joined in linear time", () => {
  const folder = replyFolder();
  const delta: ChatEvent = { type: "text", text: "0123456789" };
  const before = performance.now();
  for (let i = 0; i < 100_000; i++) folder.push([delta]);
  const [part] = folder.reply().choices[0]!.parts;
  ok(part?.type === "text");
  equal(new TextEncoder().encode(part.text).length, 1_000_000);
  ok(performance.now() - before < 2000);
});

Deno.test("V10 a reply is told with an unsigned late thought before the text, and calls counted per choice", () => {
  const call = (id: string): ReplyPart => ({ type: "tool-call", id, name: "f", json: "{}" });
  const types = replyToEvents({
    id: "1",
    model: "m",
    choices: [
      {
        parts: [
          { type: "reasoning", text: "a", signature: "s" },
          { type: "text", text: "t" },
          call("x"),
          { type: "reasoning", text: "b", signature: "s" },
          call("y"),
        ],
        finish: { reason: "tool-calls" },
      },
      {
        parts: [{ type: "text", text: "t" }, call("z"), { type: "reasoning", text: "late" }],
        finish: { reason: "tool-calls" },
      },
    ],
    usage: { input: 1, output: 2 },
  }).map((event) => "index" in event ? `${event.type} ${event.choice ?? 0}.${event.index}` : event.type);
  deepEqual(types, [
    "start",
    "reasoning",
    "text",
    "tool-call 0.0",
    "tool-arguments 0.0",
    "reasoning",
    "tool-call 0.1",
    "tool-arguments 0.1",
    "finish",
    "reasoning",
    "text",
    "tool-call 1.0",
    "tool-arguments 1.0",
    "finish",
    "usage",
  ]);
});

const said = fc.string({ minLength: 1, unit: "grapheme" });
const anyEvent = fc.oneof(
  fc.record({ type: fc.constant("text" as const), text: fc.string() }),
  fc.record({ type: fc.constant("refusal" as const), text: fc.string() }),
  // Never a signature alone: side by side, two such blocks are events that read as the fragments of one signature.
  fc.record(
    { type: fc.constant("reasoning" as const), text: said, signature: said },
    { requiredKeys: ["type", "text"] },
  ),
  fc.record({ type: fc.constant("redacted-reasoning" as const), data: said }),
  fc.record({ type: fc.constant("media" as const), mediaType: fc.constant("image/png"), data: said }),
  fc.record({ type: fc.constant("annotation" as const), annotation: fc.record({ url: said }) }),
  fc.record({ type: fc.constant("logprobs" as const), content: fc.array(fc.integer()) }),
  fc.record({
    type: fc.constant("opaque" as const),
    dialect: fc.constant("anthropic" as const),
    value: fc.record({ kind: said }),
  }),
  fc.record({ type: fc.constant("tool-call" as const), json: fc.json() }),
);
const anyChoice = fc.record({ events: fc.array(anyEvent), reason: fc.constantFrom(...FINISH_REASONS) });

/** A legal stream of the drawn choices: calls counted, each choice finished. */
function stream(choices: (typeof anyChoice extends fc.Arbitrary<infer T> ? T : never)[]): ChatEvent[] {
  return choices.flatMap(({ events, reason }, choice) => {
    let index = 0;
    const told = events.flatMap((event): ChatEvent[] => {
      if (event.type !== "tool-call") return [{ ...event, choice }];
      const at = index++;
      return [
        { type: "tool-call", index: at, id: `call_${at}`, name: "f", choice },
        { type: "tool-arguments", index: at, json: event.json, choice },
      ];
    });
    return [...told, { type: "finish", reason, choice } satisfies ChatEvent];
  });
}

function refold(reply: Reply): Reply {
  return fold(replyToEvents(reply));
}

Deno.test("a reply told as events folds to itself, however its events came", () => {
  fc.assert(
    fc.property(fc.array(anyChoice, { minLength: 1, maxLength: 3 }), (choices) => {
      const first = fold([{ type: "start", id: "1", model: "m" }, ...stream(choices)]);
      const told = refold(first);
      deepEqual(refold(told), told);
      const sorted = (reply: Reply) => reply.choices.map(({ parts }) => parts.map((p) => JSON.stringify(p)).sort());
      deepEqual(sorted(told), sorted(first));
      deepEqual(told.choices.map(({ parts: _, ...rest }) => rest), first.choices.map(({ parts: _, ...rest }) => rest));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("without late thoughts the order of the parts is the same too", () => {
  fc.assert(fc.property(fc.array(anyChoice, { minLength: 1, maxLength: 3 }), (choices) => {
    const early = choices.map(({ events, reason }) => ({
      reason,
      events: events.filter((event) => event.type !== "reasoning" || event.signature !== undefined),
    }));
    const first = fold([{ type: "start", id: "1", model: "m" }, ...stream(early)]);
    deepEqual(fold(replyToEvents(first)), first);
  }));
});
