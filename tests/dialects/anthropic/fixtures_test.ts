/** Recorded streams: what each means, and what a client of the same dialect gets of it. */

import assert from "node:assert/strict";
import type { Reply, ReplyPart } from "../../../chat/reply.ts";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import { frameDecoder } from "../../../streaming/decode_frames.ts";
import { checkAnthropicStream } from "../../support/anthropic_grammar.ts";
import { eventsOf, fixture, foldEvents, foreign, readStream, writeStream } from "../../support/codec.ts";
import { OPTIONS, PING, request } from "./support.ts";

interface Recorded {
  file: string;
  id: string;
  model?: string;
  parts: ReplyPart[];
  finish?: Reply["choices"][0]["finish"];
  usage: Reply["usage"];
  /** The kind of the failure it ends in. */
  error?: string;
  /** A client of the same dialect gets it byte for byte, but for pings. */
  isRelayed: boolean;
}

const SIGNATURE = /"signature":"(EqoB[^"]+)"/.exec(fixture("anthropic/thinking_tools.sse"))?.[1] ?? "";
const text = (text: string) => ({ type: "text" as const, text });
const thought = (text: string, signature: string) => ({ type: "reasoning" as const, text, signature });
const call = (id: string, name: string, json: string) => ({ type: "tool-call" as const, id, name, json });
const END_TURN = { reason: "stop" as const, raw: "end_turn" };
const PLAIN = { cached: 0, cacheWrite: 0 };

const RECORDED: Recorded[] = [
  {
    file: "text",
    id: "msg_01XFDUDYJgAACzvnptvVoYEL",
    parts: [text("Grüße 你好 🙂")],
    finish: END_TURN,
    usage: { input: 25, output: 12, ...PLAIN },
    isRelayed: true,
  },
  {
    // U1, U3: the cached tokens stand beside input_tokens, and are written at two prices.
    file: "thinking_tools",
    id: "msg_015NgMAY2CDbpTLQxyCi5yFR",
    parts: [
      thought("Both cities at once.", SIGNATURE),
      text("Let me look."),
      call("toolu_01T1x1fJ34qAmk2tNTrN7Up6", "get_weather", '{"city": "Köln"}'),
      call("toolu_01A09q90qw90lq917835lq9", "get_time", "{}"),
    ],
    finish: { reason: "tool-calls", raw: "tool_use" },
    usage: { input: 1504, output: 89, cached: 1200, cacheWrite: 100, cacheWriteHour: 200, reasoning: 21 },
    isRelayed: true,
  },
  {
    // K5, K6: thoughts of which only the signature, or the encrypted form, is given.
    file: "omitted_thinking",
    id: "msg_01KqLpzCkXMPaTMhJUZcFYzh",
    parts: [
      thought("", SIGNATURE),
      {
        type: "redacted-reasoning",
        data: "EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwxtE3rAFBa8cr3qpPkNRj2YfWXGmKDxH4mPnZ5sQ7" +
          "vB9MLj2pLmN3qF8TsdFjsdFjsdFj",
      },
      text("42"),
    ],
    finish: END_TURN,
    usage: { input: 25, output: 40, ...PLAIN },
    isRelayed: true,
  },
  {
    file: "web_search",
    id: "msg_01G9QmCc5yqXkF5F4sXjTdtz",
    parts: [
      text("I will search.Version 2.9 is out."),
      {
        type: "opaque",
        dialect: "anthropic",
        value: {
          type: "server_tool_use",
          id: "srvtoolu_014hJH82Qum7Td6UV8gDXThB",
          name: "web_search",
          input: { query: "deno" },
        },
        queries: ["deno"],
      },
      {
        type: "opaque",
        dialect: "anthropic",
        value: {
          type: "web_search_tool_result",
          tool_use_id: "srvtoolu_014hJH82Qum7Td6UV8gDXThB",
          content: [{
            type: "web_search_result",
            url: "https://example.com/deno",
            title: "Deno 2.9",
            encrypted_content: "EqgfCioIARgBIiQ3YTAwMjY1Mi1mZjM5",
            page_age: "2 days ago",
          }],
        },
      },
    ],
    finish: END_TURN,
    usage: { input: 2100, output: 60, ...PLAIN },
    isRelayed: true,
  },
  {
    file: "refusal",
    id: "msg_01Rf8zQ3hY7nTtVq2m5sWdKe",
    parts: [],
    finish: { reason: "refusal", raw: "refusal" },
    usage: { input: 25, output: 1, ...PLAIN },
    isRelayed: true,
  },
  {
    file: "stop_sequence",
    id: "msg_01SsQbV9yKp3nXw2ZtRmLhEa",
    parts: [text("one two ")],
    finish: { reason: "stop-sequence", raw: "stop_sequence", stopSequence: "three" },
    usage: { input: 25, output: 5, ...PLAIN },
    isRelayed: true,
  },
  {
    // T13: half a call, and it says so.
    file: "max_tokens",
    id: "msg_01MtCw7uJr5kYq8NfBvXzGdH",
    parts: [call("toolu_01Cut8fWq2LmNbVx5RtYpZs", "write_file", '{"path": "/tmp/a", "text": "on')],
    finish: { reason: "length", raw: "max_tokens" },
    usage: { input: 25, output: 16, ...PLAIN },
    isRelayed: true,
  },
  {
    file: "overloaded",
    id: "msg_01Ov3rL0adedXyZ2kQmNpRtW",
    parts: [text("So far")],
    usage: { input: 25, output: 1, ...PLAIN },
    error: "overloaded",
    isRelayed: false,
  },
  {
    // F11, T12: it breaks off amid a call.
    file: "cut",
    id: "msg_01CuTm1dArGsQwErTyUiOpAs",
    parts: [call("toolu_01HalfWq2LmNbVx5RtYpZsd", "delete_file", '{"path": "/tm')],
    usage: { input: 25, output: 1, ...PLAIN },
    error: "upstream-cut",
    isRelayed: false,
  },
  {
    // F3, F12: a compatible host with CRLF, without event lines, and with counts at the end only.
    file: "data_only",
    id: "202611200915",
    model: "glm-5",
    parts: [{ type: "reasoning", text: "Hm." }, text("好的")],
    finish: END_TURN,
    usage: { input: 15, output: 7, cached: 4 },
    isRelayed: false,
  },
  {
    // A11, A6, T14: a relay that sends calls whole, with illegal ids, and says `end_turn`.
    file: "whole_calls",
    id: "msg_01WhoLeCaLLsXyZ2kQmNpRtW",
    model: "relay-model",
    parts: [call("call:1", "add", '{"a":1}'), call("call:2", "now", "{}")],
    finish: END_TURN,
    usage: { input: 25, output: 9, ...PLAIN },
    isRelayed: false,
  },
  {
    // K13: all thoughts once more, signed.
    file: "repeated_thoughts",
    id: "msg_01RePeAtEdXyZ2kQmNpRtWqS",
    parts: [thought("Two and two.", "EqoBSigned"), text("4")],
    finish: END_TURN,
    usage: { input: 25, output: 6, ...PLAIN },
    isRelayed: false,
  },
];

