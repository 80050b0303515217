/** Tests of reading an upstream's stream. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { openaiResponses } from "../../../dialects/openai_responses/mod.ts";
import { eventsOf, readStream } from "../../support/codec.ts";
import { beats, completed, CREATED, frame, frames, HEAD, IN_PROGRESS, said } from "./support.ts";

const MESSAGE = { id: "msg_1", type: "message", role: "assistant", status: "in_progress", content: [] };
const CALL = { id: "fc_1", type: "function_call", call_id: "call_1", name: "f", arguments: "", status: "in_progress" };
const USAGE = { input_tokens: 1, output_tokens: 1 };
const STOP = { type: "finish", reason: "stop", raw: "completed" };
const CALLS = { type: "finish", reason: "tool-calls", raw: "completed" };

const added = (output_index: number, item: object) => ["response.output_item.added", { output_index, item }] as const;
const done = (output_index: number, item: object) => ["response.output_item.done", { output_index, item }] as const;
const text = (delta: string, at = 0) =>
  ["response.output_text.delta", {
    item_id: "msg_1",
    output_index: at,
    content_index: 0,
    delta,
    logprobs: [],
  }] as const;
const json = (delta: string, at = 0) =>
  ["response.function_call_arguments.delta", { item_id: "fc", output_index: at, delta }] as const;
const full = (text: string) => ({ ...MESSAGE, status: "completed", content: [{ type: "output_text", text }] });

/** What a stream of one item says, without its start and its end. */
function saidOf(...events: (readonly [string, object?])[]) {
  return said(frames(CREATED, IN_PROGRESS, ...events, completed())).filter(({ type }) => type !== "finish");
}

// ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("the start says the upstream's id, model and time, once", () => {
  const [start] = eventsOf(beats(frames(CREATED, IN_PROGRESS, completed())));
  assert.deepEqual(start, { type: "start", id: "resp_up", model: "upstream-model", created: 500 });
  assert.equal(
    eventsOf(beats(frames(CREATED, IN_PROGRESS, completed()))).filter(({ type }) => type === "start").length,
    1,
  );
});

Deno.test("a text is what its deltas say, and its ends say nothing more", () => {
  const whole = { item_id: "msg_1", output_index: 0, content_index: 0, text: "Hello" };
  assert.deepEqual(
    saidOf(
      added(0, MESSAGE),
      ["response.content_part.added", { output_index: 0, content_index: 0, part: { type: "output_text", text: "" } }],
      text("Hel"),
      text("lo"),
      ["response.output_text.done", whole],
      ["response.content_part.done", { ...whole, part: { type: "output_text", text: "Hello" } }],
      done(0, full("Hello")),
    ),
    [{ type: "text", text: "Hel" }, { type: "text", text: "lo" }],
  );
});

Deno.test("a text that was not told in deltas, or not to its end, is told by what says it whole", () => {
  assert.deepEqual(saidOf(added(0, MESSAGE), done(0, full("Hello"))), [{ type: "text", text: "Hello" }]);
  assert.deepEqual(saidOf(done(0, full("Hello"))), [{ type: "text", text: "Hello" }]);
  assert.deepEqual(
    saidOf(text("Hel"), ["response.output_text.done", { output_index: 0, text: "Hello" }], done(0, full("Hello"))),
    [
      { type: "text", text: "Hel" },
      { type: "text", text: "lo" },
    ],
  );
  assert.deepEqual(saidOf(text("Other"), done(0, full("Hello"))), [{ type: "text", text: "Other" }]);
});

Deno.test("P7 an output that was told by its last event alone is told, one that was told before is not again", () => {
  const output = [full("Hello"), { ...CALL, arguments: '{"a":1}' }];
  const expected = [
    { type: "text", text: "Hello" },
    { type: "tool-call", index: 0, id: "call_1", name: "f" },
    { type: "tool-arguments", index: 0, json: '{"a":1}' },
    CALLS,
  ];
  assert.deepEqual(said(frames(CREATED, completed(output))), expected);
  const before = [done(0, output[0] ?? {}), done(1, output[1] ?? {})];
  assert.deepEqual(said(frames(CREATED, ...before, completed(output))), expected);
  assert.deepEqual(said(frames(CREATED, ...before, completed([]))), expected);
});

