/** A text that is read as the one before with another string must be read as if none had come before. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "../../chat/json.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { anthropic } from "../../dialects/anthropic/mod.ts";
import { parseJson, parseObject } from "../../dialects/json.ts";
import { openaiResponses } from "../../dialects/openai_responses/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { repeatedJson } from "../../dialects/repeated_json.ts";
import { frameDecoder } from "../../streaming/decode_frames.ts";
import { readStream, writeStream } from "../support/codec.ts";
import { runs } from "../support/fuzz.ts";
import { OPTIONS, requestOf } from "../support/replay.ts";

/** Reads bodies whose text is their member `text`, and whose number they may have; counts how many were read in full. */
function counting() {
  let reads = 0;
  const parse = repeatedJson<JsonObject>({
    read(body) {
      reads++;
      return body;
    },
    varied({ text, sequence_number: number }) {
      return typeof text === "string" ? { text, ...(typeof number === "number" && { number }) } : undefined;
    },
    withVaried: (body, { text, number }) => ({
      ...body,
      text,
      ...(number !== undefined && { sequence_number: number }),
    }),
  });
  return { parse, reads: () => reads };
}

const chunk = (text: string) => JSON.stringify({ id: "c1", text, end: null });

Deno.test("repeatedJson() reads but the first of texts that differ in their string", () => {
  const { parse, reads } = counting();
  assert.deepEqual(parse(chunk("Hello")), { id: "c1", text: "Hello", end: null });
  const first = reads();
  for (const text of [" wor", 'ld "quoted"', "\\", "\n", "Grüße 你好 🙂", "\u0085", '","end":1,"x":"']) {
    assert.deepEqual(parse(chunk(text)), { id: "c1", text, end: null });
  }
  assert.equal(reads(), first);
});

Deno.test("repeatedJson() reads OpenAI's chunks as repeated, however long their padding is", () => {
  const { parse, reads } = counting();
  const padded = (text: string, obfuscation: string) => JSON.stringify({ id: "c1", text, usage: null, obfuscation });
  parse(padded("Hello", "aB3"));
  const first = reads();
  assert.deepEqual(parse(padded(" world", "x9QrT")), { id: "c1", text: " world", usage: null, obfuscation: "aB3" });
  assert.deepEqual(parse(padded("!", "")), { id: "c1", text: "!", usage: null, obfuscation: "aB3" });
  assert.equal(reads(), first);
});

Deno.test("repeatedJson() reads events as repeated whose number is another, wherever number and padding stand", () => {
  const orders = [["sequence_number", "text", "obfuscation"], ["obfuscation", "sequence_number", "text"]] as const;
  for (const order of orders) {
    const { parse, reads } = counting();
    const numbered = (text: string, sequence_number: number) => {
      const members = { text, sequence_number, obfuscation: "x".repeat(sequence_number) };
      return JSON.stringify(Object.fromEntries(order.map((name) => [name, members[name]])));
    };
    parse(numbered("Hello", 0));
    const first = reads();
    for (const [text, number] of [[" wor\n", 1], ["ld", 10], ["!", 0]] as const) {
      assert.deepEqual(parse(numbered(text, number)), { text, sequence_number: number, obfuscation: "" });
    }
    assert.equal(reads(), first);
  }
});

/** Each comes behind an event with a number, and is something else than it with another number. */
const NUMBERED: Readonly<Record<string, string>> = {
  "a number with a fraction": '{"sequence_number":1.5,"text":"Hello"}',
  "a number below zero": '{"sequence_number":-1,"text":"Hello"}',
  "a number that is very long": '{"sequence_number":12345678901234567890,"text":"Hello"}',
  "zeros before a number": '{"sequence_number":007,"text":"Hello"}',
  "no number": '{"sequence_number":,"text":"Hello"}',
  "a number that is a text": '{"sequence_number":"7","text":"Hello"}',
  "a second number": '{"sequence_number":7,"sequence_number":8,"text":"Hello"}',
};

for (const [what, json] of Object.entries(NUMBERED)) {
  Deno.test(`repeatedJson() is not misled by ${what}`, () => {
    const { parse } = counting();
    parse('{"sequence_number":3,"text":"Hello"}');
    assert.deepEqual(parse(json), parseObject(json));
  });
}

Deno.test("repeatedJson() does not take another member's number for its own", () => {
  for (const changing of ["inner", "own"]) {
    const { parse } = counting();
    for (const number of [3, 4, 5]) {
      const [inner, own] = changing === "inner" ? [number, 3] : [3, number];
      const body = { inner: { sequence_number: inner }, sequence_number: own, text: "Hello" };
      assert.deepEqual(parse(JSON.stringify(body)), body);
    }
  }
});

