/** Recorded streams: what each means, and what a client of the same dialect gets of it. */

import assert from "node:assert/strict";
import type { Reply, ReplyChoice } from "../../../chat/reply.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { frameDecoder } from "../../../streaming/decode_frames.ts";
import { eventsOf, fixture, foldEvents, foreign, readStream, writeStream } from "../../support/codec.ts";
import { checkOpenaiChatStream } from "../../support/openai_chat_grammar.ts";
import { OPTIONS, streamRequest } from "./support.ts";

interface Recorded {
  file: string;
  id: string;
  choices: ReplyChoice[];
  usage?: Reply["usage"];
  /** How many frames with JSON are relayed as they are; all that have to be rewritten are the rest. */
  relayed: number;
  frames: number;
}

const text = (text: string) => ({ type: "text" as const, text });
const thought = (text: string, signature?: string) => ({
  type: "reasoning" as const,
  text,
  ...(signature && { signature }),
});
const call = (id: string, name: string, json: string) => ({ type: "tool-call" as const, id, name, json });
const stop = { reason: "stop" as const, raw: "stop" };
const calls = { reason: "tool-calls" as const, raw: "tool_calls" };

const RECORDED: Recorded[] = [
  {
    file: "openai",
    id: "chatcmpl-CeXJ8vWq3kZtB0hYd2mLrUoFn",
    choices: [{ parts: [text("Grüße 你好 🙂")], finish: stop }],
    usage: { input: 14, output: 6, cached: 0, reasoning: 0 },
    relayed: 6,
    frames: 6,
  },
  {
    file: "openai_tools",
    id: "chatcmpl-CeXKa01MmPq7",
    choices: [{
      parts: [
        call("call_Xq2o9dYw1", "get_weather", '{"city":"Köln"}'),
        call("call_Lr8sTb4Ze", "get_time", '{"zone":"CET"}'),
      ],
      finish: calls,
    }],
    relayed: 7,
    frames: 7,
  },
  {
    file: "openai_choices",
    id: "chatcmpl-CeXN2",
    choices: [{ parts: [text("Yes")], finish: stop }, { parts: [text("No")], finish: stop }],
    relayed: 6,
    frames: 6,
  },
  {
    // The counts stand on the finish chunk, and are given a chunk of their own (O5).
    file: "deepseek",
    id: "b1e2c6f0-7a54-4f0e-9d39-0c2a1f6f2a11",
    choices: [{ parts: [thought("Two plus two."), text("4")], finish: stop }],
    usage: { input: 12, output: 9, cached: 8, reasoning: 6 },
    relayed: 4,
    frames: 5,
  },
  {
    // O8: the counts stand in `x_groq`.
    file: "groq",
    id: "chatcmpl-4f8a1c0e-52aa-4f0b-8b7f-61b8b2f3d1e0",
    choices: [{ parts: [text("Fast.")], finish: stop }],
    usage: { input: 40, output: 3 },
    relayed: 4,
    frames: 4,
  },
  {
    // T4: whole calls, all at index 0.
    file: "groq_tools",
    id: "chatcmpl-4f8a1c0e-52aa-4f0b-8b7f-61b8b2f3d1e0",
    choices: [{ parts: [call("call_7a1k", "add", '{"a":1}'), call("call_7a1m", "add", '{"b":2}')], finish: calls }],
    relayed: 3,
    frames: 4,
  },
  {
    // K1: the same thoughts in `reasoning` and `reasoning_details`.
    file: "openrouter",
    id: "gen-1763712300-vK2pZ0Qx7",
    choices: [{
      parts: [thought("Let me think.", "EqoBCkgIARAB"), text("Done")],
      finish: { reason: "stop", raw: "end_turn" },
    }],
    usage: { input: 20, output: 12, cached: 0, reasoning: 7 },
    relayed: 2,
    frames: 6,
  },
  {
    // O10: a first chunk without choices.
    file: "azure",
    id: "chatcmpl-CeXRazure01",
    choices: [{ parts: [text("Moin")], finish: stop }],
    relayed: 3,
    frames: 4,
  },
  {
    // T3, A6: whole calls without an index, ended by `stop`; U5: thoughts in the total only.
    file: "gemini_compat",
    id: "xHkgaZq4E8Dl",
    choices: [{
      parts: [
        text("Both:"),
        { ...call("function-call-11", "get_weather", '{"city":"Rom"}'), signature: "CiQBjz1rX0" },
        call("function-call-12", "get_weather", '{"city":"Oslo"}'),
      ],
      finish: { reason: "tool-calls", raw: "stop" },
    }],
    usage: { input: 30, output: 60, reasoning: 42 },
    relayed: 0,
    frames: 3,
  },
  {
    // O9: an empty finish_reason on every chunk.
    file: "sensenova",
    id: "6c1d",
    choices: [{ parts: [text("Eins zwei")], finish: stop }],
    usage: { input: 5, output: 2 },
    relayed: 0,
    frames: 3,
  },
  {
    // T2: a call without an id.
    file: "ollama_compat",
    id: "chatcmpl-417",
    choices: [{
      parts: [thought("The user wants the time."), call("call_135aa6026af0c6c4", "get_time", "{}")],
      finish: calls,
    }],
    relayed: 1,
    frames: 4,
  },
  {
    // K2, F9: thoughts in tags that are split over chunks, and no [DONE].
    file: "think_tags",
    id: "cmpl-9",
    choices: [{ parts: [thought("Hmm.\n"), text("Use `<think>` tags.")], finish: stop }],
    relayed: 3,
    frames: 7,
  },
  {
    // K1: content as a list of typed parts.
    file: "mistral",
    id: "a3f1c0",
    choices: [{ parts: [thought("Easy."), text("Paris")], finish: stop }],
    usage: { input: 9, output: 5 },
    relayed: 2,
    frames: 4,
  },
];