Deno.test("events without places are not told again by the last event", () => {
  const bare = ["response.output_text.delta", { delta: "Hello" }] as const;
  assert.deepEqual(said(frames(CREATED, bare, completed([full("Hello")]))), [{ type: "text", text: "Hello" }, STOP]);
});

Deno.test("events that bear the id of their item alone are told once", () => {
  const byId = { item_id: "msg_1" };
  const deltas = [["response.output_text.delta", { ...byId, delta: "Hel" }]] as const;
  const ending = [["response.output_item.done", { item: full("Hello") }]] as const;
  const expected = [{ type: "text", text: "Hel" }, { type: "text", text: "lo" }, STOP];
  assert.deepEqual(said(frames(CREATED, ...deltas, completed([full("Hello")]))), expected);
  assert.deepEqual(said(frames(CREATED, ...deltas, ...ending, completed([full("Hello")]))), expected);
});

Deno.test("annotations and logprobs are told once", () => {
  const note = { type: "url_citation", url: "https://a.b" };
  const logprob = { token: "Hi", logprob: -1 };
  const item = {
    ...full("Hi"),
    content: [{ type: "output_text", text: "Hi", annotations: [note], logprobs: [logprob] }],
  };
  const expected = [
    { type: "text", text: "Hi" },
    { type: "logprobs", content: [logprob] },
    { type: "annotation", annotation: { type: "url_citation", url_citation: { url: "https://a.b" } } },
  ];
  assert.deepEqual(saidOf(done(0, item)), expected);
  assert.deepEqual(
    saidOf(
      ["response.output_text.delta", { output_index: 0, delta: "Hi", logprobs: [logprob] }],
      ["response.output_text.annotation.added", { output_index: 0, annotation: note }],
      done(0, item),
    ),
    expected,
  );
});

Deno.test("a refusal is told as one, and so is the end of its answer", () => {
  const item = { ...MESSAGE, content: [{ type: "refusal", refusal: "No" }] };
  const events = [{ type: "refusal", text: "No" }, { type: "finish", reason: "refusal", raw: "completed" }];
  assert.deepEqual(said(frames(CREATED, done(0, item), completed())), events);
  const deltas = [["response.refusal.delta", { output_index: 0, delta: "No" }], ["response.refusal.done", {
    output_index: 0,
    refusal: "No",
  }]] as const;
  assert.deepEqual(said(frames(CREATED, ...deltas, done(0, item), completed())), events);
});

// ── Calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("P3 T1 T3 calls are numbered among themselves, and joined by the index of their item", () => {
  assert.deepEqual(
    saidOf(
      done(0, { type: "reasoning", id: "rs_1", summary: [] }),
      added(1, CALL),
      added(2, { ...CALL, id: "fc_2", call_id: "call_2", name: "g" }),
      json('{"a"', 1),
      json("{}", 2),
      json(":1}", 1),
      ["response.function_call_arguments.done", { output_index: 1, arguments: '{"a":1}' }],
      done(1, { ...CALL, arguments: '{"a":1}' }),
      done(2, { ...CALL, id: "fc_2", call_id: "call_2", name: "g", arguments: "{}" }),
    ),
    [
      { type: "tool-call", index: 0, id: "call_1", name: "f" },
      { type: "tool-call", index: 1, id: "call_2", name: "g" },
      { type: "tool-arguments", index: 0, json: '{"a"' },
      { type: "tool-arguments", index: 1, json: "{}" },
      { type: "tool-arguments", index: 0, json: ":1}" },
    ],
  );
});

