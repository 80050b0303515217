/** Tests of writing a stream for a client. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { GatewayError } from "../../../chat/error.ts";
import type { Beat, ChatEvent } from "../../../chat/event.ts";
import { FINISH_REASONS } from "../../../chat/finish.ts";
import { completeJson } from "../../../dialects/complete_json.ts";
import { openaiResponses } from "../../../dialects/openai_responses/mod.ts";
import { fitToolName } from "../../../dialects/tool_ids.ts";
import { eventsOf, fixture, foldEvents, readStream, writeStream } from "../../support/codec.ts";
import { checkOpenaiResponsesStream } from "../../support/openai_responses_grammar.ts";
import { beats, completed, CREATED, eventOf, frames, HEAD, IN_PROGRESS, OPTIONS, request, write } from "./support.ts";

const START: ChatEvent = { type: "start", id: "msg_1", model: "claude", created: 7 };
const STOPPED: ChatEvent = { type: "finish", reason: "stop" };
const FAILURE = new GatewayError("overloaded", "Cannot answer as the provider is overloaded");
const text = (text: string): ChatEvent => ({ type: "text", text });
const thought = (text: string, signature?: string): ChatEvent => ({
  type: "reasoning",
  text,
  ...(signature !== undefined && { signature }),
});
const call = (index: number, signature?: string): ChatEvent => ({
  type: "tool-call",
  index,
  id: `call_${index}`,
  name: `f${index}`,
  ...(signature !== undefined && { signature }),
});
const json = (index: number, json: string): ChatEvent => ({ type: "tool-arguments", index, json });

function formatter(body: Parameters<typeof request>[0] = {}) {
  return openaiResponses.eventFormatter(request({ stream: true, ...body }), OPTIONS);
}

function read(...events: ChatEvent[]) {
  return checkOpenaiResponsesStream(write(events));
}

function typesOf(written: readonly string[]): string[] {
  return written.map((frame) => eventOf(frame).type);
}

/** The output of the last event. */
function output(...events: ChatEvent[]) {
  return eventOf(write(events).at(-1)).response.output;
}

// ── The order of events ──────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("P1 a text is created, in_progress, its item, its part, its deltas, and all their ends", () => {
  const written = write([START, text("Hel"), text("lo"), STOPPED]);
  assert.deepEqual(typesOf(written), [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
  ]);
  assert.deepEqual(written.map((frame) => eventOf(frame).sequence_number), written.map((_, at) => at));
  assert.equal(checkOpenaiResponsesStream(written).text, "Hello");
});

Deno.test("P1 the response has an id of ours, the model that was asked for, the upstream's time, and echoes the request", () => {
  const tools = [{ type: "function", name: "f", parameters: {} }];
  const written = writeStream(formatter({ tools, instructions: "Be kind", temperature: 0.5 }), [
    { events: [START, text("a"), STOPPED, { type: "usage", usage: { input: 3, output: 2, cached: 1, reasoning: 1 } }] },
  ]);
  for (const frame of [written[0], written.at(-1)]) {
    const { id, model, created_at, instructions, temperature, tools: echoed, store } = eventOf(frame).response;
    assert.deepEqual(
      { id, model, created_at, instructions, temperature, store, tools: echoed },
      { id: "resp_abc", model: "alias", created_at: 7, instructions: "Be kind", temperature: 0.5, store: false, tools },
    );
  }
  assert.deepEqual(eventOf(written.at(-1)).response.usage, {
    input_tokens: 3,
    input_tokens_details: { cached_tokens: 1, cache_write_tokens: 0 },
    output_tokens: 2,
    output_tokens_details: { reasoning_tokens: 1 },
    total_tokens: 5,
  });
});

Deno.test("ids are made of the answer's, whatever it holds", () => {
  const written = writeStream(
    openaiResponses.eventFormatter(request(), { ...OPTIONS, id: "a-b_c".repeat(30) }),
    [{ events: [text("x")] }],
  );
  const { response: { id }, item } = { ...eventOf(written[0]), ...eventOf(written[2]) };
  assert.match(id, /^resp_[a-z]+$/);
  assert.match(item.id, /^msg_[a-z]+_0$/);
  assert.ok(item.id.length <= 64);
});

