import assert from "node:assert/strict";
import fc from "fast-check";
import { GatewayError } from "../../../chat/error.ts";
import type { Beat, ChatEvent } from "../../../chat/event.ts";
import { FINISH_REASONS } from "../../../chat/finish.ts";
import { gemini, geminiArray } from "../../../dialects/gemini/mod.ts";
import { eventsOf, foldEvents, readStream, writeStream } from "../../support/codec.ts";
import { checkGeminiArray, checkGeminiStream } from "../../support/gemini_grammar.ts";
import { beats, chunk, foreignRequest, frame, OPTIONS, request, said, streamRequest, written } from "./support.ts";

const STOP: ChatEvent = { type: "finish", reason: "stop" };
const text = (text: string, choice?: number): ChatEvent => ({
  type: "text",
  text,
  ...(choice !== undefined && { choice }),
});
const call = (index: number, name: string, ...json: string[]): ChatEvent[] => [
  { type: "tool-call", index, id: `id${index}`, name },
  ...json.map((json): ChatEvent => ({ type: "tool-arguments", index, json })),
];
const failure = new GatewayError("overloaded", "Cannot answer as the provider is overloaded");
const formatter = (asked = streamRequest()) => gemini.eventFormatter(asked, OPTIONS);
const framesOf = (events: ChatEvent[]) => writeStream(formatter(), events.map((event) => ({ events: [event] })));

Deno.test("a stream of text: a chunk for each piece, and the end with the counts in the last", () => {
  const frames = framesOf([
    { type: "start", id: "up", model: "upstream" },
    text("Hel"),
    text("lo"),
    STOP,
    { type: "usage", usage: { input: 7, output: 5, cached: 2, reasoning: 3 } },
  ]);
  const head = { modelVersion: "alias", responseId: "abc" };
  const piece = (text: string, more = {}) => ({
    candidates: [{ content: { role: "model", parts: [{ text }] }, ...more, index: 0 }],
  });
  assert.deepEqual(frames.map((one) => JSON.parse(one.slice(6))), [
    { ...piece("Hel"), ...head },
    { ...piece("lo"), ...head },
    {
      ...piece("", { finishReason: "STOP" }),
      usageMetadata: {
        promptTokenCount: 7,
        candidatesTokenCount: 2,
        cachedContentTokenCount: 2,
        thoughtsTokenCount: 3,
        totalTokenCount: 12,
      },
      ...head,
    },
  ]);
  assert.equal(checkGeminiStream(frames).text, "Hello");
});

Deno.test("O3 each reason has its word, and the upstream's own word is kept where it means the same", () => {
  const WORDS = {
    "stop": "STOP",
    "stop-sequence": "STOP",
    "length": "MAX_TOKENS",
    "context-window": "MAX_TOKENS",
    "tool-calls": "STOP",
    "content-filter": "SAFETY",
    "refusal": "SAFETY",
    "pause": "CONTINUATION",
    "malformed": "MALFORMED_FUNCTION_CALL",
    "other": "OTHER",
  } as const;
  for (const reason of FINISH_REASONS) {
    assert.equal(written([text("a"), { type: "finish", reason, raw: "foreign" }]).finish, WORDS[reason]);
  }
  for (
    const [reason, raw] of [["content-filter", "RECITATION"], ["malformed", "UNEXPECTED_TOOL_CALL"], [
      "other",
      "NO_IMAGE",
    ]] as const
  ) {
    assert.equal(written([{ type: "finish", reason, raw }]).finish, raw);
  }
  assert.equal(written([{ type: "finish", reason: "content-filter", raw: "JAILBREAK" }]).finish, "SAFETY");
  assert.equal(written([{ type: "finish", reason: "length", raw: "STOP" }]).finish, "MAX_TOKENS");
});

Deno.test("T5 T6 interleaved calls leave whole, in one part each, behind the text", () => {
  const [first, second] = [call(0, "f", '{"a"', ":1}"), call(1, "g", '{"b":2}')];
  const read = written([text("Hm"), first[0]!, second[0]!, first[1]!, second[1]!, first[2]!, {
    type: "finish",
    reason: "tool-calls",
  }]);
  assert.deepEqual(read.toolCalls, [
    { id: "id0", name: "f", arguments: '{"a":1}' },
    { id: "id1", name: "g", arguments: '{"b":2}' },
  ]);
  assert.deepEqual([read.text, read.finish], ["Hm", "STOP"]);
});