Deno.test("T6 T10 a call that comes whole is told whole, with its arguments as text", () => {
  const expected = [
    { type: "tool-call", index: 0, id: "call_1", name: "f" },
    { type: "tool-arguments", index: 0, json: '{"a":1}' },
  ];
  assert.deepEqual(saidOf(done(0, { ...CALL, arguments: { a: 1 } })), expected);
  assert.deepEqual(
    saidOf(added(0, { ...CALL, arguments: '{"a":1}' }), done(0, { ...CALL, arguments: '{"a":1}' })),
    expected,
  );
});

Deno.test("a call of a custom tool is told as one, with its free text", () => {
  const item = { id: "ctc_1", type: "custom_tool_call", call_id: "call_1", name: "patch", input: "" };
  const events = saidOf(
    added(0, item),
    ["response.custom_tool_call_input.delta", { item_id: "ctc_1", output_index: 0, delta: '{"input":' }],
    done(0, { ...item, input: '{"input":"x"}' }),
  );
  assert.deepEqual(events, [
    { type: "tool-call", index: 0, id: "call_1", name: "patch", custom: true },
    ...['{"input":', '"x"}'].map((json) => ({ type: "tool-arguments", index: 0, json })),
  ]);
});

Deno.test("T2 T15 a call without an id, or with one that is taken, gets one of ours", () => {
  const { call_id: _, id: __, ...bare } = CALL;
  const ids = saidOf(done(0, bare), done(1, bare), done(2, CALL), done(3, CALL)).flatMap((event) =>
    event.type === "tool-call" ? event.id : []
  );
  assert.equal(new Set(ids).size, 4);
  assert.match(ids[0] ?? "", /^call_\w+$/);
  assert.equal(ids[2], "call_1");
});

Deno.test("T2 a call without ids that is told piece by piece is one call", () => {
  const { call_id: _, id: __, ...bare } = CALL;
  const full = { ...bare, arguments: '{"a":1}' };
  assert.deepEqual(
    saidOf(added(0, bare), json('{"a":1}'), done(0, full)).map(({ type }) => type),
    ["tool-call", "tool-arguments"],
  );
});

Deno.test("an item that is told to be done twice says nothing more", () => {
  const sealed = done(0, { type: "reasoning", summary: [], encrypted_content: "gA" });
  const search = done(1, { type: "web_search_call", id: "ws_1" });
  assert.deepEqual(saidOf(sealed, sealed, search, search).map(({ type }) => type), ["reasoning", "opaque"]);
});

Deno.test("a call whose name comes late is held until then", () => {
  const { name: _, ...nameless } = CALL;
  assert.deepEqual(saidOf(added(0, nameless), json('{"a":1}'), done(0, { ...CALL, arguments: '{"a":1}' })), [
    { type: "tool-call", index: 0, id: "call_1", name: "f" },
    { type: "tool-arguments", index: 0, json: '{"a":1}' },
  ]);
});

// ── Thoughts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const thought = (kind: "summary" | "content", delta: string, part = 0) =>
  kind === "summary"
    ? ["response.reasoning_summary_text.delta", { output_index: 0, summary_index: part, delta }] as const
    : ["response.reasoning_text.delta", { output_index: 0, content_index: part, delta }] as const;

Deno.test("P4 K4 the parts of a summary are paragraphs of one thought, signed at its end", () => {
  assert.deepEqual(
    saidOf(
      added(0, { id: "rs_1", type: "reasoning", summary: [] }),
      thought("summary", "One"),
      thought("summary", "."),
      thought("summary", ""),
      thought("summary", "Two.", 1),
      done(0, {
        id: "rs_1",
        type: "reasoning",
        summary: [{ type: "summary_text", text: "One." }, { type: "summary_text", text: "Two." }],
        encrypted_content: "gAAA",
      }),
    ),
    [
      { type: "reasoning", text: "One" },
      { type: "reasoning", text: "." },
      { type: "reasoning", text: "\n\nTwo." },
      { type: "reasoning", text: "", signature: "openai_responses:gAAA" },
    ],
  );
});