Deno.test("A3 counts that come after the finish stand in the last event", () => {
  const stream = read(text("a"), STOPPED, { type: "usage", usage: { input: 1, output: 2 } });
  assert.equal(stream.usage?.total_tokens, 3);
});

Deno.test("O15 what comes after the finish is dropped, a second finish, too", () => {
  const stream = read(text("a"), STOPPED, text("b"), { type: "finish", reason: "length" });
  assert.equal(stream.text, "a");
  assert.equal(stream.finish, "completed");
  assert.equal(read(text("a"), { type: "finish", reason: "malformed" }, text("b")).text, "a");
});

Deno.test("E10 a second start writes no second preamble", () => {
  assert.equal(read(START, START, text("a")).types.filter((type) => type === "response.created").length, 1);
});

Deno.test("P2 F10 an answer without a finish is ended, and so is one that says nothing", () => {
  assert.equal(read(text("a")).finish, "completed");
  assert.deepEqual(typesOf(write([])), ["response.created", "response.in_progress", "response.completed"]);
});

Deno.test("O14 of several choices the first is written", () => {
  const second: ChatEvent[] = [{ type: "text", text: "b", choice: 1 }, { type: "finish", reason: "length", choice: 1 }];
  const stream = read(text("a"), ...second, STOPPED);
  assert.deepEqual([stream.text, stream.finish], ["a", "completed"]);
});

// ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("P4 A2 a thought is a summary of its own, done before the text", () => {
  const stream = read(thought(""), thought("Hm"), thought("", "sig"), text("a"), STOPPED);
  assert.deepEqual([stream.reasoning, stream.text], ["Hm", "a"]);
  const [reasoning] = output(thought("Hm"), thought("", "sig"), text("a"));
  assert.deepEqual(reasoning, {
    id: "rs_abc_0",
    type: "reasoning",
    summary: [{ type: "summary_text", text: "Hm" }],
    encrypted_content: "anystream.thought:sig",
  });
});

Deno.test("K5 K6 K11 every signature is given to the client to keep: of thoughts, hidden thoughts and calls", () => {
  const [own, redacted, sealed, called] = output(
    thought("", "openai_responses:gAAA"),
    { type: "redacted-reasoning", data: "data" },
    call(0, "gemini:sig"),
  );
  assert.equal(own.encrypted_content, "gAAA");
  assert.equal(redacted.encrypted_content, "anystream.redacted:data");
  assert.equal(sealed.encrypted_content, "anystream.call:gemini:sig");
  assert.equal(called.type, "function_call");
});

Deno.test("K5 K6 K11 what a client sends back of an answer is what the answer said", () => {
  const events: ChatEvent[] = [
    thought("Hm", "EqQB"),
    { type: "redacted-reasoning", data: "data" },
    text("a"),
    call(0, "gemini:sig"),
    json(0, "{}"),
    call(1),
    json(1, '{"a":1}'),
  ];
  assert.deepEqual(request({ input: output(...events) }).messages, [
    { role: "assistant", parts: foldEvents(events).choices[0]?.parts },
  ]);
});

Deno.test("P3 T9 a call has its arguments in deltas and whole, and an empty object for none", () => {
  const stream = read(call(0), json(0, '{"a"'), json(0, ":1}"), call(1), { type: "finish", reason: "tool-calls" });
  assert.deepEqual(stream.toolCalls, [
    { type: "function_call", id: "call_0", name: "f0", arguments: '{"a":1}' },
    { type: "function_call", id: "call_1", name: "f1", arguments: "{}" },
  ]);
  assert.equal(stream.finish, "completed");
  const blank = read(call(0), json(0, " \n"), { type: "finish", reason: "tool-calls" });
  assert.deepEqual(JSON.parse(String(blank.toolCalls[0]?.arguments)), {});
});

Deno.test("T5 interleaved calls are told one after the other", () => {
  const stream = read(call(0), call(1), json(1, '{"b"'), json(0, '{"a":1}'), json(1, ":2}"));
  assert.deepEqual(stream.toolCalls.map((call) => call.arguments), ['{"a":1}', '{"b":2}']);
});