Deno.test("T9 T10 a call without arguments has an empty object, and what is no object is kept", () => {
  const ended = written([...call(0, "f"), ...call(1, "g", ""), ...call(2, "h", "[1]"), {
    type: "finish",
    reason: "tool-calls",
  }]);
  assert.deepEqual(ended.toolCalls.map((one) => one.arguments), ["{}", "{}", '{"_raw":"[1]"}']);
});

Deno.test("T13 half a call is not made where the limit was reached within it", () => {
  const read = written([...call(0, "f", '{"a":1}'), ...call(1, "g", '{"b'), { type: "finish", reason: "length" }]);
  assert.deepEqual([read.toolCalls.length, read.finish], [1, "MAX_TOKENS"]);
});

Deno.test("T12 a failure within a call is an error, and no call", () => {
  const one = formatter();
  const frames = [...one.push({ events: [text("a"), ...call(0, "f", '{"a":1}')] }), ...one.fail(failure), ...one.end()];
  const read = checkGeminiStream(frames);
  assert.deepEqual([read.text, read.toolCalls, read.finish], ["a", [], undefined]);
  assert.deepEqual(read.error, { code: 503, message: failure.message, status: "UNAVAILABLE" });
});

Deno.test("T23 a call is told under the name that the client gave its tool", () => {
  const asked = streamRequest({ tools: [{ functionDeclarations: [{ name: "ns.tool:run" }] }] });
  const { body } = gemini.formatRequest({ ...foreignRequest(), tools: asked.tools! }, {
    model: "m",
    stream: true,
    facts: {},
    quirks: {},
  });
  const [{ functionDeclarations: [sent] }] = body.tools as [{ functionDeclarations: [{ name: string }] }];
  const read = written([...call(0, sent.name, "{}"), STOP], asked);
  assert.equal(read.toolCalls[0]?.name, "ns.tool:run");
});

Deno.test("K10 thoughts are told apart from the text, to clients that asked for them", () => {
  const events: ChatEvent[] = [{ type: "reasoning", text: "Hm" }, text("Yes"), STOP];
  assert.deepEqual([written(events).reasoning, written(events).text], ["Hm", "Yes"]);
  for (const includeThoughts of [false, undefined]) {
    const thinkingConfig = includeThoughts === undefined ? {} : { includeThoughts };
    const read = written(events, streamRequest({ generationConfig: { thinkingConfig } }));
    assert.deepEqual([read.reasoning, read.text], ["", "Yes"]);
  }
});

Deno.test("K11 signatures: Google's in an empty text, a call's on the call, another vendor's on its thought", () => {
  const read = written([
    { type: "reasoning", text: "Hm" },
    { type: "reasoning", text: "", signature: "EqoBforeign+/==" },
    text("So"),
    { type: "reasoning", text: "", signature: "gemini:ab==" },
    { type: "reasoning", text: "", signature: "openai_responses:gAAA" },
    { type: "tool-call", index: 0, id: "x", name: "f", signature: "cd==" },
    STOP,
  ]);
  assert.deepEqual(read.parts, [
    { text: "Hm", thought: true },
    { text: "", thought: true, thoughtSignature: "EqoBforeign+/==" },
    { text: "So" },
    { text: "", thoughtSignature: "ab==" },
    { functionCall: { id: "x", name: "f", args: {} }, thoughtSignature: "cd==" },
  ]);
});

Deno.test("K11 another vendor's signed thought comes back with its signature", () => {
  const frames = framesOf([
    { type: "reasoning", text: "Hm" },
    { type: "reasoning", text: "", signature: "Ab+/" },
    text("So"),
    STOP,
  ]);
  const contents = frames.map((one) => JSON.parse(one.slice(6)).candidates[0].content);
  const [message] = request({ contents }).messages;
  assert.deepEqual(message?.parts, [{ type: "reasoning", text: "Hm", signature: "Ab+/" }, {
    type: "text",
    text: "So",
  }]);
});

Deno.test("K11 a signature that is no base64 goes nowhere, be it a call's, Google's or another vendor's", () => {
  const events: ChatEvent[] = [
    ...["gemini:no base64", "no base64"].map((signature) => ({ type: "reasoning" as const, text: "", signature })),
    { type: "tool-call", index: 0, id: "a", name: "f", signature: "no base64" },
    STOP,
  ];
  assert.ok(framesOf(events).every((one) => !one.includes("thoughtSignature")));
});