Deno.test("K13 thoughts told both summed up and in full are told once", () => {
  const item = {
    type: "reasoning",
    summary: [{ type: "summary_text", text: "Sum" }],
    content: [{ type: "reasoning_text", text: "Full" }],
  };
  assert.deepEqual(saidOf(thought("content", "Full"), thought("summary", "Sum"), done(0, item)), [
    { type: "reasoning", text: "Full" },
  ]);
  assert.deepEqual(saidOf(done(0, item)), [{ type: "reasoning", text: "Sum" }]);
});

Deno.test("K6 K11 another gateway of this kind gives what other vendors signed, and it is told as that", () => {
  const sealed = (at: number, encrypted_content: string) =>
    done(at, { type: "reasoning", summary: [], encrypted_content });
  assert.deepEqual(
    saidOf(
      sealed(0, "anystream.thought:EqQB"),
      sealed(1, "anystream.redacted:data"),
      sealed(2, "anystream.call:gemini:sig"),
      added(3, CALL),
      added(4, { ...CALL, call_id: "call_2" }),
    ),
    [
      { type: "reasoning", text: "", signature: "EqQB" },
      { type: "redacted-reasoning", data: "data" },
      { type: "tool-call", index: 0, id: "call_1", name: "f", signature: "gemini:sig" },
      { type: "tool-call", index: 1, id: "call_2", name: "f" },
    ],
  );
});

// ── Ends ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("U6 the last event says the counts and the finish, and nothing is read after it", () => {
  const usage = { input_tokens: 5, output_tokens: 3, input_tokens_details: { cached_tokens: 2 } };
  const read = beats([...frames(CREATED, text("a"), completed([], { usage })), frame("response.created", 9)]);
  assert.deepEqual(read.at(-1)?.events, [{ type: "usage", usage: { input: 5, output: 3, cached: 2 } }, STOP]);
  assert.equal(read.at(-1)?.last, true);
  const parser = openaiResponses.eventParser({});
  const [first = ""] = frames(completed());
  parser.push({ data: first.split("data: ")[1] ?? "" });
  assert.deepEqual(parser.push({ data: first.split("data: ")[1] ?? "" }), { events: [], last: true });
  assert.deepEqual(parser.end(), []);
});

for (
  const [details, reason] of [
    [{ reason: "max_output_tokens" }, "length"],
    [{ reason: "content_filter" }, "content-filter"],
    [{ reason: "something_new" }, "other"],
    [null, "pause"],
  ] as const
) {
  Deno.test(`P6 an answer that is incomplete for ${details?.reason} ends as ${reason}`, () => {
    const response = { ...HEAD, status: "incomplete", incomplete_details: details };
    assert.deepEqual(said(frames(CREATED, added(0, CALL), ["response.incomplete", { response }])).at(-1), {
      type: "finish",
      reason,
      raw: details?.reason ?? "incomplete",
    });
  });
}

for (
  const [form, event] of [
    ["nested", { error: { type: "server_error", code: "server_is_overloaded", message: "secret", param: null } }],
    ["flat", { code: "server_is_overloaded", message: "secret", param: null }],
  ] as const
) {
  Deno.test(`E5 E6 F17 a ${form} error event ends the stream, after what came before it`, () => {
    const read = beats(frames(CREATED, text("a"), ["error", event], text("b")));
    const last = read.at(-1);
    const [error] = last?.events ?? [];
    assert.equal(last?.last, true);
    assert.equal(last?.raw, undefined);
    assert.ok(error?.type === "error");
    assert.equal(error.error.kind, "overloaded");
    assert.equal(error.error.code, "server_is_overloaded");
    assert.ok(!error.error.message.includes("secret"));
    assert.ok(error.error.detail?.includes("secret"));
    assert.deepEqual(eventsOf(read).map(({ type }) => type), ["start", "text", "error"]);
  });
}