Deno.test("calls of custom tools have input in place of arguments; names of tools are restored", () => {
  const tools = [{ type: "custom", name: "patch" }, { type: "function", name: "my tool", parameters: {} }];
  const name = fitToolName("my tool");
  assert.notEqual(name, "my tool");
  const events: ChatEvent[] = [
    { type: "tool-call", index: 0, id: "call_0", name: "patch" },
    json(0, "*** x"),
    { type: "tool-call", index: 1, id: "call_1", name },
  ];
  assert.deepEqual(checkOpenaiResponsesStream(write(events, request({ tools }))).toolCalls, [
    { type: "custom_tool_call", id: "call_0", name: "patch", arguments: "*** x" },
    { type: "function_call", id: "call_1", name: "my tool", arguments: "{}" },
  ]);
});

Deno.test("a custom tool's call by an upstream that knew a function is told as free text, in one delta", () => {
  const tools = [{ type: "custom", name: "patch" }];
  const events: ChatEvent[] = [
    { type: "tool-call", index: 0, id: "call_0", name: "patch" },
    json(0, '{"input": "*** '),
    json(0, 'x\\n"}'),
  ];
  const written = write(events, request({ tools }));
  assert.deepEqual(checkOpenaiResponsesStream(written).toolCalls, [
    { type: "custom_tool_call", id: "call_0", name: "patch", arguments: "*** x\n" },
  ]);
  assert.equal(written.filter((frame) => frame.startsWith("event: response.custom_tool_call_input.delta")).length, 1);
});

Deno.test("T13 a custom tool's call that a limit cut shows that it is not whole", () => {
  const tools = [{ type: "custom", name: "patch" }];
  const events: ChatEvent[] = [
    { type: "tool-call", index: 0, id: "call_0", name: "patch" },
    json(0, '{"input": "*** '),
    { type: "finish", reason: "length" },
  ];
  assert.deepEqual(checkOpenaiResponsesStream(write(events, request({ tools }))).toolCalls, [
    { type: "custom_tool_call", id: "call_0", name: "patch", arguments: '{"input": "*** ' },
  ]);
});

Deno.test("T13 a call that a limit cut is incomplete, and its half arguments stay as they are", () => {
  const events: ChatEvent[] = [text("a"), call(0), json(0, '{"a'), { type: "finish", reason: "length" }];
  assert.equal(read(...events).finish, "incomplete/max_output_tokens");
  assert.deepEqual(
    output(...events).map((item: { status: string }) => item.status),
    ["completed", "incomplete"],
  );
  assert.equal(output(call(0), { type: "finish", reason: "length" })[0].arguments, "");
});

Deno.test("a refusal is a part of its own", () => {
  const [item] = output({ type: "refusal", text: "No" });
  assert.deepEqual(item.content, [{ type: "refusal", refusal: "No" }]);
});

Deno.test("annotations and logprobs stand on the text", () => {
  const note = { type: "url_citation", url: "https://a.b" };
  const logprob = { token: "a", logprob: -1, bytes: [97], top_logprobs: [] };
  const beat: Beat = {
    events: [text("a"), { type: "logprobs", content: [logprob] }, { type: "annotation", annotation: note }],
  };
  const written = writeStream(formatter(), [beat, { events: [text("b")] }]);
  checkOpenaiResponsesStream(written);
  const deltas = written.map(eventOf).filter(({ type }) => type === "response.output_text.delta");
  assert.deepEqual(deltas.map(({ logprobs }) => logprobs), [[logprob], []]);
  assert.deepEqual(eventOf(written.at(-1)).response.output[0].content[0], {
    type: "output_text",
    text: "ab",
    annotations: [note],
    logprobs: [logprob],
  });
});

Deno.test("logprobs that come behind their text stand at its end", () => {
  const logprob = { token: "a", logprob: -1, bytes: [97], top_logprobs: [] };
  const [message] = output(text("a"), { type: "logprobs", content: [logprob] }, call(0));
  assert.deepEqual(message.content[0].logprobs, [logprob]);
});

