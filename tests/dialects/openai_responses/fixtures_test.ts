/** Recorded streams: what each means, and what a client of the same dialect gets of it. */

import assert from "node:assert/strict";
import type { ErrorKind } from "../../../chat/error.ts";
import type { Reply, ReplyChoice, ReplyPart } from "../../../chat/reply.ts";
import { openaiResponses } from "../../../dialects/openai_responses/mod.ts";
import { frameDecoder } from "../../../streaming/decode_frames.ts";
import { eventsOf, fixture, foldEvents, foreign, readStream, writeStream } from "../../support/codec.ts";
import { checkOpenaiResponsesStream } from "../../support/openai_responses_grammar.ts";
import { OPTIONS, request } from "./support.ts";

interface Recorded {
  file: string;
  parts: ReplyPart[];
  finish?: ReplyChoice["finish"];
  usage?: Reply["usage"];
  error?: [kind: ErrorKind, code: string | undefined];
  /** How many frames are not relayed as they are. */
  rewritten: number;
}

const text = (text: string): ReplyPart => ({ type: "text", text });
const thought = (text: string, content?: string): ReplyPart => ({
  type: "reasoning",
  text,
  ...(content && { signature: `openai_responses:${content}` }),
});
const call = (id: string, name: string, json: string): ReplyPart => ({ type: "tool-call", id, name, json });
const stop = { reason: "stop", raw: "completed" } as const;
const calls = { reason: "tool-calls", raw: "completed" } as const;

const RECORDED: Recorded[] = [
  {
    // K5: a thought that is a signature alone.
    file: "openai",
    parts: [thought("", "gAAAAABo8MGjTzV1cEUmJYbWq5r3kX8n2dQ"), text("Grüße 你好 🙂")],
    finish: stop,
    usage: { input: 31, output: 70, cached: 0, reasoning: 64 },
    rewritten: 0,
  },
  {
    file: "openai_tools",
    parts: [
      thought("**Weather** lookup.\n\nThen the time.", "gAAAAABo8NIaQ0f5b3l1cEUmJYbW"),
      call("call_Xq2o9dYw1ZbC", "get_weather", '{"city":"Köln"}'),
      call("call_Lr8sTb4ZeQpA", "get_time", "{}"),
    ],
    finish: calls,
    usage: { input: 95, output: 48, cached: 64, cacheWrite: 0, reasoning: 20 },
    rewritten: 0,
  },
  {
    file: "openai_search",
    parts: [
      {
        type: "opaque",
        dialect: "openai_responses",
        value: {
          id: "ws_68f0e3a",
          type: "web_search_call",
          status: "completed",
          action: { type: "search", query: "deno 2.9" },
        },
        queries: ["deno 2.9"],
      },
      text("Deno 2.9 is out."),
    ],
    finish: stop,
    usage: { input: 300, output: 20, cached: 0, reasoning: 0 },
    rewritten: 0,
  },
  {
    file: "openai_refusal",
    parts: [{ type: "refusal", text: "I'm sorry, I cannot help with that." }],
    finish: { reason: "refusal", raw: "completed" },
    usage: { input: 20, output: 10, cached: 0, reasoning: 0 },
    rewritten: 0,
  },
  {
    file: "openai_length",
    parts: [text("Once upon a time")],
    finish: { reason: "length", raw: "max_output_tokens" },
    usage: { input: 12, output: 16, cached: 0, reasoning: 0 },
    rewritten: 0,
  },
  {
    file: "azure_filter",
    parts: [text("Well")],
    finish: { reason: "content-filter", raw: "content_filter" },
    usage: { input: 12, output: 1, cached: 0, reasoning: 0 },
    rewritten: 0,
  },
  {
    // E6: a failure in the middle; the frame that tells it again is not read.
    file: "openai_error",
    parts: [text("Half an ans")],
    error: ["upstream-failure", "server_error"],
    rewritten: 1,
  },
  {
    file: "openai_failed",
    parts: [],
    usage: { input: 9, output: 0, cached: 0, reasoning: 0 },
    error: ["rate-limit", "rate_limit_exceeded"],
    rewritten: 1,
  },
  {
    // P7: an empty output at the end. V7: keep-alives are not passed on.
    file: "codex_empty_output",
    parts: [thought("Plan.", "gAAAAABo8NJb"), call("call_ShellCall1", "shell", '{"command":["ls"]}')],
    finish: calls,
    usage: { input: 1200, output: 30, cached: 1024, reasoning: 12 },
    rewritten: 4,
  },
  {
    file: "vllm",
    parts: [thought("We need to add."), text("Four")],
    finish: stop,
    usage: { input: 70, output: 25, cached: 0, reasoning: 15 },
    rewritten: 0,
  },
  {
    // F3, F4; T10: whole items only, arguments as an object, no numbers.
    file: "compat_done_only",
    parts: [text("Whole."), call("fc_1", "f", '{"a":1}')],
    finish: calls,
    usage: { input: 4, output: 2 },
    rewritten: 5,
  },
  {
    // T5
    file: "interleaved",
    parts: [call("call_a", "left", '{"x":1}'), call("call_b", "right", '{"y":2}')],
    finish: calls,
    usage: { input: 9, output: 9, cached: 0, reasoning: 0 },
    rewritten: 0,
  },
  {
    file: "openai_custom_tool",
    parts: [{
      type: "tool-call",
      id: "call_Patch1",
      name: "apply_patch",
      json: "*** Begin Patch\n*** End Patch",
      custom: true,
    }],
    finish: calls,
    usage: { input: 50, output: 12, cached: 0, reasoning: 0 },
    rewritten: 0,
  },
  {
    file: "openai_image",
    parts: [{ type: "media", mediaType: "image/webp", data: "UklGRg==" }],
    finish: stop,
    usage: { input: 60, output: 5, cached: 0, reasoning: 0 },
    rewritten: 0,
  },
  {
    // T12, F11: broken off in a call.
    file: "cut",
    parts: [call("call_cut", "rm", '{"path":"/')],
    error: ["upstream-cut", undefined],
    rewritten: 0,
  },
  {
    file: "openai_logprobs",
    parts: [text("Hi!")],
    finish: stop,
    usage: { input: 8, output: 2, cached: 0, reasoning: 0 },
    rewritten: 0,
  },
];

