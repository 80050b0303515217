/** What the lines of an Ollama upstream mean, from recorded ones to nonsense. */

import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import type { Beat, ChatEvent } from "../../../chat/event.ts";
import type { Reply } from "../../../chat/reply.ts";
import { ollama, ollamaGenerate } from "../../../dialects/ollama/mod.ts";
import { frameDecoder } from "../../../streaming/decode_frames.ts";
import { bytesOf, splitsOf } from "../../support/chunked.ts";
import { eventsOf, fixture, foldEvents, readStream } from "../../support/codec.ts";

const read = (name: string) => readStream(ollama, fixture(`ollama/${name}.ndjson`));
const replyTo = (text: string) => foldEvents(eventsOf(readStream(ollama, text)));

function lineOf(message: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const head = { model: "m", created_at: "2026-08-28T09:14:07.1Z" };
  return `${
    JSON.stringify({ ...head, message: { role: "assistant", content: "", ...message }, done: false, ...more })
  }\n`;
}
const DONE = lineOf({}, { done: true, done_reason: "stop" });

const USAGE = { input: 26, output: 6 };

/** Each recorded stream, and what it says. */
const MEANINGS: Record<string, Pick<Reply["choices"][number], "parts" | "finish"> & { usage?: Reply["usage"] }> = {
  chat: {
    parts: [{ type: "text", text: 'The sky — 天空 🌤 — is "blue".\n' }],
    finish: { reason: "stop", raw: "stop" },
    usage: { ...USAGE, cached: 16 },
  },
  thinking: {
    parts: [{ type: "reasoning", text: "The user greets me." }, { type: "text", text: "Hello!" }],
    finish: { reason: "stop", raw: "stop" },
    usage: USAGE,
  },
  tools: {
    parts: [
      { type: "reasoning", text: "I need both cities." },
      { type: "tool-call", id: "call_9k2m1x7q", name: "get_weather", json: '{"city":"Paris","unit":"c"}' },
      {
        type: "tool-call",
        id: "call_1f8z3b0v",
        name: "get_weather",
        json: '{"city":"Tōkyō","days":[1,2],"unit":null}',
      },
    ],
    finish: { reason: "tool-calls", raw: "stop" },
    usage: USAGE,
  },
  tools_as_text: {
    parts: [{ type: "tool-call", id: "a", name: "get_time", json: '{"zone":"UTC"}' }],
    finish: { reason: "tool-calls", raw: "stop" },
    usage: USAGE,
  },
  length: {
    parts: [{ type: "text", text: "Once upon" }],
    finish: { reason: "length", raw: "length" },
    usage: USAGE,
  },
  think_tags: {
    parts: [{ type: "reasoning", text: "Hm, two plus two.\n" }, { type: "text", text: "Four: `<think>`" }],
    finish: { reason: "stop", raw: "stop" },
    usage: USAGE,
  },
  relayed: {
    parts: [{ type: "text", text: "Hi there" }],
    finish: { reason: "stop" },
  },
  generate: {
    parts: [{ type: "text", text: "return a % b" }],
    finish: { reason: "stop", raw: "stop" },
    usage: USAGE,
  },
  generate_thinking: {
    parts: [{ type: "reasoning", text: "So be it." }, { type: "text", text: "Yes" }],
    finish: { reason: "stop", raw: "stop" },
    usage: USAGE,
  },
};

for (const [name, { usage, ...meaning }] of Object.entries(MEANINGS)) {
  Deno.test(`eventParser() reads ${name}.ndjson`, () => {
    const reply = foldEvents(eventsOf(read(name)));
    deepEqual(reply.choices, [meaning]);
    deepEqual(reply.usage, usage);
    equal(reply.error, undefined);
  });
}

Deno.test("L1 lines that are cut anywhere between two reads say the same", () => {
  for (const name of Object.keys(MEANINGS)) {
    const whole = read(name);
    for (const [head, tail] of splitsOf(bytesOf(fixture(`ollama/${name}.ndjson`)))) {
      const utf8 = new TextDecoder();
      const decoder = frameDecoder("ndjson");
      const parser = ollama.eventParser({});
      const frames = [
        ...decoder.push(utf8.decode(head, { stream: true })),
        ...decoder.push(utf8.decode(tail, { stream: true })),
        ...decoder.end(),
      ];
      deepEqual(frames.map((frame) => parser.push(frame)), whole);
    }
  }
});

Deno.test("eventParser() tells the model and the time, and that there is no id", () => {
  deepEqual(read("chat")[0]!.events[0], {
    type: "start",
    id: "",
    model: "llama3.2:latest",
    created: Date.UTC(2026, 7, 28, 9, 14, 7) / 1000,
  });
});

Deno.test("eventParser() starts once, and without a time that cannot be read", () => {
  const line = JSON.stringify({ model: "m", created_at: "yesterday", message: { content: "a" }, done: false });
  const starts = eventsOf(readStream(ollama, `${line}\n${line}\n${DONE}`)).filter(({ type }) => type === "start");
  deepEqual(starts, [{ type: "start", id: "", model: "m" }]);
});