Deno.test("O6 P7 an upstream that ends without counts ends with those that follow it", () => {
  const [created = "", , done = ""] = frames(CREATED, IN_PROGRESS, completed());
  const given = [...beats([created, done]), { events: [{ type: "usage" as const, usage: { input: 4, output: 3 } }] }];
  const read = checkOpenaiResponsesStream(writeStream(formatter(), given), { relayed: true });
  assert.deepEqual([read.response.id, read.usage?.total_tokens], ["resp_up", 7]);
});

Deno.test("images and items of server tools are items; what has no form here is left out", () => {
  const search = { id: "ws_1", type: "web_search_call", status: "failed" };
  const events: ChatEvent[] = [
    { type: "media", mediaType: "image/webp", data: "AAAA" },
    { type: "media", mediaType: "audio/wav", data: "BBBB" },
    { type: "opaque", dialect: "openai_responses", value: search },
    { type: "opaque", dialect: "openai_responses", value: search },
    { type: "opaque", dialect: "anthropic", value: { type: "x" } },
    text("a"),
  ];
  read(...events);
  const [image, first, second, message] = output(...events);
  assert.deepEqual(image, {
    id: "ig_abc_0",
    type: "image_generation_call",
    status: "completed",
    output_format: "webp",
    result: "AAAA",
  });
  assert.deepEqual(first, search);
  assert.deepEqual(second, { ...search, id: "item_abc_2" });
  assert.equal(message.type, "message");
});

// ── Ends ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

const FINISHES = {
  "stop": "completed",
  "stop-sequence": "completed",
  "length": "incomplete/max_output_tokens",
  "context-window": "incomplete/max_output_tokens",
  "tool-calls": "completed",
  "content-filter": "incomplete/content_filter",
  "refusal": "incomplete/content_filter",
  "pause": "incomplete",
  "malformed": "failed",
  "other": "completed",
} as const;

for (const reason of FINISH_REASONS) {
  Deno.test(`P6 an answer that ends by ${reason} is ${FINISHES[reason]}`, () => {
    assert.equal(read(text("a"), { type: "finish", reason }).finish, FINISHES[reason]);
  });
}

Deno.test("a refusal in so many words is a whole answer", () => {
  assert.equal(read({ type: "refusal", text: "No" }, { type: "finish", reason: "refusal" }).finish, "completed");
});

Deno.test("G5 a malformed answer is an error, and its calls are not told to be whole", () => {
  const stream = read(call(0), json(0, "{}"), { type: "finish", reason: "malformed" });
  assert.equal(stream.error?.code, "upstream_malformed");
  assert.deepEqual(stream.toolCalls, []);
});

Deno.test("E5 P6 a failure is an error event, then response.failed, and nothing more", () => {
  const stream = formatter();
  const written = [...stream.push({ events: [text("a")] }), ...stream.fail(FAILURE)];
  assert.deepEqual(typesOf(written).slice(-2), ["error", "response.failed"]);
  const { error, response } = checkOpenaiResponsesStream(written);
  assert.deepEqual(error, {
    type: "server_error",
    code: "overloaded",
    message: "Cannot answer as the provider is overloaded",
    param: null,
  });
  assert.deepEqual(response.output, []);
  const more = [stream.end(), stream.fail(FAILURE), stream.ping(0), stream.push({ events: [text("b")] })];
  assert.deepEqual(more.flat(), []);
});

Deno.test("P6 the upstream's own code is passed on", () => {
  const error = new GatewayError("upstream-failure", "Cannot answer as the provider had a server error", {
    code: "vector_timeout",
  });
  assert.equal(checkOpenaiResponsesStream(formatter().fail(error)).error?.code, "vector_timeout");
});

Deno.test("T12 a failure in a call leaves the call open", () => {
  const stream = formatter();
  const written = [...stream.push({ events: [call(0), json(0, '{"a')] }), ...stream.fail(FAILURE)];
  assert.ok(!typesOf(written).includes("response.output_item.done"));
  assert.deepEqual(checkOpenaiResponsesStream(written).toolCalls, []);
});

Deno.test("E5 U8 an error among the events of a beat fails the stream, and the counts before it are told", () => {
  const stream = read({ type: "usage", usage: { input: 4, output: 0 } }, { type: "error", error: FAILURE });
  assert.equal(stream.usage?.input_tokens, 4);
  assert.equal(stream.error?.code, "overloaded");
});

