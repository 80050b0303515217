/** Tests of what Gemini's fourth generation answers in several requests: to clients of other dialects it is one answer. */

import assert from "node:assert/strict";
import OpenAI from "openai";
import { GoogleGenAI } from "@google/genai";
import type { MockUpstream, Script } from "../support/mock_upstream.ts";
import { type Pair, withPair } from "../support/pair.ts";
import { refused } from "../support/refused.ts";

const MODEL = "gemini-4-argon";
const gemini = withPair({
  env: { PROVIDER_UP_TYPE: "gemini", PROVIDER_UP_MODELS: MODEL, MAX_RETRIES: "0", RECORDING: "off" },
});

interface Leg {
  parts: unknown[];
  finish: string;
  token?: string;
  /** `[prompt, thoughts, answer]` */
  counts: [number, number, number];
}

function chunk({ parts, finish, token, counts: [prompt, thoughts, answer] }: Leg): unknown {
  return {
    candidates: [{
      content: { role: "model", parts },
      finishReason: finish,
      ...(token && { continuationToken: token }),
      index: 0,
    }],
    usageMetadata: { promptTokenCount: prompt, thoughtsTokenCount: thoughts, candidatesTokenCount: answer },
    modelVersion: MODEL,
    responseId: "r",
  };
}

function leg(says: Leg): Script {
  return { kind: "stream", chunks: [`data: ${JSON.stringify(chunk(says))}\n\n`] };
}

/** All of the first is thought, as with hard problems. */
const LEGS = [
  leg({ parts: [{ text: "Hm", thought: true }], finish: "CONTINUATION", token: "dG9rZW4x", counts: [10, 65_536, 0] }),
  leg({ parts: [{ text: "One, " }], finish: "CONTINUATION", token: "dG9rZW4y", counts: [60, 0, 65_536] }),
  leg({
    parts: [{ text: "two" }, { functionCall: { name: "count", args: { to: 3 } } }],
    finish: "STOP",
    counts: [90, 0, 5],
  }),
];

const ASKED = {
  model: `up/${MODEL}`,
  max_tokens: 200_000,
  messages: [{ role: "user" as const, content: "Count" }],
};

function clientOf({ gateway }: Pair): OpenAI {
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "k", maxRetries: 0 });
}

function verbsOf({ requests }: MockUpstream): string[] {
  return requests.map(({ path }) => path.slice(path.indexOf(":") + 1));
}

function tokensOf({ requests }: MockUpstream): unknown[] {
  return requests.map(({ json }) => json.continuationToken);
}

/** Each request is the first one, but for its token. */
function assertSame({ requests }: MockUpstream): void {
  for (const { json: { continuationToken: _, ...rest } } of requests) assert.deepEqual(rest, requests[0]?.json);
}

for (const stream of [true, false]) {
  gemini.test({
    name: `an answer in three requests is one, ${stream ? "streamed" : "collected"}`,
    async run(pair) {
      pair.upstream.push(...LEGS);
      const chat = clientOf(pair).chat.completions;
      const said = stream
        ? await chat.stream({ ...ASKED, stream_options: { include_usage: true } }).finalChatCompletion()
        : await chat.create(ASKED);
      const [choice] = said.choices;
      assert.deepEqual([choice?.message.content, choice?.finish_reason], ["One, two", "tool_calls"]);
      assert.equal(choice?.message.tool_calls?.length, 1);
      assert.deepEqual([said.usage?.prompt_tokens, said.usage?.completion_tokens], [160, 131_077]);
      assert.deepEqual(tokensOf(pair.upstream), [undefined, "dG9rZW4x", "dG9rZW4y"]);
      assertSame(pair.upstream);
      assert.deepEqual(verbsOf(pair.upstream), Array(3).fill("streamGenerateContent"));
    },
  });
}

gemini.test({
  name: "an answer that may be as long as one request gives is asked for as its client asked",
  async run(pair) {
    const whole = chunk({ parts: [{ text: "One" }], finish: "STOP", counts: [10, 0, 1] });
    pair.upstream.push({ kind: "json", body: whole });
    await clientOf(pair).chat.completions.create({ ...ASKED, max_tokens: 32_768 });
    assert.deepEqual(verbsOf(pair.upstream), ["generateContent"]);
  },
});

gemini.test({
  name: "an answer at the client's own limit is not gone on with, whatever token it brings",
  async run(pair) {
    pair.upstream.push(leg({ parts: [{ text: "One" }], finish: "MAX_TOKENS", token: "dG9r", counts: [10, 0, 1] }));
    const said = await clientOf(pair).chat.completions.create(ASKED);
    assert.deepEqual([said.choices[0]?.finish_reason, pair.upstream.requests.length], ["length", 1]);
  },
});

gemini.test({
  name: "an upstream that gives the same token again is not asked for ever",
  async run(pair) {
    pair.upstream.push(leg({ parts: [{ text: "One " }], finish: "CONTINUATION", token: "dG9r", counts: [10, 0, 1] }));
    const said = await clientOf(pair).chat.completions.create(ASKED);
    assert.deepEqual([said.choices[0]?.message.content, said.choices[0]?.finish_reason], ["One One ", "length"]);
    assert.equal(pair.upstream.requests.length, 2);
  },
});

gemini.test({
  name: "an answer whose rest is refused ends with an error",
  async run(pair) {
    const [, second] = LEGS;
    assert.ok(second);
    pair.upstream.push(second, refused("Out of quota", { status: 429 }));
    const stream = await clientOf(pair).chat.completions.create({ ...ASKED, stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    await assert.rejects(read, OpenAI.APIError);
  },
});

gemini.test({
  name: "a client that leaves between two requests of an answer ends the one under way",
  async run(pair) {
    const [, second] = LEGS;
    assert.ok(second);
    pair.upstream.push(second, { kind: "hang" });
    const stream = await clientOf(pair).chat.completions.create({ ...ASKED, stream: true });
    for await (const { choices } of stream) if (choices[0]?.delta.content) break;
    while (pair.upstream.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    stream.controller.abort();
    await pair.upstream.requests[1]?.left;
  },
});

gemini.test({
  name: "a client of Gemini goes on by itself, with the token it was given",
  async run(pair) {
    pair.upstream.push(...LEGS);
    const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: pair.gateway.url } });
    let said = "";
    for await (
      const { text } of await client.models.generateContentStream({ model: `up/${MODEL}`, contents: "Count" })
    ) {
      said += text ?? "";
    }
    assert.equal(said, "One, two");
    assert.deepEqual(tokensOf(pair.upstream), [undefined, "dG9rZW4x", "dG9rZW4y"]);
  },
});