Deno.test("P6 U8 a failed response is an error with the original code, and its counts are kept", () => {
  const response = {
    ...HEAD,
    status: "failed",
    error: { code: "context_length_exceeded", message: "long" },
    usage: { input_tokens: 9, output_tokens: 0 },
  };
  const events = said(frames(CREATED, ["response.failed", { response }]));
  assert.deepEqual(events.map(({ type }) => type), ["usage", "error"]);
  const [, error] = events;
  assert.ok(error?.type === "error");
  assert.equal(error.error.kind, "context-length");
  assert.equal(error.error.code, "context_length_exceeded");
});

Deno.test("a response that was cancelled or lost its error is a failure", () => {
  for (const status of ["cancelled", "queued", "failed"]) {
    const [error] = said(frames(CREATED, ["response.completed", { response: { ...HEAD, status } }]));
    assert.ok(error?.type === "error" && error.error.kind === "upstream-failure", status);
  }
});

Deno.test("F11 P2 a stream that ends without its last event was cut, however much it said", () => {
  const [, event] = said(frames(CREATED, text("a"), done(0, full("a"))));
  assert.ok(event?.type === "error" && event.error.kind === "upstream-cut");
});

Deno.test("F10 [DONE] ends a stream: well if all items are done, else it was cut", () => {
  const DONE = "data: [DONE]\n\n";
  assert.deepEqual(said([...frames(CREATED, text("a"), done(0, full("a"))), DONE]).at(-1), STOP);
  assert.deepEqual(said([...frames(CREATED, done(0, CALL)), DONE]).at(-1), CALLS);
  for (const events of [frames(CREATED), frames(CREATED, added(0, CALL), json("{"))]) {
    const error = said([...events, DONE]).at(-1);
    assert.ok(error?.type === "error" && error.error.kind === "upstream-cut");
  }
});

Deno.test("F16 what is no JSON object ends the stream as malformed", () => {
  for (const data of ["<html>", "5", "null"]) {
    const [event] = said([`data: ${data}\n\n`]);
    assert.ok(event?.type === "error" && event.error.kind === "upstream-malformed" && event.error.detail === data);
  }
});

Deno.test("F12 the type may stand in the event line alone, and the preamble be missing", () => {
  const data = JSON.stringify({ output_index: 0, delta: "a" });
  assert.deepEqual(eventsOf(beats([`event: response.output_text.delta\ndata: ${data}\n\n`])).slice(0, 2), [
    { type: "start", id: "", model: "" },
    { type: "text", text: "a" },
  ]);
  const named = JSON.stringify({ type: "response.output_text.delta", output_index: 0, delta: "a" });
  for (const line of ["event: message\n", ""]) {
    assert.deepEqual(eventsOf(beats([`${line}data: ${named}\n\n`]))[1], { type: "text", text: "a" }, line);
  }
});

Deno.test("an event that says nothing before the preamble begins no answer", () => {
  const stream = frames(["response.hologram.delta", { delta: "x" }], CREATED, IN_PROGRESS);
  assert.deepEqual(eventsOf(beats(stream)).slice(0, 1), [
    { type: "start", id: "resp_up", model: "upstream-model", created: 500 },
  ]);
});

// ── Relay ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const isRelayed = (events: readonly string[]) => events.map((event, at) => beats(events)[at]?.raw === event);

Deno.test("events of unknown types say nothing and are relayed", () => {
  const stream = frames(CREATED, ["response.hologram.delta", { delta: "x" }], completed([], { usage: USAGE }));
  assert.deepEqual(isRelayed(stream), [true, true, true]);
  assert.deepEqual(said(stream).at(-1), STOP);
  assert.equal(said(stream).length, 2);
});

Deno.test("V7 keep-alives are not relayed: comments, keepalive, and in_progress said again", () => {
  const stream = frames(
    CREATED,
    IN_PROGRESS,
    ["keepalive"],
    IN_PROGRESS,
    text("a"),
    completed([full("a")], { usage: USAGE }),
  );
  assert.deepEqual(isRelayed(stream), [true, true, false, false, true, true]);
});

