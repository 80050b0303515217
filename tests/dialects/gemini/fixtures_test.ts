/** Recorded streams: what each means, and what a client of the same dialect gets of it. */

import assert from "node:assert/strict";
import type { Reply, ReplyChoice } from "../../../chat/reply.ts";
import { judge, type Verdict } from "../../../chat/verdict.ts";
import { gemini, geminiArray } from "../../../dialects/gemini/mod.ts";
import { frameDecoder } from "../../../streaming/decode_frames.ts";
import { eventsOf, fixture, foldEvents, foreign, readStream, writeStream } from "../../support/codec.ts";
import { checkGeminiArray, checkGeminiStream } from "../../support/gemini_grammar.ts";
import { OPTIONS, streamRequest } from "./support.ts";

interface Recorded {
  file: string;
  id: string;
  choices: ReplyChoice[];
  usage?: Reply["usage"];
  verdict: Verdict;
  /** The kind of the failure it ends with. */
  failure?: string;
  /** Frames that are given a part, as clients want one in each; all others are relayed byte for byte. */
  mended?: number;
}

const text = (text: string) => ({ type: "text" as const, text });
const thought = (text: string, signature?: string) => ({
  type: "reasoning" as const,
  text,
  ...(signature && { signature }),
});
const stop = { reason: "stop" as const, raw: "STOP" };
const calls = { reason: "tool-calls" as const, raw: "STOP" };
const SIGNATURE = "CsgBAdHtim9x7+Vb2mQKc0/PAbSjR8rZwDqX4qv3m1Xyt0cQ5nqXkJ3c7vGk0pQ==";
const IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const MADE_ID = /^call_[0-9a-f]{16}$/;