// ── Keep-alive ───────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("V5 V6 the first ping creates the response, later ones say that it is in progress", () => {
  const stream = formatter({ instructions: "long", tools: [{ type: "function", name: "f", parameters: {} }] });
  const pings = [...stream.ping(0), ...stream.ping(1)];
  assert.deepEqual(typesOf(pings), ["response.created", "response.in_progress"]);
  const { instructions, tools } = eventOf(pings[1]).response;
  assert.deepEqual([instructions, tools], [null, []]);
  const begun = stream.push({ events: [START, thought("hm")] });
  assert.equal(typesOf(begun)[0], "response.output_item.added");
  const inside = stream.ping(2);
  const rest = [...stream.push({ events: [thought("!"), text("a")] }), ...stream.ping(3), ...stream.end()];
  assert.equal(checkOpenaiResponsesStream([...pings, ...begun, ...inside, ...rest]).reasoning, "hm!");
});

Deno.test("V5 a ping alone before the content still leaves the preamble whole", () => {
  const stream = formatter();
  const written = [...stream.ping(0), ...stream.push({ events: [text("a")] }), ...stream.end()];
  assert.deepEqual(typesOf(written).slice(0, 3), [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
  ]);
});

Deno.test("V6 a failure after a ping keeps the id and the numbers", () => {
  const stream = formatter();
  assert.equal(checkOpenaiResponsesStream([...stream.ping(0), ...stream.fail(FAILURE)]).error?.code, "overloaded");
});

// ── Relay ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const TOOLS = fixture("openai_responses/openai_tools.sse");

Deno.test("R10 V6 a ping among relayed frames takes the next number, and the frames after it are renumbered", () => {
  const given = readStream(openaiResponses, TOOLS);
  for (let at = 1; at < given.length; at++) {
    const stream = formatter();
    const written = [
      ...given.slice(0, at).flatMap((beat) => stream.push(beat)),
      ...stream.ping(0),
      ...given.slice(at).flatMap((beat) => stream.push(beat)),
      ...stream.end(),
    ];
    const { toolCalls, response } = checkOpenaiResponsesStream(written, { relayed: true });
    assert.equal(toolCalls.length, 2);
    assert.equal(response.id, "resp_68f0d2");
    const plain = written.toSpliced(at, 1).join("").replaceAll(/"sequence_number":\d+/g, "");
    assert.equal(plain, TOOLS.replaceAll(/"sequence_number":\d+/g, ""));
  }
});

Deno.test("R10 a client that was pinged before the upstream began gets frames of ours to the end", () => {
  const stream = formatter();
  const written = [...stream.ping(0), ...writeStream(stream, readStream(openaiResponses, TOOLS))];
  const read = checkOpenaiResponsesStream(written);
  assert.equal(read.response.id, "resp_abc");
  assert.deepEqual(read.toolCalls.map(({ id }) => id), ["call_Xq2o9dYw1ZbC", "call_Lr8sTb4ZeQpA"]);
});

Deno.test("P7 an upstream that ends with an empty output gets it filled, under its own id", () => {
  const written = writeStream(
    formatter(),
    readStream(openaiResponses, fixture("openai_responses/codex_empty_output.sse")),
  );
  const { response } = checkOpenaiResponsesStream(written, { relayed: true });
  assert.equal(response.id, "resp_690049");
  assert.deepEqual((response.output as { id: string }[]).map(({ id }) => id), ["rs_690049a", "fc_690049b"]);
});

Deno.test("E5 T12 a relayed stream that fails anywhere ends in an error, with nothing closed that was open", () => {
  const given = readStream(openaiResponses, TOOLS).slice(0, -1);
  for (let at = 0; at <= given.length; at++) {
    const stream = formatter();
    const head = given.slice(0, at).flatMap((beat) => stream.push(beat));
    const tail = stream.fail(FAILURE);
    const { error, response } = checkOpenaiResponsesStream([...head, ...tail], { relayed: true });
    assert.equal(error?.code, "overloaded");
    assert.equal(response.id, at === 0 ? "resp_abc" : "resp_68f0d2");
    assert.deepEqual(typesOf(tail).slice(-2), ["error", "response.failed"]);
    assert.equal(tail.length, at === 0 ? 4 : 2);
  }
});

