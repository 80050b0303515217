/** Tests of stop strings at upstreams that take none: the answer ends there all the same. */

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { fixture } from "../support/codec.ts";
import type { Script } from "../support/mock_upstream.ts";
import { withPair } from "../support/pair.ts";
import { chunk, completion } from "../support/openai_frames.ts";
import { refused } from "../support/refused.ts";

const ASKED = { model: "up/up-model", messages: [{ role: "user", content: "Hi" }] };
const SAID: Script = { kind: "json", body: completion({ content: "Act: look\nObservation: a cat" }) };

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "a thinking model of OpenAI's that refuses stop strings is asked without, and its answer ends at one",
  async run({ gateway, upstream }) {
    const told = refused("Unsupported parameter: 'stop' is not supported with this model.", { param: "stop" });
    upstream.push(told, SAID, SAID);
    for (const _ of [1, 2]) {
      const response = await gateway.chat({ ...ASKED, stop: ["\nObservation:"] });
      assert.equal(response.headers.get("x-anystream-lost"), null);
      const { choices: [{ message, finish_reason }] } = await response.json();
      assert.deepEqual([message.content, finish_reason], ["Act: look", "stop"]);
    }
    assert.deepEqual(upstream.requests.map(({ json }) => "stop" in json), [true, false, false]);
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_API: "responses" } }).test({
  name: "R5 a stream of the Responses API, which has no stop strings, ends at one, and its client is told which",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: [fixture("openai_responses/openai_search.sse")] });
    const client = new Anthropic({ baseURL: gateway.url, apiKey: "k", maxRetries: 0 });
    const message = await client.messages.stream({
      ...{ model: "up/up-model", max_tokens: 100, messages: [{ role: "user" as const, content: "Hi" }] },
      stop_sequences: [" is"],
    }).finalMessage();
    assert.deepEqual(message.content.map((block) => block.type === "text" && block.text), ["Deno 2.9"]);
    assert.deepEqual([message.stop_reason, message.stop_sequence], ["stop_sequence", " is"]);
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_TYPE: "anthropic" } }).test({
  name: "R1 a line break, which Anthropic refuses as a stop string, ends the answer as well",
  async run({ gateway, upstream }) {
    const body = JSON.parse(fixture("anthropic/message.json"));
    const content = [{ type: "text", text: "One line\nand another" }];
    upstream.push({ kind: "json", body: { ...body, content } });
    const response = await gateway.chat({ ...ASKED, stop: ["\n"] });
    const { choices: [{ message }] } = await response.json();
    assert.equal(message.content, "One line");
    assert.equal(response.headers.get("x-anystream-lost"), null);
    assert.equal("stop_sequences" in (upstream.requests[0]?.json ?? {}), false);
  },
});

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "an upstream that would go on behind a stop string is left there, once every choice has come to one",
  async run({ gateway, upstream }) {
    const say = (index: number, content: string) => chunk({ content }, null, index);
    const told = refused("Unsupported parameter: 'stop' is not supported with this model.", { param: "stop" });
    const chunks = [say(0, "one END more"), say(1, "two "), say(1, "three END more")];
    upstream.push(told, { kind: "stream", chunks, then: "hang" });
    const signal = AbortSignal.timeout(20_000);
    const response = await gateway.chat({ ...ASKED, stop: ["END"], n: 2, stream: true }, { signal });
    const text = await response.text();
    assert.match(text, /"two "[^]*"three "[^]*\[DONE\]/);
    assert.ok(!text.includes("more"), text);
    await upstream.requests.at(-1)?.left;
  },
});