Deno.test("T2 T15 calls without ids get such as are stable, and differ within the answer and between answers", () => {
  const idsIn = (text: string) =>
    eventsOf(readStream(ollama, text)).flatMap((event) => event.type === "tool-call" ? [event.id] : []);
  const first = idsIn(fixture("ollama/tools_without_ids.ndjson"));
  const second = idsIn(fixture("ollama/tools_without_ids.ndjson").replaceAll("31.000000001Z", "31.000000002Z"));
  equal(new Set([...first, ...second]).size, 4);
  for (const id of first) match(id, /^call_\w+$/);
  deepEqual(idsIn(fixture("ollama/tools_without_ids.ndjson")), first);
});

Deno.test("T15 an id that occurs twice in an answer is replaced the second time", () => {
  const call = { id: "a", function: { name: "f", arguments: {} } };
  const { parts } = replyTo(lineOf({ tool_calls: [call] }) + lineOf({ tool_calls: [call] }) + DONE).choices[0]!;
  const ids = parts.map((part) => part.type === "tool-call" && part.id);
  equal(ids[0], "a");
  notEqual(ids[1], "a");
});

Deno.test("T9 a call without arguments has the empty object, and one without a name is none", () => {
  const reply = replyTo(lineOf({ tool_calls: [{ function: { name: "f" } }, { function: {} }, {}] }) + DONE);
  deepEqual(reply.choices[0]!.parts.map((part) => part.type === "tool-call" && part.json), ["{}"]);
});

Deno.test("L2 calls make an end of it, unless it was cut", () => {
  const calls = lineOf({ tool_calls: [{ function: { name: "f", arguments: {} } }] });
  const ends = ["stop", undefined, "length", "load"].map((done_reason) =>
    replyTo(calls + lineOf({}, { done: true, done_reason })).choices[0]!.finish
  );
  deepEqual(ends, [
    { reason: "tool-calls", raw: "stop" },
    { reason: "tool-calls" },
    { reason: "length", raw: "length" },
    { reason: "other", raw: "load" },
  ]);
});

Deno.test("L2 calls that stand in the last line count", () => {
  const line = lineOf({ tool_calls: [{ function: { name: "f", arguments: { a: 1 } } }] }, {
    done: true,
    done_reason: "stop",
  });
  const [choice] = replyTo(line).choices;
  equal(choice!.finish!.reason, "tool-calls");
  equal(choice!.parts.length, 1);
});

Deno.test("L4 images of an answer are media of the type their bytes tell", () => {
  const events = eventsOf(read("generate_image"));
  const image = events.find((event) => event.type === "media");
  equal(image?.mediaType, "image/png");
  match(image?.data ?? "", /^iVBOR/);
  const chat = eventsOf(readStream(ollama, lineOf({ images: ["/9j/4AAQ"] }) + DONE));
  deepEqual(chat.filter(({ type }) => type === "media"), [
    { type: "media", mediaType: "image/jpeg", data: "/9j/4AAQ" },
  ]);
});

Deno.test("eventParser() reads logprobs", () => {
  const events = eventsOf(read("logprobs"));
  const found = events.find((event) => event.type === "logprobs");
  deepEqual(found?.content?.map((entry) => (entry as { token: string }).token), ["Yes"]);
});

Deno.test("K2 text that opens with think tags is rewritten, all other is relayed as it came", () => {
  deepEqual(read("think_tags").map(({ raw }) => raw !== undefined), [false, false, false, false, false, true]);
  const asIs = readStream(ollama, fixture("ollama/think_tags.ndjson"), { thinkTags: false });
  ok(asIs.every(({ raw }) => raw !== undefined));
  equal(foldEvents(eventsOf(asIs)).choices[0]!.parts.length, 1);
});

Deno.test("K2 text that could have become a tag is told before a call, and at the end", () => {
  const call = lineOf({ tool_calls: [{ function: { name: "f", arguments: {} } }] });
  const types = (text: string) =>
    eventsOf(readStream(ollama, text)).map((event) => event.type === "text" ? event.text : event.type);
  deepEqual(types(lineOf({ content: "<th" }) + call + DONE), ["start", "<th", "tool-call", "tool-arguments", "finish"]);
  deepEqual(types(lineOf({ content: "<" }) + DONE), ["start", "<", "finish"]);
  deepEqual(types(lineOf({ content: "<" })), ["start", "<", "error"]);
  deepEqual(types(lineOf({ content: "<" }) + '{"error":"x"}\n'), ["start", "<", "error"]);
});

Deno.test("V7 keep-alives and objects that say nothing are consumed", () => {
  const beats = read("relayed");
  deepEqual(beats[1], { events: [] });
  equal(beats.length, 4);
  deepEqual(eventsOf(readStream(ollama, `{}\n${DONE}`)), eventsOf(readStream(ollama, DONE)));
  for (const beat of beats) if (beat.raw !== undefined) match(beat.raw, /^\{.*\}\n$/);
});