Deno.test("a relayed stream may be gone on with at any place by frames of ours", () => {
  for (const name of ["openai_tools", "openai_refusal", "vllm", "openai_custom_tool", "openai_search", "interleaved"]) {
    const given = readStream(openaiResponses, fixture(`openai_responses/${name}.sse`)).slice(0, -1);
    for (let at = 1; at <= given.length; at++) {
      const stream = formatter();
      const written = [
        ...given.slice(0, at).flatMap((beat) => stream.push(beat)),
        ...stream.push({ events: [text("more"), { type: "usage", usage: { input: 1, output: 1 } }] }),
        ...given.slice(at).flatMap((beat) => stream.push(beat)),
        ...stream.end(),
      ];
      const { text: said, response, usage } = checkOpenaiResponsesStream(written, { relayed: true });
      assert.ok(said.includes("more"), `${name} ${at}`);
      assert.equal(usage?.total_tokens, 2);
      const ids = (response.output as { id: string }[]).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
    }
  }
});

Deno.test("R10 deltas of an item that has neither parts nor arguments are relayed", () => {
  const code = { id: "ci_1", type: "code_interpreter_call", status: "in_progress", code: "", container_id: "c" };
  const given = frames(
    ...[CREATED, IN_PROGRESS, ["response.output_item.added", { output_index: 0, item: code }]] as const,
    ["response.code_interpreter_call_code.delta", { output_index: 0, item_id: "ci_1", delta: "1 + 1" }],
    ["response.output_item.done", { output_index: 0, item: { ...code, status: "completed", code: "1 + 1" } }],
    completed([{ ...code, status: "completed", code: "1 + 1" }], { usage: { input_tokens: 1, output_tokens: 1 } }),
  );
  const stream = formatter();
  assert.deepEqual(beats(given).flatMap((beat) => stream.push(beat)), given);
});

Deno.test("what comes after the upstream's last event is dropped: counts of ours, a failure, a ping", () => {
  const stream = formatter();
  const usage = { input_tokens: 1, output_tokens: 1 };
  const given = beats(frames(CREATED, IN_PROGRESS, completed([], { usage })));
  assert.equal(given.flatMap((beat) => stream.push(beat)).length, 3);
  const more = [
    stream.push({ events: [{ type: "usage", usage: { input: 1, output: 1 } }] }),
    stream.end(),
    stream.fail(FAILURE),
    stream.ping(0),
  ];
  assert.deepEqual(more.flat(), []);
});

Deno.test("a relayed frame that brings an error is not shown: upstream text is for logs", () => {
  const stream = formatter();
  const [created = ""] = frames(CREATED);
  const head = stream.push({ events: [START], raw: created });
  const error = new GatewayError("upstream-failure", "Cannot answer as the provider had a server error");
  const written = [...head, ...stream.push({ events: [{ type: "error", error }], raw: "event: error\ndata: {}\n\n" })];
  assert.equal(checkOpenaiResponsesStream(written, { relayed: true }).response.id, HEAD.id);
});

// ── Properties ───────────────────────────────────────────────────────────────────────────────────────────────────────

const anyEvent: fc.Arbitrary<ChatEvent> = fc.oneof(
  fc.constantFrom("", "a", "bc").map(text),
  fc.tuple(fc.constantFrom("", "t"), fc.constantFrom(undefined, "s", "openai_responses:g")).map(([text, signature]) =>
    thought(text, signature)
  ),
  fc.tuple(fc.nat(2), fc.constantFrom("", "{", "}", '{"a":1}')).map(([index, text]) => json(index, text)),
  fc.constantFrom<ChatEvent>(
    START,
    { type: "refusal", text: "no" },
    { type: "redacted-reasoning", data: "d" },
    { type: "opaque", dialect: "openai_responses", value: { type: "web_search_call" } },
    { type: "opaque", dialect: "gemini", value: {} },
    { type: "media", mediaType: "image/png", data: "AA" },
    { type: "annotation", annotation: { type: "url_citation" } },
    { type: "logprobs", content: [{ token: "a" }] },
    { type: "usage", usage: { input: 1, output: 2 } },
    { type: "text", text: "other", choice: 1 },
  ),
  fc.constantFrom(...FINISH_REASONS).map((reason): ChatEvent => ({ type: "finish", reason })),
);