Deno.test("G20 several candidates have one end, and each its own content", () => {
  const frames = framesOf([
    text("a"),
    text("b", 1),
    STOP,
    text("dropped"),
    text("c", 1),
    { type: "finish", reason: "length", choice: 1 },
  ]);
  const read = checkGeminiStream(frames);
  assert.deepEqual(read.candidates.map(({ text, finish }) => [text, finish]), [["a", "STOP"], ["bc", "MAX_TOKENS"]]);
  assert.equal(JSON.parse(frames.at(-1)!.slice(6)).candidates.length, 2);
});

Deno.test("media, refusals, sources and probabilities", () => {
  const citation = { url: "https://a.example", title: "A", start_index: 1, end_index: 3 };
  const read = written([
    { type: "media", mediaType: "image/png", data: "AAAA" },
    { type: "refusal", text: "äöü" },
    text("äöü"),
    { type: "annotation", annotation: { type: "url_citation", url_citation: citation } },
    { type: "annotation", annotation: { type: "url_citation", ...citation } },
    { type: "annotation", annotation: { type: "file_citation" } },
    { type: "logprobs", content: [{ token: "a", logprob: -1, top_logprobs: [{ token: "b", logprob: -2 }] }] },
    { type: "opaque", dialect: "gemini", value: { executableCode: { code: "1" } } },
    { type: "opaque", dialect: "anthropic", value: { x: 1 } },
    { type: "redacted-reasoning", data: "x" },
    STOP,
  ]);
  assert.deepEqual(read.parts, [
    { inlineData: { mimeType: "image/png", data: "AAAA" } },
    { text: "äöü" },
    { text: "äöü" },
    { executableCode: { code: "1" } },
    { text: "" },
  ]);
  // In bytes of UTF-8.
  const source = { startIndex: 2, endIndex: 6, uri: "https://a.example", title: "A" };
  assert.deepEqual(read.last.citationMetadata, { citationSources: [source, source] });
  assert.deepEqual(read.last.logprobsResult, {
    chosenCandidates: [{ token: "a", logProbability: -1 }],
    topCandidates: [{ candidates: [{ token: "b", logProbability: -2 }] }],
  });
});

Deno.test("V8 the keep-alive is an empty thought, before, within and never after the answer", () => {
  const one = formatter();
  const ping = 'data: {"candidates":[{"content":{"parts":[{"text":"","thought":true}],"role":"model"},"index":0}]}\n\n';
  assert.deepEqual(one.ping(0), [ping]);
  const frames = [
    ...one.ping(0),
    ...one.push({ events: [text("a")] }),
    ...one.ping(60_000),
    ...one.push({ events: [STOP] }),
    ...one.ping(0),
    ...one.end(),
  ];
  assert.equal(checkGeminiStream(frames).pings, 3);
  assert.deepEqual([one.ping(0), one.end(), one.fail(failure), one.push({ events: [text("b")] })], [[], [], [], []]);
});

Deno.test("E5 a failure before any content is an error and nothing else", () => {
  const read = checkGeminiStream(formatter().fail(failure));
  assert.deepEqual(read.candidates, []);
  assert.equal(read.error?.status, "UNAVAILABLE");
});

Deno.test("E5 an error stands in a block for most clients, and then alone for those that look for none in a block", () => {
  const [block, alone, ...others] = formatter().fail(failure);
  assert.equal(block, `data: ${alone}\n\n`);
  assert.deepEqual(others, []);
  const pushed = formatter().push({ events: [text("a"), { type: "error", error: failure }] });
  assert.deepEqual(pushed.slice(1), [block, alone]);
});

Deno.test("G18 without alt=sse the stream is an array, closed after a failure too", () => {
  const array = () => geminiArray.eventFormatter(streamRequest(), OPTIONS);
  const events = [text("a"), text("b"), STOP];
  const whole = writeStream(array(), events.map((event) => ({ events: [event] })));
  assert.equal(checkGeminiArray(whole).text, "ab");
  assert.ok(!whole.join("").includes("[DONE]"));

  const failing = array();
  const frames = [
    ...failing.ping(0),
    ...failing.push({ events: [text("a")] }),
    ...failing.ping(0),
    ...failing.fail(failure),
    ...failing.ping(0),
    ...failing.end(),
  ];
  const read = checkGeminiArray(frames);
  assert.deepEqual([read.text, read.error?.code], ["a", 503]);
  assert.equal(checkGeminiArray(array().fail(failure)).error?.code, 503);

  const inBand = array();
  const told = [
    ...inBand.push({ events: [text("a"), { type: "error", error: failure }] }),
    ...inBand.end(),
    ...inBand.fail(failure),
  ];
  assert.equal(checkGeminiArray(told).error?.code, 503);
  assert.equal(geminiArray.streamType, "application/json");
});