Deno.test("eventParser() keeps back lines that a client could not read, and those alone", () => {
  const head = { model: "m", created_at: "2026-08-28T09:14:07Z", done: false };
  const message = { role: "assistant", content: "a" };
  const isRelayed = (line: unknown) => readStream(ollama, `${JSON.stringify(line)}\n`)[0]!.raw !== undefined;
  ok(isRelayed({ ...head, message }));
  ok(isRelayed({ ...head, response: "a" }));
  ok(isRelayed({ ...head, message: { ...message, tool_calls: [{ function: { name: "f", arguments: {} } }] } }));
  ok(!isRelayed({ ...head, model: undefined, message }));
  ok(!isRelayed({ ...head, created_at: undefined, message }));
  ok(!isRelayed({ ...head, done: undefined, message }));
  ok(!isRelayed({ ...head, message: { ...message, content: null } }));
  ok(!isRelayed({ ...head, message: { ...message, tool_calls: [{ function: { name: "f", arguments: "{}" } }] } }));
  ok(!isRelayed({ ...head, message: { ...message, tool_calls: {} } }));
  ok(!isRelayed({ ...head, message: { ...message, tool_calls: [{ function: { name: "", arguments: {} } }] } }));
  ok(!isRelayed({ ...head, message: { ...message, tool_calls: [{ function: { name: 5, arguments: {} } }] } }));
  ok(!isRelayed({ ...head, message, error: null }));
  ok(!isRelayed({ ...head, message: "a", response: "a" }));
});

Deno.test("F17 E5 an error line ends the stream, after what came before it", () => {
  const beats = read("error");
  const last = beats.at(-1)!;
  const [error] = last.events;
  ok(last.last && last.raw === undefined && error?.type === "error");
  equal(error.error.kind, "upstream-failure");
  ok(!error.error.message.includes("CUDA"));
  match(error.error.detail ?? "", /CUDA/);
  deepEqual(beats[0]!.events.at(-1), { type: "text", text: "The answer" });
});

Deno.test("F11 a stream without its last line was cut", () => {
  for (const text of [fixture("ollama/cut.ndjson"), "", "{}\n"]) {
    const last = eventsOf(readStream(ollama, text)).at(-1);
    equal(last?.type === "error" && last.error.kind, "upstream-cut");
  }
});

Deno.test("F8 the last line is the last, whatever the upstream says behind it", () => {
  const parser = ollama.eventParser({});
  equal(parser.push({ data: DONE.trim() }).last, true);
  deepEqual(parser.push({ data: lineOf({ content: "more" }) }), { events: [], last: true });
  deepEqual(parser.end(), []);
});

Deno.test("F16 what is no JSON object is no answer", () => {
  for (const data of ["<html>", "[1]", "null", '"x"', '{"model":']) {
    const beat = ollama.eventParser({}).push({ data });
    const [event] = beat.events;
    ok(beat.last && event?.type === "error");
    equal(event.error.kind, "upstream-malformed");
    equal(event.error.detail, data);
  }
});

Deno.test("U1 the counts of the prompt are not taken for 0 where an old server leaves them out", () => {
  const usage = (counts: Record<string, number>) => replyTo(lineOf({}, { done: true, ...counts })).usage;
  equal(usage({ eval_count: 3 }), undefined);
  deepEqual(usage({ prompt_eval_count: 5 }), { input: 5, output: 0 });
  deepEqual(usage({ prompt_eval_count: 5, prompt_eval_cached_count: 0, eval_count: 1 }), {
    input: 5,
    output: 1,
    cached: 0,
  });
});

Deno.test("both routes are read alike", () => {
  for (const name of ["chat", "generate"]) {
    deepEqual(readStream(ollamaGenerate, fixture(`ollama/${name}.ndjson`)), read(name));
  }
});

Deno.test("eventParser() never throws, ends once, and keeps the order of a stream", () => {
  const line = fc.oneof(
    fc.json(),
    fc.string(),
    fc.record({
      model: fc.option(fc.string()),
      created_at: fc.option(fc.string()),
      message: fc.oneof(fc.jsonValue(), fc.record({ content: fc.jsonValue(), tool_calls: fc.jsonValue() })),
      response: fc.option(fc.string(), { nil: undefined }),
      done: fc.oneof(fc.boolean(), fc.jsonValue()),
      done_reason: fc.jsonValue(),
      error: fc.option(fc.jsonValue(), { nil: undefined, freq: 9 }),
    }).map((value) => JSON.stringify(value)),
  );
  fc.assert(fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
    const parser = ollama.eventParser({});
    const beats: Beat[] = [...lines.map((data) => parser.push({ data })), { events: parser.end() }];
    const events: ChatEvent[] = eventsOf(beats);
    const ends = events.filter(({ type }) => type === "finish" || type === "error");
    equal(ends.length, 1);
    equal(events.at(-1), ends[0]);
    ok(events.findIndex(({ type }) => type === "start") <= 0);
  }));
});