/** Each comes behind `chunk("Hello")`, and is something else than it with another text. */
const OTHERS: Readonly<Record<string, string>> = {
  "another member": '{"id":"c2","text":"Hello","end":null}',
  "one member more": '{"id":"c1","text":"Hello","more":1,"end":null}',
  "an empty text": '{"id":"c1","text":"","end":null}',
  "no text": '{"id":"c1","text":null,"end":null}',
  "a second text": '{"id":"c1","text":"a","text":"b","end":null}',
  "a line break within the string": '{"id":"c1","text":"a\nb","end":null}',
  "a quote within the string": '{"id":"c1","text":"a"b","end":null}',
  "a string that ends in an escape": '{"id":"c1","text":"a\\","end":null}',
  "an escape that is none": '{"id":"c1","text":"\\x","end":null}',
  "a string without its first quote": '{"id":"c1","text":","end":null}',
  "something behind the object": `${chunk("again")}}`,
  "half a text": '{"id":"c1","text":"',
  "no object": '["c1"]',
  "nothing": "",
};

for (const [what, json] of Object.entries(OTHERS)) {
  Deno.test(`repeatedJson() is not misled by ${what}`, () => {
    const { parse } = counting();
    parse(chunk("Hello"));
    assert.deepEqual(parse(json), parseObject(json));
    assert.deepEqual(parse(chunk("again")), { id: "c1", text: "again", end: null });
  });
}

Deno.test("repeatedJson() finds the string's own place where another has the same words, or ours", () => {
  for (const text of ["c1", "anystream", ",", ":null,", "end"]) {
    const { parse } = counting();
    for (const next of [text, "other", text]) {
      assert.deepEqual(parse(chunk(next)), { id: "c1", text: next, end: null });
    }
  }
});

Deno.test("repeatedJson() does not take another member for the string, whatever they have in common", () => {
  for (const text of ["same", "anystream"]) {
    const { parse } = counting();
    for (const id of [text, "another", text]) {
      assert.deepEqual(parse(JSON.stringify({ id, text, end: null })), { id, text, end: null });
    }
  }
});

/** Each comes behind a chunk with padding, and is something else than it with other padding. */
const PADDED: Readonly<Record<string, string>> = {
  "padding under another name": '{"id":"c1","text":"Hello","obfuscatio2":"aB3"}',
  "padding with an escape": '{"id":"c1","text":"Hello","obfuscation":"a\\u0042"}',
  "padding that is no string": '{"id":"c1","text":"Hello","obfuscation":"a\nb"}',
  "another member before the padding": '{"id":"c1","text":"Hello","more":1,"obfuscation":"aB3"}',
};

for (const [what, json] of Object.entries(PADDED)) {
  Deno.test(`repeatedJson() is not misled by ${what}`, () => {
    const { parse } = counting();
    parse('{"id":"c1","text":"Hello","obfuscation":"aB3"}');
    assert.deepEqual(parse(json), parseObject(json));
  });
}

Deno.test("repeatedJson() goes on learning as long as something fits", () => {
  const { parse, reads } = counting();
  for (let at = 0; at < 20; at++) {
    const of = (text: string) => JSON.stringify({ at, text });
    parse(of("Hello"));
    const before = reads();
    assert.deepEqual(parse(of("world")), { at, text: "world" });
    assert.equal(reads(), before, `at ${at}`);
  }
});

Deno.test("repeatedJson() reads a body without its text in full, as it may mean something else", () => {
  const { parse, reads } = counting();
  parse(chunk("Hello"));
  const before = reads();
  assert.deepEqual(parse(chunk("")), { id: "c1", text: "", end: null });
  assert.equal(reads(), before + 1);
});

Deno.test("repeatedJson() gives up learning from texts that are never alike", () => {
  const { parse, reads } = counting();
  const numbered = (at: number) => JSON.stringify({ at, text: "Hello" });
  for (let at = 0; at < 20; at++) parse(numbered(at));
  const before = reads();
  for (let at = 20; at < 30; at++) assert.deepEqual(parse(numbered(at)), { at, text: "Hello" });
  // One for each text: nothing is read a second time to learn from it.
  assert.equal(reads() - before, 10);
});

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ maxLength: 12 }),
  fc.constantFrom("", ",", '"', "\\", '","', "anystream", "c1", "text", "<think>", "</think>", "a"),
);
/** As JSON, or as those write it who escape all that is not ASCII. */
const written = (value: unknown, escaped: boolean): string => {
  const json = JSON.stringify(value);
  const escape = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return escaped ? json.replace(/[^\x20-\x7e]/g, escape) : json;
};

Deno.test("repeatedJson() reads any texts in any order as JSON.parse does", () => {
  const anyBody = fc.record({
    id: fc.constantFrom("c1", "c2", "text", "a"),
    text: fc.option(anyText),
    more: fc.option(anyText),
    sequence_number: fc.option(fc.nat({ max: 12 })),
    escaped: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(anyBody, { maxLength: 12 }), (bodies) => {
      const { parse } = counting();
      for (const { escaped, ...body } of bodies) {
        assert.deepEqual(parse(written(body, escaped)), body);
      }
    }),
    runs(400),
  );
});