Deno.test("G18 chunks of an upstream are elements of the array as they are", () => {
  const frames = [chunk([{ text: "a" }]), chunk([{ text: "b" }], "STOP")];
  const array = writeStream(geminiArray.eventFormatter(streamRequest(), OPTIONS), beats(frames)).join("");
  for (const one of frames) assert.ok(array.includes(one.slice(6, -2)));
  assert.equal(checkGeminiArray(array).text, "ab");
  assert.equal(array, `[${frames[0]!.slice(6, -2)}\n,\n${frames[1]!.slice(6, -2)}\n]`);
});

Deno.test("a relayed end is the end: no other is written, and what comes after is dropped", () => {
  const one = formatter();
  const [last] = beats([chunk([{ text: "a" }], "STOP")]);
  const frames = [
    ...one.push(last!),
    ...one.push(last!),
    ...one.push({ events: [text("b"), STOP] }),
    ...one.push({ events: [text("c", 1)] }),
    ...one.ping(0),
    ...one.fail(failure),
    ...one.end(),
  ];
  assert.deepEqual(frames, [last!.raw]);
});

Deno.test("a relayed chunk waits for none of ours: once something is held, all is written from events", () => {
  const one = formatter();
  const [last] = beats([
    chunk([{ text: "b" }], "STOP", { usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 } }),
  ]);
  const frames = [...one.push({ events: call(0, "f", "{}") }), ...one.push(last!), ...one.end()];
  const read = checkGeminiStream(frames);
  assert.deepEqual([read.text, read.toolCalls.length, read.finish], ["b", 1, "STOP"]);
  assert.equal(read.usage?.promptTokenCount, 1);
});

Deno.test("a relayed end of one candidate leaves the other's to us", () => {
  const one = formatter();
  const [first] = beats([chunk([{ text: "a" }], "STOP")]);
  const read = checkGeminiStream([
    ...one.push({ events: [text("x", 1)] }),
    ...one.push(first!),
    ...one.push({ events: [text("y", 1)] }),
    ...one.end(),
  ]);
  assert.deepEqual(read.candidates.map(({ text, finish }) => [text, finish]), [["a", "STOP"], ["xy", "OTHER"]]);
});

Deno.test("the end after relayed chunks goes on with what they had in common, and with their text", () => {
  const [bare] = beats([frame({ candidates: [{ content: { parts: [{ text: "äö" }], role: "model" }, index: 0 }] })]);
  const [named] = beats([chunk([{ text: "äö" }])]);
  const annotation = { type: "url_citation", url: "u", start_index: 0, end_index: 2 };
  for (const [relayed, model, id] of [[bare!, "alias", "abc"], [named!, "gemini-2.5-flash", "rid"]] as const) {
    const one = formatter();
    const frames = [
      ...one.push(relayed),
      ...one.push({ events: [{ type: "annotation", annotation }, STOP] }),
      ...one.end(),
    ];
    const read = checkGeminiStream(frames);
    assert.deepEqual([read.model, read.id], [model, id]);
    assert.deepEqual(read.last.citationMetadata, { citationSources: [{ startIndex: 0, endIndex: 4, uri: "u" }] });
  }
});

Deno.test("a failure before the second of two candidates began is an error", () => {
  const one = gemini.eventFormatter({ ...streamRequest(), n: 2 }, OPTIONS);
  const [first] = beats([chunk([{ text: "a" }], "STOP")]);
  assert.equal(checkGeminiStream([...one.push(first!), ...one.fail(failure)], { n: 2 }).error?.code, 503);
});

// ── Properties ───────────────────────────────────────────────────────────────────────────────────────────────────────