Deno.test("a note that comes late is in the whole answer, and not in the item that was told before, be it in one beat", () => {
  const annotation = { type: "url_citation", url_citation: { url: "https://a.example", title: "A" } };
  const events: ChatEvent[] = [{ type: "text", text: "a" }, call(0), { type: "annotation", annotation }];
  const stream = formatter();
  const frames = [...stream.push({ events }), ...stream.end()];
  checkOpenaiResponsesStream(frames);
  const told = frames.map((frame) => JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? "null"));
  const done = told.find(({ type, item }) => type === "response.output_item.done" && item.type === "message");
  assert.deepEqual(done.item.content[0].annotations, []);
  assert.equal(told.at(-1).response.output[0].content[0].annotations[0].url, "https://a.example");
});

/** Events in any order, with calls whose ids are their own, as the contract has it. */
const anyEvents = fc.array(
  fc.oneof({ weight: 6, arbitrary: anyEvent }, { weight: 1, arbitrary: fc.constant(undefined) }),
  {
    maxLength: 30,
  },
).map((events) => {
  let calls = 0;
  return events.map((event) => event ?? call(calls++));
});

Deno.test("P1 whatever comes, in whatever beats and with pings between, the stream is legal", () => {
  fc.assert(fc.property(anyEvents, fc.infiniteStream(fc.nat(3)), fc.boolean(), (events, dice, fails) => {
    const stream = formatter();
    const written: string[] = [];
    let beat: ChatEvent[] = [];
    for (const event of events) {
      beat.push(event);
      const rolled = dice.next().value;
      if (rolled === 0) continue;
      written.push(...stream.push({ events: beat }));
      beat = [];
      if (rolled === 1) written.push(...stream.ping(0));
    }
    written.push(...stream.push({ events: beat }), ...fails ? stream.fail(FAILURE) : stream.end(), ...stream.end());
    checkOpenaiResponsesStream(written);
  }));
});

Deno.test("the parser reads what the formatter wrote: parse(format(events)) says the same", () => {
  fc.assert(fc.property(anyEvents, (events) => {
    // The first finish is the last word; a malformed answer is told as a failure.
    const end = events.findIndex(({ type }) => type === "finish");
    const told = untilWhole(end === -1 ? events : events.slice(0, end)).filter((event) =>
      !("choice" in event) && !(event.type === "opaque" && event.dialect === "gemini") && event.type !== "start"
    );
    const written = write([...told, STOPPED]);
    const { choices: [before] } = foldEvents([...told, STOPPED]);
    const { choices: [after] } = foldEvents(eventsOf(readStream(openaiResponses, written.join(""))));
    const texts = (choice: typeof before, type: string) =>
      choice?.parts.map((part) => part.type === type && "text" in part ? part.text : "").join("");
    assert.equal(texts(after, "text"), texts(before, "text"));
    assert.equal(texts(after, "refusal"), texts(before, "refusal"));
    assert.deepEqual(callsOf(after), callsOf(before));
    assert.deepEqual(after?.annotations?.length ?? 0, annotationsOn(told));
  }));
});

/** Without the arguments of calls behind those that were whole: they say nothing any more. */
function untilWhole(events: readonly ChatEvent[]): ChatEvent[] {
  const calls = new Map<number, { isWhole: boolean; push: (json: string) => boolean }>();
  return events.filter((event) => {
    if (event.type !== "tool-arguments") return true;
    const call = calls.get(event.index) ?? { isWhole: false, push: completeJson() };
    calls.set(event.index, call);
    if (call.isWhole) return false;
    call.isWhole = call.push(event.json);
    return true;
  });
}

function callsOf(choice: ReturnType<typeof foldEvents>["choices"][number] | undefined) {
  return choice?.parts.filter((part) => part.type === "tool-call");
}

/** Annotations are notes on a text: those that come without one have no place. */
function annotationsOn(events: readonly ChatEvent[]): number {
  const [reference] = [write([...events, STOPPED])];
  return reference.filter((frame) => frame.startsWith("event: response.output_text.annotation.added")).length;
}
