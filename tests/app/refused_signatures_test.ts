/** Tests of histories whose thoughts an upstream did not sign, or no longer knows: the conversation goes on without them. */

import assert from "node:assert/strict";
import type { Script } from "../support/mock_upstream.ts";
import { withFiveUpstreams } from "../support/five_upstreams.ts";
import { withPair } from "../support/pair.ts";
import { CHAT_ANSWER } from "../support/refused.ts";

const { test } = withFiveUpstreams({ MAX_RETRIES: "1" });

function refused(error: Record<string, unknown>): Script {
  return { kind: "json", status: 400, body: { error } };
}

async function fixture(path: string): Promise<Script> {
  return { kind: "json", body: JSON.parse(await Deno.readTextFile(new URL(`../fixtures/${path}`, import.meta.url))) };
}

const TOOL = { name: "look", description: "Looks", input_schema: { type: "object" } };
const THOUGHT = { type: "thinking", thinking: "Hm", signature: "of-another-account" };
const CALL = { type: "tool_use", id: "toolu_1", name: "look", input: {} };
const HISTORY = [
  { role: "user", content: "Look" },
  { role: "assistant", content: [THOUGHT, CALL] },
  { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "A cat" }] },
];

const claude = withPair({
  env: { MAX_RETRIES: "1", PROVIDER_UP_TYPE: "anthropic", PROVIDER_UP_MODELS: "claude-test" },
});

for (const stream of [false, true]) {
  claude.test({
    name: `Anthropic is asked again without thoughts that it did not sign, ${stream ? "for a stream" : "at once"}`,
    async run({ gateway, upstream }) {
      const told = "messages.1.content.0: Invalid `signature` in `thinking` block";
      const answer: Script = stream
        ? {
          kind: "stream",
          chunks: [await Deno.readTextFile(new URL("../fixtures/anthropic/text.sse", import.meta.url))],
        }
        : await fixture("anthropic/message.json");
      upstream.push(refused({ type: "invalid_request_error", message: told }), answer);
      const body = {
        model: "up/claude-test",
        max_tokens: 2000,
        thinking: { type: "enabled", budget_tokens: 1024 },
        tools: [TOOL],
        messages: HISTORY,
        stream,
        context_management: { edits: [] },
      };
      const response = await fetch(`${gateway.url}/v1/messages`, { method: "POST", body: JSON.stringify(body) });
      assert.deepEqual([response.status, response.headers.get("x-anystream-lost")], [
        ...[200, "messages,messages[1].content[0],reasoning"],
      ]);
      assert.match(await response.text(), stream ? /message_stop/ : /"stop_reason"/);
      const [first, second] = upstream.requests.map(({ json }) => json);
      assert.deepEqual(first?.messages, HISTORY);
      const { messages, thinking, context_management } = second as Record<string, { content: unknown }[]>;
      assert.deepEqual(messages?.[1]?.content, [CALL]);
      assert.deepEqual([thinking, context_management], [{ type: "disabled" }, { edits: [] }]);
    },
  });
}