Deno.test("every recorded stream is in the table", () => {
  const files = [...Deno.readDirSync(new URL("../../fixtures/anthropic", import.meta.url))].map(({ name }) => name);
  assert.deepEqual(
    files.filter((name) => name.endsWith(".sse")).sort(),
    RECORDED.map(({ file }) => `${file}.sse`).sort(),
  );
});

for (const { file, id, model = "claude-opus-5-5", parts, finish, usage, error, isRelayed } of RECORDED) {
  const stream = fixture(`anthropic/${file}.sse`);
  const beats = readStream(anthropic, stream);
  const said = foldEvents(eventsOf(beats));

  Deno.test(`what ${file}.sse says`, () => {
    assert.equal(said.id, id);
    assert.equal(said.model, model);
    assert.deepEqual(said.choices[0]?.parts, parts);
    assert.deepEqual(said.choices[0]?.finish, finish);
    assert.deepEqual(said.usage, usage);
    assert.equal(said.error?.kind, error);
  });

  Deno.test(`${file}.sse says the same in characters that come one by one`, () => {
    const decoder = frameDecoder("sse");
    const parser = anthropic.eventParser({});
    const frames = [...[...stream].flatMap((character) => decoder.push(character)), ...decoder.end()];
    const events = [...frames.flatMap((frame) => parser.push(frame).events), ...parser.end()];
    assert.deepEqual(foldEvents(events), said);
  });

  for (const form of ["relayed", "rewritten"] as const) {
    Deno.test(`a client gets a legal stream of ${file}.sse, ${form}`, () => {
      const formatter = anthropic.eventFormatter(request({ stream: true }), OPTIONS);
      const read = checkAnthropicStream(writeStream(formatter, form === "relayed" ? beats : foreign(beats)));
      assert.equal(read.text, textOf(parts, "text"));
      assert.equal(read.reasoning, textOf(parts, "reasoning"));
      assert.deepEqual(read.toolCalls.map((call) => call.arguments), callsOf(parts));
      assert.equal(read.head?.model, OPTIONS.model);
      assert.equal(read.error === undefined, error === undefined);
    });
  }

  if (!isRelayed) continue;
  Deno.test(`R10, V7 a client of the same dialect gets ${file}.sse byte for byte, without its pings`, () => {
    const formatter = anthropic.eventFormatter(request({ stream: true }), { ...OPTIONS, model });
    assert.equal(writeStream(formatter, beats).join(""), stream.replaceAll(PING, ""));
  });
}

function textOf(parts: readonly ReplyPart[], type: "text" | "reasoning"): string {
  return parts.map((part) => part.type === type ? part.text : "").join("");
}

function callsOf(parts: readonly ReplyPart[]): string[] {
  return parts.flatMap((part) => part.type === "tool-call" ? [part.json] : []);
}