Deno.test("every recorded stream is in the table", () => {
  const files = [...Deno.readDirSync(new URL("../../fixtures/openai_responses", import.meta.url))];
  assert.deepEqual(
    files.map(({ name }) => name).filter((name) => name.endsWith(".sse")).sort(),
    RECORDED.map(({ file }) => `${file}.sse`).sort(),
  );
});

for (const { file, parts, finish, usage, error, rewritten } of RECORDED) {
  const stream = fixture(`openai_responses/${file}.sse`);
  const beats = readStream(openaiResponses, stream);

  Deno.test(`what ${file}.sse says`, () => {
    const reply = foldEvents(eventsOf(beats));
    assert.match(reply.id, /^resp_/);
    assert.deepEqual(reply.choices[0]?.parts, parts);
    assert.deepEqual(reply.choices[0]?.finish, finish);
    assert.deepEqual(reply.usage, usage);
    assert.deepEqual(reply.error && [reply.error.kind, reply.error.code], error);
  });

  Deno.test(`${file}.sse says the same in bytes that come one by one`, () => {
    const decoder = frameDecoder("sse");
    const parser = openaiResponses.eventParser({});
    const events = [...stream].flatMap((character) => decoder.push(character)).flatMap((one) =>
      parser.push(one).events
    );
    assert.deepEqual([...events, ...parser.end()], eventsOf(beats));
  });

  Deno.test(`R10 all but ${rewritten} frames of ${file}.sse are relayed`, () => {
    const raws = beats.flatMap((beat) => beat.raw ?? []);
    for (const raw of raws) assert.ok(stream.includes(raw), "a relayed frame is what the upstream sent");
    assert.equal(beats.filter(({ raw, events }) => raw === undefined && !isCut(events)).length, rewritten);
  });

  for (const form of ["relayed", "rewritten"] as const) {
    Deno.test(`P1 a client gets a legal stream of ${file}.sse, ${form}`, () => {
      const asked = request({ stream: true, tools: [{ type: "custom", name: "apply_patch" }] });
      const written = writeStream(
        openaiResponses.eventFormatter(asked, OPTIONS),
        form === "relayed" ? beats : foreign(beats),
      );
      const read = checkOpenaiResponsesStream(written, { relayed: form === "relayed" });
      assert.equal(read.text, joined(parts, "text"));
      assert.equal(read.reasoning, joined(parts, "reasoning"));
      assert.equal(read.refusal, joined(parts, "refusal"));
      assert.equal(read.finish.startsWith("failed"), error !== undefined);
      // A call that was cut off is never told to be whole (T12).
      assert.equal(read.toolCalls.length, error === undefined ? parts.filter(isCall).length : 0);
      if (error === undefined) assert.equal(read.usage?.input_tokens, usage?.input);
    });
  }

  if (rewritten === 0 && error === undefined) {
    Deno.test(`R10 a client of the same dialect gets ${file}.sse byte for byte`, () => {
      const written = writeStream(openaiResponses.eventFormatter(request({ stream: true }), OPTIONS), beats);
      assert.equal(written.join(""), stream);
    });
  }
}

function isCall({ type }: ReplyPart): boolean {
  return type === "tool-call";
}

/** What the parser adds at the end of the bytes stands in no frame. */
function isCut(events: readonly { type: string }[]): boolean {
  return events.length === 1 && events[0]?.type === "error" && "error" in events[0] &&
    (events[0].error as { kind: ErrorKind }).kind === "upstream-cut";
}

function joined(parts: readonly ReplyPart[], type: "text" | "reasoning" | "refusal"): string {
  return parts.map((part) => part.type === type && "text" in part ? part.text : "").join("");
}

const ANSWERS = ["openai", "openai_tools", "openai_search", "openai_length"];

for (const file of [...ANSWERS, "openai_failed"]) {
  Deno.test(`${file}.json says what ${file}.sse says`, () => {
    const whole = fixture(`openai_responses/${file}.json`);
    const beat = openaiResponses.parseResponse(JSON.parse(whole), whole, {});
    const streamed = foldEvents(eventsOf(readStream(openaiResponses, fixture(`openai_responses/${file}.sse`))));
    const { error, ...reply } = foldEvents(beat.events);
    const { error: told, ...rest } = streamed;
    assert.deepEqual(reply, rest);
    assert.equal(error?.kind, told?.kind);
    assert.equal(beat.raw, ANSWERS.includes(file) ? whole : undefined);
  });
}