claude.test({
  name: "thoughts before which something was altered are refused once, and those of later turns are kept",
  async run({ gateway, upstream }) {
    const message = "messages.1.content.0: The block is bound to a different conversation";
    const answer = await fixture("anthropic/message.json");
    upstream.push(refused({ type: "invalid_request_error", message }), answer);
    const later = [
      { role: "assistant", content: [{ ...THOUGHT, signature: "newer" }, { ...CALL, id: "toolu_2" }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_2", content: "A dog" }] },
    ];
    for (const messages of [HISTORY, [...HISTORY, ...later]]) {
      const body = { model: "up/claude-test", max_tokens: 2000, tools: [TOOL], messages };
      const response = await fetch(`${gateway.url}/v1/messages`, { method: "POST", body: JSON.stringify(body) });
      assert.equal(response.status, 200, await response.text());
    }
    const signatures = upstream.requests.map(({ text }) =>
      [...text.matchAll(/"signature":"(.*?)"/g)].map((one) => one[1])
    );
    assert.deepEqual(signatures, [["of-another-account"], [], ["newer"]]);
  },
});

test({
  name: "OpenAI is asked again without thoughts that it cannot decrypt",
  async run({ gateway, upstream }) {
    const message = "The encrypted content gAAA...DQ== could not be verified.";
    upstream.push(
      refused({ message, code: "invalid_encrypted_content" }),
      await fixture("openai_responses/openai.json"),
    );
    const input = [
      { type: "message", role: "user", content: [{ type: "input_text", text: "Look" }] },
      { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" },
      { type: "function_call", call_id: "call_1", name: "look", arguments: "{}" },
      { type: "function_call_output", call_id: "call_1", output: "A cat" },
    ];
    const response = await fetch(`${gateway.url}/v1/responses`, {
      method: "POST",
      body: JSON.stringify({ model: "openai_responses/text", input, store: false }),
    });
    assert.equal(response.status, 200, await response.text());
    const types = upstream.requests.map(({ json }) => (json.input as { type: string }[]).map(({ type }) => type));
    assert.deepEqual(types, [
      ["message", "reasoning", "function_call", "function_call_output"],
      ["message", "function_call", "function_call_output"],
    ]);
  },
});

test({
  name: "Gemini is asked again without signatures that are not its own",
  async run({ gateway, upstream }) {
    upstream.push(
      refused({ code: 400, status: "INVALID_ARGUMENT", message: "Corrupted thought signature." }),
      await fixture("gemini/answer.json"),
    );
    const part = { functionCall: { name: "look", args: {} }, thoughtSignature: "Zm9yZWlnbg==" };
    const response = await fetch(`${gateway.url}/v1beta/models/gemini/text:generateContent`, {
      method: "POST",
      body: JSON.stringify({
        contents: [
          { role: "user", parts: [{ text: "Look" }] },
          { role: "model", parts: [part] },
          { role: "user", parts: [{ functionResponse: { name: "look", response: { result: "A cat" } } }] },
        ],
      }),
    });
    assert.equal(response.status, 200, await response.text());
    const signatures = upstream.requests.map(({ json }) =>
      (json.contents as { parts: Record<string, unknown>[] }[])[1]?.parts[0]?.thoughtSignature
    );
    assert.deepEqual(signatures, ["Zm9yZWlnbg==", undefined]);
  },
});

test({
  name: "a refusal for signatures of a history that has none is the client's to mend",
  async run({ gateway, upstream }) {
    const told = "messages.1.content.0.thinking.signature: Field required";
    upstream.push(refused({ type: "invalid_request_error", message: told }));
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ model: "anthropic/text", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] }),
    });
    await response.body?.cancel();
    assert.deepEqual([response.status, upstream.requests.length], [400, 1]);
  },
});

const GEMINI_MISSES = refused({
  ...{ code: 400, status: "INVALID_ARGUMENT" },
  message:
    "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly",
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_TYPE: "gemini", PROVIDER_UP_MODELS: "gemini-2.5-flash-lite" } }).test({
  name:
    "K11 a model of Gemini's that was not known to want signatures gets them once it says so, and from then on at once",
  async run({ gateway, upstream }) {
    const answer = await fixture("gemini/answer.json");
    upstream.push(GEMINI_MISSES, answer, answer);
    const body = { model: "up/gemini-2.5-flash-lite", max_tokens: 200, tools: [TOOL], messages: HISTORY };
    for (const _ of [1, 2]) {
      const response = await fetch(`${gateway.url}/v1/messages`, { method: "POST", body: JSON.stringify(body) });
      assert.equal(response.status, 200, await response.text());
    }
    const signed = upstream.requests.map(({ text }) => text.includes("skip_thought_signature_validator"));
    assert.deepEqual(signed, [false, true, true]);
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_MODELS: "google/gemini-3-flash" } }).test({
  name: "K11 Gemini behind Chat Completions gets the signatures that its client never had",
  async run({ gateway, upstream }) {
    const call = { id: "call_1", type: "function", function: { name: "look", arguments: "{}" } };
    const messages = [
      { role: "user", content: "Look" },
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "call_1", content: "A cat" },
    ];
    upstream.push(GEMINI_MISSES, CHAT_ANSWER);
    const response = await gateway.chat({ model: "up/google/gemini-3-flash", messages });
    assert.equal(response.status, 200, await response.text());
    const sent = upstream.requests[1]?.json.messages as typeof messages;
    assert.deepEqual(sent[1]?.tool_calls, [
      { ...call, extra_content: { google: { thought_signature: "skip_thought_signature_validator" } } },
    ]);
  },
});
