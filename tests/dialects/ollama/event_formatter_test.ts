/** What an Ollama client is sent: a grammatical stream, whatever comes in. */

import { deepEqual, equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { GatewayError } from "../../../chat/error.ts";
import type { Beat, ChatEvent } from "../../../chat/event.ts";
import { FINISH_REASONS } from "../../../chat/finish.ts";
import type { Dialect, FormatOptions } from "../../../dialects/dialect.ts";
import { ollama, ollamaGenerate } from "../../../dialects/ollama/mod.ts";
import { eventsOf, fixture, foldEvents, foreign, readStream, writeStream } from "../../support/codec.ts";
import { checkOllamaStream } from "../../support/ollama_grammar.ts";
import { chatRequest } from "./support.ts";

const OPTIONS: FormatOptions = { model: "alias", id: "abc", created: 1_788_000_000, keepAlive: "comment" };
const ROUTES = [["chat", ollama], ["generate", ollamaGenerate]] as const;

function formatter(dialect: Dialect = ollama) {
  return dialect.eventFormatter(chatRequest(), OPTIONS);
}

function write(...events: ChatEvent[]): string[] {
  return writeStream(formatter(), [{ events }]);
}

const check = (frames: readonly string[]) => checkOllamaStream(frames, { route: "chat" });

Deno.test("eventFormatter() writes the lines of a chat", () => {
  const frames = write(
    { type: "start", id: "x", model: "upstream", created: 1_788_000_001 },
    { type: "reasoning", text: "Hm" },
    { type: "text", text: "Hi" },
    { type: "usage", usage: { input: 3, output: 2, cached: 1 } },
    { type: "finish", reason: "stop" },
  );
  const head = '{"model":"alias","created_at":"2026-08-29T10:40:01.000Z","message":{"role":"assistant","content":';
  deepEqual(frames, [
    `${head}"","thinking":"Hm"},"done":false}\n`,
    `${head}"Hi"},"done":false}\n`,
    `${head}""},"done":true,"done_reason":"stop","prompt_eval_count":3,"prompt_eval_cached_count":1,"eval_count":2}\n`,
  ]);
});

Deno.test("eventFormatter() writes the lines of a completion, each with a context", () => {
  const frames = writeStream(formatter(ollamaGenerate), [{
    events: [
      { type: "reasoning", text: "Hm" },
      { type: "text", text: "Hi" },
      { type: "tool-call", index: 0, id: "a", name: "f" },
      { type: "media", mediaType: "image/png", data: "iVBORw0KGgo=" },
      { type: "finish", reason: "length" },
    ],
  }]);
  const read = checkOllamaStream(frames, { route: "generate" });
  deepEqual([read.reasoning, read.text, read.finish, read.images], ["Hm", "Hi", "length", ["iVBORw0KGgo="]]);
  for (const frame of frames) deepEqual(JSON.parse(frame).context, []);
  equal(JSON.parse(frames[0]!).created_at, "2026-08-29T10:40:00.000Z");
});

Deno.test("T10 a call goes out whole, with its arguments as an object, in one line with the others", () => {
  const read = check(write(
    { type: "tool-call", index: 0, id: "a", name: "f" },
    { type: "tool-call", index: 1, id: "b", name: "g" },
    { type: "tool-arguments", index: 1, json: '{"y":' },
    { type: "tool-arguments", index: 0, json: '{"x":{"z":[1]}}' },
    { type: "tool-arguments", index: 1, json: "2}" },
    { type: "tool-arguments", index: 7, json: "{}" },
    { type: "finish", reason: "tool-calls" },
  ));
  deepEqual(read.toolCalls, [
    { id: "a", name: "f", arguments: { x: { z: [1] } } },
    { id: "b", name: "g", arguments: { y: 2 } },
  ]);
  equal(read.finish, "stop");
});

Deno.test("T9 a call without arguments has the empty object", () => {
  const read = check(write({ type: "tool-call", index: 0, id: "a", name: "f" }, { type: "finish", reason: "stop" }));
  deepEqual(read.toolCalls, [{ id: "a", name: "f", arguments: {} }]);
});

Deno.test("T13 a call that the limit cut is left out, one that was whole is not", () => {
  const calls: ChatEvent[] = [
    { type: "tool-call", index: 0, id: "a", name: "f" },
    { type: "tool-arguments", index: 0, json: '{"x":1}' },
    { type: "tool-call", index: 1, id: "b", name: "g" },
    { type: "tool-arguments", index: 1, json: '{"y":' },
    { type: "tool-call", index: 2, id: "c", name: "h" },
  ];
  for (const reason of ["length", "context-window"] as const) {
    const read = check(write(...calls, { type: "finish", reason }));
    deepEqual(read.toolCalls.map(({ name }) => name), ["f"]);
    equal(read.finish, "length");
  }
  deepEqual(check(write(...calls)).toolCalls.map(({ name }) => name), ["f"]);
});

Deno.test("T12 a call that a failure cut never reaches the client", () => {
  const client = formatter();
  const frames = client.push({
    events: [
      { type: "tool-call", index: 0, id: "a", name: "f" },
      { type: "tool-arguments", index: 0, json: '{"x":1}' },
    ],
  });
  const read = check([...frames, ...client.fail(new GatewayError("upstream-cut", "Cannot go on"))]);
  deepEqual(read.toolCalls, []);
  equal(read.error, "Cannot go on");
});

Deno.test("arguments that are no object are given as they are, never as none", () => {
  const read = check(write(
    { type: "tool-call", index: 0, id: "a", name: "f" },
    { type: "tool-arguments", index: 0, json: "[1" },
    { type: "finish", reason: "tool-calls" },
  ));
  deepEqual(read.toolCalls[0]!.arguments, { _raw: "[1" });
});

Deno.test("the last line waits for the counts, and the calls do not", () => {
  const client = formatter();
  equal(client.push({ events: [{ type: "finish", reason: "stop" }] }).length, 0);
  equal(client.push({ events: [{ type: "usage", usage: { input: 1, output: 1 } }] }).length, 0);
  equal(client.end().length, 1);
  const other = formatter();
  other.push({ events: [{ type: "tool-call", index: 0, id: "a", name: "f" }] });
  equal(other.push({ events: [{ type: "finish", reason: "tool-calls" }] }).length, 1);
});

Deno.test("U4 the last counts stand, and none are made up", () => {
  const read = check(write(
    { type: "usage", usage: { input: 1, output: 1 } },
    { type: "usage", usage: { input: 5, output: 0 } },
    { type: "finish", reason: "stop" },
  ));
  deepEqual(read.usage, { prompt_eval_count: 5, eval_count: 0 });
  deepEqual(check(write({ type: "text", text: "a" })).usage, {});
});

Deno.test("O15 a second finish and what follows the first are dropped", () => {
  const read = check(write(
    { type: "text", text: "a" },
    { type: "finish", reason: "length" },
    { type: "text", text: "b" },
    { type: "finish", reason: "stop" },
  ));
  deepEqual([read.text, read.finish], ["a", "length"]);
});

Deno.test("O14 of several choices the first is written", () => {
  const read = check(write(
    { type: "text", text: "b", choice: 1 },
    { type: "finish", reason: "length", choice: 1 },
    { type: "text", text: "a", choice: 0 },
    { type: "finish", reason: "stop" },
  ));
  deepEqual([read.text, read.finish], ["a", "stop"]);
});

Deno.test("refusals are text, logprobs and images have lines, and what Ollama cannot say has none", () => {
  const frames = write(
    { type: "refusal", text: "No." },
    { type: "logprobs", content: [{ token: "No", logprob: -1 }] },
    { type: "logprobs", refusal: [{ token: "No", logprob: -1 }] },
    { type: "media", mediaType: "image/png", data: "iVBORw0KGgo=" },
    { type: "media", mediaType: "audio/wav", data: "UklGRg==" },
    { type: "redacted-reasoning", data: "x" },
    { type: "reasoning", text: "", signature: "s" },
    { type: "annotation", annotation: {} },
    { type: "opaque", dialect: "gemini", value: {} },
    { type: "text", text: "" },
    { type: "finish", reason: "refusal" },
  );
  const read = check(frames);
  equal(frames.length, 4);
  deepEqual([read.text, read.images, read.logprobs.length], ["No.", ["iVBORw0KGgo="], 1]);
});

Deno.test("E5 a failure is a line with a string, and the last", () => {
  const client = formatter();
  client.push({ events: [{ type: "text", text: "a" }] });
  deepEqual(client.fail(new GatewayError("overloaded", "Cannot answer now")), ['{"error":"Cannot answer now"}\n']);
  deepEqual(client.fail(new GatewayError("internal", "again")), []);
  deepEqual(client.end(), []);
  deepEqual(client.push({ events: [{ type: "text", text: "b" }] }), []);
});

Deno.test("a keep-alive is a space, until the stream is over", () => {
  const client = formatter();
  deepEqual(client.ping(0), [" "]);
  const frames = [
    ...client.ping(0),
    ...client.push({ events: [{ type: "text", text: "a" }] }),
    ...client.ping(9000),
    ...client.ping(9000),
    ...client.end(),
  ];
  equal(check(frames).text, "a");
  deepEqual(client.ping(0), []);
  const failed = formatter();
  failed.fail(new GatewayError("internal", "x"));
  deepEqual(failed.ping(0), []);
});

Deno.test("a time that is none does not break the lines", () => {
  equal(check(write({ type: "start", id: "", model: "", created: 1e300 }, { type: "text", text: "a" })).text, "a");
});

const RELAYED = ["chat", "thinking", "tools", "tools_without_ids", "length", "logprobs"];
const RELAYED_BY_GENERATE = ["generate", "generate_thinking", "generate_image"];

for (const [route, dialect] of ROUTES) {
  for (const name of route === "chat" ? RELAYED : RELAYED_BY_GENERATE) {
    Deno.test(`R10 ${name}.ndjson is relayed byte for byte`, () => {
      const text = fixture(`ollama/${name}.ndjson`);
      equal(writeStream(formatter(dialect), readStream(dialect, text)).join(""), text);
      checkOllamaStream(text, { route });
    });
  }
}

Deno.test("O15 a relayed line behind the finish is dropped, its counts are not", () => {
  const client = formatter();
  const [, ...rest] = readStream(ollama, fixture("ollama/chat.ndjson"));
  const frames = [
    ...client.push({ events: [{ type: "text", text: "a" }, { type: "finish", reason: "length" }] }),
    ...rest.flatMap((beat) => client.push(beat)),
    ...client.end(),
  ];
  const read = check(frames);
  deepEqual([read.text, read.finish, read.usage.eval_count], ["a", "length", 6]);
});

Deno.test("a failure is told in our words, even beside a line that could be relayed", () => {
  const client = formatter();
  const error = new GatewayError("upstream-failure", "Cannot");
  deepEqual(client.push({ events: [{ type: "error", error }], raw: "{}\n" }), ['{"error":"Cannot"}\n']);
});

Deno.test("K2 text that was held back reaches the client before the last line", () => {
  const line = (content: string, more = '"done":false') =>
    `{"model":"m","created_at":"2026-08-28T09:14:07Z","message":{"role":"assistant","content":"${content}"},${more}}\n`;
  const stream = line("<th") + line("", '"done":true,"done_reason":"stop"');
  equal(check(writeStream(formatter(), readStream(ollama, stream))).text, "<th");
});

Deno.test("what was repaired and what was relayed make one stream", () => {
  for (const name of ["tools_as_text", "think_tags", "relayed"]) {
    const beats = readStream(ollama, fixture(`ollama/${name}.ndjson`));
    const read = check(writeStream(formatter(), beats));
    const reply = foldEvents(eventsOf(beats));
    const parts = reply.choices[0]!.parts;
    equal(read.text, parts.map((part) => part.type === "text" ? part.text : "").join(""));
    equal(read.toolCalls.length, parts.filter((part) => part.type === "tool-call").length);
  }
});

Deno.test("L1 thoughts of the stream are the client's, written from events as relayed", () => {
  for (const name of RELAYED) {
    const beats = readStream(ollama, fixture(`ollama/${name}.ndjson`));
    const relayed = check(writeStream(formatter(), beats));
    const written = check(writeStream(formatter(), foreign(beats)));
    const { text, reasoning, finish, logprobs } = relayed;
    deepEqual(
      { text, reasoning, finish, logprobs },
      { text: written.text, reasoning: written.reasoning, finish: written.finish, logprobs: written.logprobs },
    );
    deepEqual(written.toolCalls.map(({ arguments: given }) => given), relayed.toolCalls.map((call) => call.arguments));
  }
});

const text = fc.string({ minLength: 1 });
const choice = fc.option(fc.nat(2), { nil: undefined });
const usage = fc.record({ input: fc.nat(), output: fc.nat() });
const event = fc.oneof(
  fc.record({ type: fc.constant("start"), id: text, model: text, created: fc.nat() }),
  fc.record({ type: fc.constantFrom("text", "refusal", "reasoning"), text: fc.string(), choice }),
  fc.record({ type: fc.constant("tool-call"), index: fc.nat(3), id: text, name: text, choice }),
  fc.record({ type: fc.constant("tool-arguments"), index: fc.nat(3), json: fc.oneof(fc.json(), text), choice }),
  fc.record({
    type: fc.constant("media"),
    mediaType: fc.constantFrom("image/png", "audio/wav"),
    data: fc.base64String({ minLength: 4 }),
  }),
  fc.record({ type: fc.constant("usage"), usage }),
  fc.record({ type: fc.constant("finish"), reason: fc.constantFrom(...FINISH_REASONS), choice }),
  fc.record({ type: fc.constantFrom("redacted-reasoning"), data: text }),
  fc.record({ type: fc.constant("error"), error: fc.constant(new GatewayError("upstream-failure", "Cannot")) }),
) as fc.Arbitrary<ChatEvent>;

Deno.test("random events make a grammatical stream on both routes", () => {
  const act = fc.oneof(
    { weight: 8, arbitrary: fc.array(event, { maxLength: 4 }).map((events) => ({ events })) },
    { weight: 1, arbitrary: fc.constant("ping" as const) },
    { weight: 1, arbitrary: fc.constant("fail" as const) },
    { weight: 1, arbitrary: fc.constant("end" as const) },
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
      for (const [route, dialect] of ROUTES) {
        const client = formatter(dialect);
        const frames = acts.flatMap((act) => {
          if (act === "ping") return client.ping(0);
          if (act === "fail") return client.fail(new GatewayError("internal", "Cannot"));
          return act === "end" ? client.end() : client.push(act);
        });
        checkOllamaStream([...frames, ...client.end()], { route });
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("random lines, relayed or repaired, make a grammatical stream", () => {
  const said = fc.record({
    role: fc.constantFrom("assistant", "x"),
    content: fc.oneof(fc.string(), fc.constantFrom(null, "<think>", "</think>a")),
    tool_calls: fc.constantFrom(
      undefined,
      [],
      [{ function: { name: "f", arguments: { a: 1 } } }],
      [{ function: { name: "f", arguments: "{" } }],
      [{ id: "a", function: { name: "", arguments: {} } }],
    ),
  });
  const line = fc.record({
    model: fc.constantFrom("m", "", undefined),
    created_at: fc.constantFrom("2026-08-28T09:14:07.385406455-07:00", "now", undefined),
    message: said,
    done: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, {
      weight: 1,
      arbitrary: fc.constantFrom(true, undefined),
    }),
    done_reason: fc.constantFrom(undefined, "stop", "length"),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const beats: Beat[] = readStream(ollama, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      const failure = beats.at(-1)!.events.find((event) => event.type === "error");
      const client = formatter();
      const frames = beats.flatMap((beat) => client.push(beat));
      const read = check([...frames, ...client.end()]);
      equal(read.error !== undefined, failure !== undefined);
    }),
    { numRuns: 300 },
  );
});

Deno.test("parse(format(events)) says what the events said", () => {
  const safe = fc.string({ minLength: 1 }).filter((text) => !text.trimStart().startsWith("<") && text.trim() !== "");
  const reply = fc.record({
    thought: fc.option(safe, { nil: undefined }),
    text: fc.option(safe, { nil: undefined }),
    calls: fc.array(fc.record({ name: safe, arguments: fc.dictionary(fc.string(), fc.jsonValue()) }), { maxLength: 3 }),
    usage,
    isCut: fc.boolean(),
  });
  fc.assert(fc.property(reply, ({ thought, text, calls, usage, isCut }) => {
    const end = isCut ? "length" : calls.length > 0 ? "tool-calls" : "stop";
    const events: ChatEvent[] = [
      { type: "start", id: "", model: "alias", created: OPTIONS.created },
      ...(thought ? [{ type: "reasoning" as const, text: thought }] : []),
      ...(text ? [{ type: "text" as const, text }] : []),
      ...calls.flatMap(({ name, arguments: given }, index): ChatEvent[] => [
        { type: "tool-call", index, id: `call_${index}`, name },
        { type: "tool-arguments", index, json: JSON.stringify(given) },
      ]),
      { type: "usage", usage },
      { type: "finish", reason: end, raw: isCut ? "length" : "stop" },
    ];
    for (const [, dialect] of ROUTES) {
      const back = readStream(dialect, writeStream(formatter(dialect), [{ events }]).join(""));
      const read = foldEvents(eventsOf(back));
      deepEqual(read, foldEvents(events));
    }
  }));
});

Deno.test("frames are whole lines that say what they are", () => {
  const frames = write({ type: "text", text: "a\nb\r\u2028c" });
  for (const frame of frames) match(frame, /^[^\n\r]+\n$/);
  ok(frames.every((frame) => JSON.parse(frame)));
});