Deno.test("every recorded stream is in the table", () => {
  const files = [...Deno.readDirSync(new URL("../../fixtures/openai_chat", import.meta.url))].map(({ name }) => name);
  assert.deepEqual(
    files.filter((name) => name.endsWith(".sse")).sort(),
    RECORDED.map(({ file }) => `${file}.sse`).sort(),
  );
});

for (const { file, id, choices, usage, relayed, frames } of RECORDED) {
  const stream = fixture(`openai_chat/${file}.sse`);
  const beats = readStream(openaiChat, stream);

  Deno.test(`what ${file}.sse says`, () => {
    const reply = foldEvents(eventsOf(beats));
    assert.equal(reply.id, id);
    assert.deepEqual(reply.choices, choices);
    assert.deepEqual(reply.usage, usage);
    assert.equal(reply.error, undefined);
  });

  Deno.test(`${file}.sse says the same in bytes that come one by one`, () => {
    const decoder = frameDecoder("sse");
    const parser = openaiChat.eventParser({});
    const events = [...stream].flatMap((character) => decoder.push(character)).flatMap((one) =>
      parser.push(one).events
    );
    assert.deepEqual([...events, ...parser.end()], eventsOf(beats));
  });

  Deno.test(`R10 of ${file}.sse ${relayed} of ${frames} frames are relayed`, () => {
    const canonical = stream.replaceAll("\r\n", "\n");
    const raws = beats.flatMap((beat) => beat.raw ?? []);
    assert.equal(raws.length, relayed);
    for (const raw of raws) assert.ok(canonical.includes(raw), "a relayed frame is what the upstream sent");
    assert.equal(canonical.match(/^data: \{/gm)?.length, frames);
  });

  for (const includeUsage of [true, false]) {
    for (const form of ["relayed", "rewritten"] as const) {
      const asked = includeUsage ? "with" : "without";
      Deno.test(`a client that asked ${asked} counts gets a legal stream of ${file}.sse, ${form}`, () => {
        const given = form === "relayed" ? beats : foreign(beats);
        // The gateway estimates the counts of an upstream that gives none (O6).
        const estimate = { events: [{ type: "usage" as const, usage: usage ?? { input: 1, output: 1 } }] };
        const formatter = openaiChat.eventFormatter(streamRequest({ includeUsage, n: 2 }), OPTIONS);
        const written = writeStream(formatter, usage ? given : [...given, estimate]);
        const read = checkOpenaiChatStream(written, { includeUsage, n: choices.length });
        assert.equal(read.choices.length, choices.length);
        assert.deepEqual(read.choices.map((choice) => choice.text), choices.map(textOf("text")));
        assert.deepEqual(read.choices.map((choice) => choice.reasoning), choices.map(textOf("reasoning")));
        assert.deepEqual(read.choices.map((choice) => choice.toolCalls.length), choices.map(countCalls));
      });
    }
  }
}

function textOf(type: "text" | "reasoning") {
  return ({ parts }: ReplyChoice) => parts.map((part) => part.type === type ? part.text : "").join("");
}

function countCalls({ parts }: ReplyChoice): number {
  return parts.filter((part) => part.type === "tool-call").length;
}

for (const file of ["openai", "openai_tools", "openai_choices", "groq"]) {
  Deno.test(`R10 a client of the same dialect gets ${file}.sse byte for byte`, () => {
    const stream = fixture(`openai_chat/${file}.sse`);
    const includeUsage = file === "openai";
    const formatter = openaiChat.eventFormatter(streamRequest({ includeUsage }), OPTIONS);
    assert.equal(writeStream(formatter, readStream(openaiChat, stream)).join(""), stream);
  });
}