const anyText = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }));
const choice = fc.constantFrom({}, {}, { choice: 1 });
const signature = fc.constantFrom("gemini:ab==", "Ab+/==", "openai_responses:x-y", "");
const anyEvent: fc.Arbitrary<ChatEvent> = fc.oneof(
  fc.tuple(anyText, choice).map(([text, place]) => ({ type: "text" as const, text, ...place })),
  fc.tuple(anyText, signature, choice).map(([text, signature, place]) => ({
    type: "reasoning" as const,
    text,
    signature,
    ...place,
  })),
  fc.tuple(fc.nat(2), fc.constantFrom("f", "g"), choice).map(([index, name, place]) => ({
    type: "tool-call" as const,
    index,
    id: `id${index}`,
    name,
    ...place,
  })),
  fc.tuple(fc.nat(3), fc.oneof(fc.json(), anyText), choice).map(([index, json, place]) => ({
    type: "tool-arguments" as const,
    index,
    json,
    ...place,
  })),
  anyText.map((text) => ({ type: "refusal" as const, text })),
  fc.constant<ChatEvent>({ type: "media", mediaType: "image/png", data: "AAAA" }),
  fc.constant<ChatEvent>({ type: "redacted-reasoning", data: "x" }),
  fc.constant<ChatEvent>({
    type: "annotation",
    annotation: { type: "url_citation", url: "u", start_index: 0, end_index: 9 },
  }),
  fc.constant<ChatEvent>({ type: "logprobs", content: [{ token: "a", logprob: -1 }] }),
  fc.constant<ChatEvent>({ type: "start", id: "x", model: "y" }),
  fc.constant<ChatEvent>({ type: "usage", usage: { input: 3, output: 2, reasoning: 1 } }),
  fc.tuple(fc.constantFrom(...FINISH_REASONS), choice).map(([reason, place]) => ({
    type: "finish" as const,
    reason,
    ...place,
  })),
  fc.constant<ChatEvent>({ type: "error", error: failure }),
);
/** Beats of events, and among them some that an upstream of this dialect sent. */
const anyBeat: fc.Arbitrary<Beat> = fc.oneof(
  { weight: 4, arbitrary: fc.array(anyEvent, { maxLength: 4 }).map((events) => ({ events })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[chunk([{ text: "r" }]), chunk([{ functionCall: { name: "f" } }]), chunk([{ text: "s" }], "STOP")]
        .map((one) => beats([one])[0]!),
    ),
  },
);

Deno.test("whatever the formatter is fed, its stream is legal, and ends once", () => {
  const step = fc.oneof({ weight: 6, arbitrary: anyBeat }, { weight: 1, arbitrary: fc.constant("ping" as const) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.boolean(), (steps, fails) => {
      for (const [dialect, check] of [[gemini, checkGeminiStream], [geminiArray, checkGeminiArray]] as const) {
        const one = dialect.eventFormatter({ ...streamRequest(), n: 2 }, OPTIONS);
        const frames = steps.flatMap((step) => step === "ping" ? one.ping(0) : one.push(step));
        const end = fails ? one.fail(failure) : one.end();
        check([...frames, ...end, ...one.end(), ...one.fail(failure), ...one.ping(0)], { n: 2 });
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("what is written says what was fed: parse(format(events)) = events, once calls are whole", () => {
  const said = fc.array(
    fc.oneof(
      fc.string({ minLength: 1 }).map((text): ChatEvent[] => [{ type: "text", text }]),
      fc.string({ minLength: 1 }).map((text): ChatEvent[] => [{ type: "reasoning", text }]),
    ),
    { maxLength: 6 },
  );
  const calls = fc.array(
    fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.dictionary(fc.string({ minLength: 1 }), fc.integer())),
    { maxLength: 3 },
  )
    .map((calls) => calls.map(([name, args], index) => call(index, name, JSON.stringify(args))));
  const finish = fc.constantFrom<ChatEvent>({ type: "finish", reason: "length", raw: "MAX_TOKENS" }, {
    type: "finish",
    reason: "content-filter",
    raw: "SPII",
  });
  const usage = fc.record({
    input: fc.nat(),
    output: fc.integer({ min: 50, max: 99 }),
    reasoning: fc.nat(50),
    cached: fc.nat(),
  }, { noNullPrototype: true });
  fc.assert(fc.property(said, calls, finish, usage, (said, calls, finish, usage) => {
    const events = [...said.flat(), ...calls.flat(), finish, { type: "usage" as const, usage }];
    const again = eventsOf(readStream(gemini, writeStream(formatter(), [{ events }]).join("")));
    const { id: _, model: __, ...reply } = foldEvents(again);
    const { id: ___, model: ____, ...expected } = foldEvents(events);
    assert.deepEqual(reply, expected);
  }));
});

Deno.test("said() of a written stream has no start but the client's own model", () => {
  const frames = framesOf([text("a"), STOP]);
  assert.deepEqual(beats(frames)[0]?.events[0], { type: "start", id: "abc", model: "alias" });
  assert.deepEqual(said([frame("[DONE]")]), []);
});