const RECORDED: Recorded[] = [
  {
    file: "text",
    id: "mHkfacL4Eo6kvdIPt-7UkAo",
    choices: [{ parts: [text('Grüße 你好 🙂 "quoted"\nnext line')], finish: stop }],
    usage: { input: 8, output: 9 },
    verdict: "answered",
  },
  {
    // K10, U5: thoughts are reasoning, and are counted in the output. The signature goes with them.
    file: "thoughts",
    id: "y3kfaZ2uL_uXkdUPhMKVmQc",
    choices: [{
      parts: [
        thought(
          "**Adding**\n\nTwo and two.That makes four.",
          "gemini:CikB0e2Kb7q0mTnVxE3d6sWl2uYJvF8kPzq1o+RrD7yT/9hA4mE=",
        ),
        text("2 + 2 = 4"),
      ],
      finish: stop,
    }],
    usage: { input: 11, output: 38, reasoning: 31 },
    verdict: "answered",
  },
  {
    // G1, K11: two calls, one signature, and an empty text that ends the answer.
    file: "parallel_calls",
    id: "p4sfaYeEJNvDvdIP16Oa-Aw",
    choices: [{
      parts: [
        thought("Looking that up."),
        { type: "tool-call", id: "fk2u8v1w", name: "get_weather", json: '{"city":"Köln"}', signature: SIGNATURE },
        { type: "tool-call", id: "fk2u8v1x", name: "get_weather", json: '{"city":"Bonn"}' },
      ],
      finish: calls,
    }],
    usage: { input: 86, output: 70, reasoning: 40 },
    verdict: "answered",
  },
  {
    // T9, T15: no id, the same function twice, and no arguments.
    file: "calls_without_ids",
    id: "mHkfacL4Eo6kvdIPt-7UkAo",
    choices: [{
      parts: [
        text("Let me see."),
        { type: "tool-call", id: "made", name: "now", json: "{}" },
        { type: "tool-call", id: "made", name: "now", json: '{"zone":"CET"}' },
      ],
      finish: calls,
    }],
    usage: { input: 55, output: 21 },
    verdict: "answered",
  },
  {
    // G2
    file: "blocked_prompt",
    id: "Qnwfaf_3Hd2UxN8P9rKQ8Qk",
    choices: [{ parts: [], finish: { reason: "content-filter", raw: "PROHIBITED_CONTENT" } }],
    usage: { input: 17, output: 0 },
    verdict: "blocked",
  },
  {
    // G3, U4: the last chunk has no content at all, and leaves out the count of what was said.
    file: "safety",
    id: "mHkfacL4Eo6kvdIPt-7UkAo",
    choices: [{ parts: [text("It begins")], finish: { reason: "content-filter", raw: "SAFETY" } }],
    usage: { input: 12, output: 2 },
    verdict: "answered",
    mended: 1,
  },
  {
    // G4
    file: "thoughts_only",
    id: "mHkfacL4Eo6kvdIPt-7UkAo",
    choices: [{ parts: [], finish: { reason: "length", raw: "MAX_TOKENS" } }],
    usage: { input: 9, output: 253, reasoning: 253 },
    verdict: "truncated",
    mended: 1,
  },
  {
    // G5
    file: "malformed_call",
    id: "mHkfacL4Eo6kvdIPt-7UkAo",
    choices: [{ parts: [], finish: { reason: "malformed", raw: "MALFORMED_FUNCTION_CALL" } }],
    usage: { input: 90, output: 0 },
    verdict: "malformed",
    mended: 1,
  },
  {
    // G6
    file: "empty",
    id: "mHkfacL4Eo6kvdIPt-7UkAo",
    choices: [{ parts: [], finish: stop }],
    usage: { input: 9, output: 0 },
    verdict: "empty",
    mended: 1,
  },
  {
    // G20
    file: "candidates",
    id: "bIEfaYjXMv-1vdIPsqCn6AM",
    choices: [{ parts: [text("Yes, sure")], finish: stop }, { parts: [text("No way")], finish: stop }],
    usage: { input: 6, output: 6 },
    verdict: "answered",
  },
  {
    // The API counts the bytes of UTF-8: an `ö` is two.
    file: "grounded",
    id: "mHkfacL4Eo6kvdIPt-7UkAo",
    choices: [{
      parts: [text("Der Kölner Dom ist 157 Meter hoch.")],
      annotations: [{
        type: "url_citation",
        url_citation: {
          start_index: 19,
          end_index: 34,
          url: "https://vertexaisearch.cloud.google.com/grounding-api-redirect/AUZIYQ1",
          title: "koelner-dom.de",
        },
      }],
      finish: stop,
    }],
    usage: { input: 2270, output: 11, cached: 2048 },
    verdict: "answered",
  },
  {
    // An image that was only thought of is no part of the answer that others know.
    file: "image",
    id: "2oUfacn7B5m3vdIPxPb4mQY",
    choices: [{
      parts: [
        {
          type: "opaque",
          dialect: "gemini",
          value: { inlineData: { mimeType: "image/png", data: IMAGE }, thought: true },
        },
        text("Here it is."),
        { type: "media", mediaType: "image/png", data: IMAGE },
        thought("", `gemini:${SIGNATURE}`),
      ],
      finish: stop,
    }],
    usage: { input: 7, output: 1293 },
    verdict: "answered",
  },
  {
    file: "code_execution",
    id: "mHkfacL4Eo6kvdIPt-7UkAo",
    choices: [{
      parts: [
        {
          type: "opaque",
          dialect: "gemini",
          value: { executableCode: { language: "PYTHON", code: "print(6*7)\n" } },
        },
        {
          type: "opaque",
          dialect: "gemini",
          value: { codeExecutionResult: { outcome: "OUTCOME_OK", output: "42\n" } },
        },
        text("It is 42."),
      ],
      finish: stop,
    }],
    usage: { input: 20, output: 15 },
    verdict: "answered",
  },
  {
    file: "overloaded",
    id: "mHkfacL4Eo6kvdIPt-7UkAo",
    choices: [{ parts: [text("Half an ans")] }],
    usage: { input: 8, output: 3 },
    verdict: "answered",
    failure: "overloaded",
  },
  {
    // F11
    file: "cut",
    id: "mHkfacL4Eo6kvdIPt-7UkAo",
    choices: [{ parts: [text("Half an ans")] }],
    usage: { input: 8, output: 3 },
    verdict: "answered",
    failure: "upstream-cut",
  },
];