/** What may stand in a stream of each dialect, as long as its texts are these. */
const STREAMS = {
  openai_chat: {
    dialect: openaiChat,
    bodies: (text: string) => {
      const head = { id: "c1", object: "chat.completion.chunk", created: 1, model: "m" };
      const of = (delta: JsonObject, more: JsonObject = {}) => ({
        ...head,
        choices: [{ index: 0, delta, finish_reason: null }],
        ...more,
      });
      const call = (fragment: string) => ({ index: 0, id: "call_1", function: { name: "f", arguments: fragment } });
      return [
        of({ role: "assistant", content: "" }),
        of({ content: text }),
        of({ content: text }, { usage: null, obfuscation: text.replace(/[^a-z]/g, "") }),
        of({ content: null, reasoning_content: text }),
        of({ reasoning: text, content: "" }),
        of({ tool_calls: [{ ...call(text), type: "function" }] }),
        of({ tool_calls: [{ index: 0, function: { arguments: text } }] }),
        of({ content: text, tool_calls: [{ index: 0, function: { arguments: text } }] }),
        { ...head, choices: [{ index: 1, delta: { content: text }, finish_reason: null }] },
        { ...of({ content: text }), model: "other" },
        { ...head, choices: [{ index: 0, delta: { content: text }, finish_reason: "stop" }] },
        { error: { message: text } },
      ];
    },
  },
  anthropic: {
    dialect: anthropic,
    bodies: (text: string) => {
      const start = (content_block: JsonObject) => ({ type: "content_block_start", index: 0, content_block });
      const delta = (delta: JsonObject) => ({ type: "content_block_delta", index: 0, delta });
      return [
        { type: "message_start", message: { id: "m1", model: "m", content: [], usage: { input_tokens: 1 } } },
        start({ type: "text", text: "" }),
        start({ type: "thinking", thinking: "", signature: "" }),
        start({ type: "tool_use", id: "call_1", name: "f", input: {} }),
        delta({ type: "text_delta", text }),
        delta({ type: "thinking_delta", thinking: text }),
        delta({ type: "signature_delta", signature: text }),
        delta({ type: "input_json_delta", partial_json: text }),
        { type: "content_block_stop", index: 0 },
        { type: "ping" },
        { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } },
        { type: "error", error: { type: "api_error", message: text } },
      ];
    },
  },
  openai_responses: {
    dialect: openaiResponses,
    bodies: (text: string) => {
      const place = { item_id: "msg_1", output_index: 0 };
      const item = { id: "msg_1", type: "message", role: "assistant", content: [] };
      const call = { id: "fc_1", type: "function_call", call_id: "call_1", name: "f", arguments: "" };
      const output_text = { type: "output_text", text: "", annotations: [] };
      const response = {
        id: "resp_1",
        object: "response",
        created_at: 1,
        model: "m",
        status: "in_progress",
        output: [],
      };
      const usage = { input_tokens: 1, output_tokens: 1 };
      const events: JsonObject[] = [
        { type: "response.created", response },
        { type: "response.output_item.added", output_index: 0, item },
        { type: "response.output_item.added", output_index: 1, item: call },
        { type: "response.content_part.added", ...place, content_index: 0, part: output_text },
        { type: "response.output_text.delta", ...place, content_index: 0, delta: text, logprobs: [], obfuscation: "x" },
        { type: "response.output_text.delta", ...place, content_index: 1, delta: text },
        { type: "response.function_call_arguments.delta", item_id: "fc_1", output_index: 1, delta: text },
        { type: "response.reasoning_text.delta", item_id: "rs_1", output_index: 2, content_index: 0, delta: text },
        { type: "response.output_text.done", ...place, content_index: 0, text },
        { type: "response.output_item.done", output_index: 0, item: { ...item, content: [{ ...output_text, text }] } },
        { type: "response.completed", response: { ...response, status: "completed", output: [item], usage } },
        { type: "error", message: text },
      ];
      return events.map((event) => ({ sequence_number: text.length, ...event }));
    },
  },
} as const satisfies Record<string, { dialect: Dialect; bodies: (text: string) => JsonObject[] }>;

/** What the frames say, and what a client of the same dialect is told of it. */
function toldOf(dialect: Dialect, frames: readonly string[]) {
  const beats = readStream(dialect, frames.join(""));
  const told = writeStream(dialect.eventFormatter(requestOf(dialect), OPTIONS), beats).join("");
  const data = frameDecoder("sse").push(told).map(({ event, data }) => ({ event, data: parseJson(data) ?? data }));
  return { said: beats.map(({ raw, ...beat }) => ({ ...beat, isRelayed: raw !== undefined })), data };
}

for (const [name, { dialect, bodies }] of Object.entries(STREAMS)) {
  Deno.test(`a stream of ${name} says the same where no frame is the one before with another text`, () => {
    const anyBody = fc.tuple(fc.nat({ max: 11 }), anyText).map(([at, text]) => bodies(text)[at]);
    fc.assert(
      fc.property(fc.array(anyBody, { maxLength: 25 }), (stream) => {
        const frames = stream.map((body) => `data: ${JSON.stringify(body)}\n\n`);
        // White space that differs from frame to frame keeps each of them from being taken for the one before.
        const unlike = frames.map((frame, at) => frame.replace("{", `{${" ".repeat(at + 1)}`));
        assert.deepEqual(toldOf(dialect, frames), toldOf(dialect, unlike));
      }),
      runs(400),
    );
  });
}