Deno.test("a stream that begins otherwise, or has no numbers, is not relayed", () => {
  const late = frames(IN_PROGRESS, text("a"), completed([full("a")], { usage: USAGE }));
  assert.deepEqual(isRelayed(late), [false, false, false]);
  const unnumbered = `event: response.created\ndata: ${
    JSON.stringify({ type: "response.created", response: HEAD })
  }\n\n`;
  assert.deepEqual(isRelayed([unnumbered]), [false]);
});

Deno.test("what follows an event that is not relayed is not either, as it may belong to it", () => {
  const unnumbered = "event: response.output_item.added\ndata: " +
    '{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","content":[]}}\n\n';
  const [created = "", ...rest] = frames(CREATED, IN_PROGRESS, text("a"));
  assert.deepEqual(isRelayed([created, unnumbered, ...rest]), [true, false, false, false]);
  const keepAlive = 'event: keepalive\ndata: {"type":"keepalive"}\n\n';
  assert.deepEqual(isRelayed([created, keepAlive, ...rest]), [true, false, true, true]);
});

Deno.test("P7 a last event that lacks the output or the counts is not relayed", () => {
  const isLastRelayed = (...events: (readonly [string, object?])[]) => isRelayed(frames(CREATED, ...events)).at(-1);
  assert.equal(isLastRelayed(text("a"), completed([full("a")], { usage: USAGE })), true);
  assert.equal(isLastRelayed(text("a"), completed([full("a")])), false);
  assert.equal(isLastRelayed(text("a"), completed([], { usage: USAGE })), false);
  assert.equal(isLastRelayed(text("a"), ["response.incomplete", { response: { ...HEAD, usage: USAGE } }]), false);
  assert.equal(isLastRelayed(completed([], { usage: USAGE })), true);
});

Deno.test("F5 an event without its line gets it, and JSON on several lines becomes one", () => {
  const [created = ""] = frames(CREATED);
  const bare = created.replace(/^event: .*\n/, "");
  assert.equal(beats([bare])[0]?.raw, created);
  const json = JSON.stringify(JSON.parse(bare.slice("data: ".length)), null, 1);
  const [beat] = readStream(openaiResponses, `data: ${json.replaceAll("\n", "\ndata: ")}\n\n`);
  assert.equal(beat?.raw, `event: response.created\ndata: ${json.replaceAll("\n", " ")}\n\n`);
});

Deno.test("an event whose type could break its frame is not relayed", () => {
  assert.deepEqual(isRelayed(frames(CREATED, ["x\nevent: y"])), [true, false]);
});

Deno.test("the parser never throws, whatever it is given", () => {
  const types = ["response.created", "response.output_item.added", "response.output_item.done", "response.completed"];
  const members = fc.record({
    type: fc.constantFrom<unknown>(...types, "response.output_text.delta", "error", 5, null),
    item: fc.oneof(fc.constantFrom({ type: "message", content: 5 }, { type: "function_call" }), fc.jsonValue()),
    response: fc.oneof(fc.constantFrom({ output: [5, null], error: "x" }), fc.jsonValue()),
    output_index: fc.jsonValue(),
    delta: fc.jsonValue(),
  }, { requiredKeys: [] });
  const data = fc.oneof(fc.string(), fc.json(), members.map((value) => JSON.stringify(value)));
  const upstreamFrame = fc.record({ data, event: fc.constantFrom("error", "response.created") }, {
    requiredKeys: ["data"],
  });
  fc.assert(fc.property(fc.array(upstreamFrame), (stream) => {
    const parser = openaiResponses.eventParser({});
    for (const one of stream) parser.push(one);
    parser.end();
  }));
});

Deno.test("F13 an event of 8 MB is read whole", () => {
  const big = "x".repeat(8_000_000);
  assert.equal(said(frames(CREATED, text(big)))[0]?.type, "text");
});