Deno.test("every recorded stream is in the table", () => {
  const files = [...Deno.readDirSync(new URL("../../fixtures/gemini", import.meta.url))].map(({ name }) => name);
  assert.deepEqual(
    files.filter((name) => name.endsWith(".sse")).sort(),
    RECORDED.map(({ file }) => `${file}.sse`).sort(),
  );
});

for (const { file, id, choices, usage, verdict, failure, mended = 0 } of RECORDED) {
  const stream = fixture(`gemini/${file}.sse`);
  const beats = readStream(gemini, stream);

  Deno.test(`what ${file}.sse says`, () => {
    const reply = foldEvents(eventsOf(beats));
    assert.equal(reply.id, id);
    assert.deepEqual(reply.choices.map(withoutMadeIds), choices);
    assert.deepEqual(reply.usage, usage);
    assert.equal(reply.error?.kind, failure);
    assert.equal(judge(reply), verdict);
  });

  Deno.test(`${file}.sse says the same in bytes that come one by one`, () => {
    const decoder = frameDecoder("sse");
    const parser = gemini.eventParser({});
    const read = [...stream].flatMap((character) => decoder.push(character)).flatMap((one) => parser.push(one).events);
    assert.deepEqual(withoutErrors([...read, ...parser.end()]), withoutErrors(eventsOf(beats)));
  });

  Deno.test(`R10 of ${file}.sse all frames but ${mended} are relayed byte for byte`, () => {
    const frames = stream.replaceAll("\r\n", "\n").split(/(?<=\n\n)/);
    const raws = beats.map((beat) => beat.raw);
    const changed = frames.filter((frame, at) => frame !== raws[at]);
    // An error is told in our own words.
    assert.equal(changed.length, mended + (file === "overloaded" ? 1 : 0));
  });

  Deno.test(`R10 a client of the same dialect gets the relayed frames of ${file}.sse as they are`, () => {
    const sent = writeStream(gemini.eventFormatter(streamRequest(), OPTIONS), beats);
    const relayed = beats.flatMap(({ raw }) => raw ?? []);
    // An error of ours is told twice.
    assert.deepEqual(failure === undefined ? sent : sent.slice(0, -2), relayed);
  });

  Deno.test(`a client of the same dialect gets a legal stream of ${file}.sse`, () => {
    for (const given of [beats, foreign(beats)]) {
      const array = checkGeminiArray(writeStream(geminiArray.eventFormatter(streamRequest(), OPTIONS), given));
      const read = checkGeminiStream(writeStream(gemini.eventFormatter(streamRequest(), OPTIONS), given));
      assert.deepEqual(array, read);
      assert.equal(read.error === undefined, failure === undefined);
      if (failure === undefined && read.blockReason === undefined) {
        assert.deepEqual(read.candidates.map((one) => one.text), choices.map(joined("text")));
        assert.deepEqual(read.candidates.map((one) => one.reasoning), choices.map(joined("reasoning")));
        assert.deepEqual(read.toolCalls.length, choices[0]?.parts.filter(({ type }) => type === "tool-call").length);
        assert.equal(read.finish, choices[0]?.finish?.raw);
      }
    }
  });
}

function joined(type: "text" | "reasoning") {
  return ({ parts }: ReplyChoice) => parts.map((part) => part.type === type ? part.text : "").join("");
}

function withoutMadeIds({ parts, ...choice }: ReplyChoice): ReplyChoice {
  const ids = parts.map((part) => part.type === "tool-call" ? part.id : "").filter((id) => id !== "");
  assert.equal(new Set(ids).size, ids.length, "no two calls have one id");
  return {
    ...choice,
    parts: parts.map((part) => part.type === "tool-call" && MADE_ID.test(part.id) ? { ...part, id: "made" } : part),
  };
}

/** Two errors differ in their stack. */
function withoutErrors(events: ReturnType<typeof eventsOf>) {
  return events.map((event) => event.type === "error" ? { type: event.type, kind: event.error.kind } : event);
}
