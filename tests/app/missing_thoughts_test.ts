/** Tests of upstreams that refuse a history without the thoughts of its turns, or with them: they get it as they take it. */

import assert from "node:assert/strict";
import { withFiveUpstreams } from "../support/five_upstreams.ts";
import { CHAT_ANSWER, refused } from "../support/refused.ts";

const { test } = withFiveUpstreams({ MAX_RETRIES: "1" });

const KIMI = refused("thinking is enabled but reasoning_content is missing in assistant tool call message at index 1");
const DEEPSEEK = refused("The `content[].thinking` in the thinking mode must be passed back to the API.");

const CHAT_HISTORY = [
  { role: "user", content: "Look" },
  {
    role: "assistant",
    content: "I look",
    tool_calls: [{ id: "call_1", type: "function", function: { name: "look", arguments: "{}" } }],
  },
  { role: "tool", tool_call_id: "call_1", content: "A cat" },
  { role: "assistant", content: "A cat" },
  { role: "user", content: "Thanks" },
];

function messagesHistory(thought: Record<string, unknown>[]) {
  return [
    { role: "user", content: "Look" },
    { role: "assistant", content: [...thought, { type: "tool_use", id: "toolu_1", name: "look", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "A cat" }] },
  ];
}

test({
  name: "a relayed history gets blank thoughts where its upstream refuses one without, and from then on at once",
  async run({ gateway, upstream }) {
    upstream.push(KIMI, CHAT_ANSWER, CHAT_ANSWER);
    for (const _ of [1, 2]) {
      const response = await gateway.chat({ model: "openai_chat/text", messages: CHAT_HISTORY, top_a: 1 });
      assert.equal(response.status, 200, await response.text());
    }
    const [first, ...rest] = upstream.requests.map(({ json }) => json);
    assert.deepEqual(first?.messages, CHAT_HISTORY);
    assert.equal(rest.length, 2);
    for (const { messages, top_a } of rest) {
      const thoughts = (messages as Record<string, unknown>[]).map((message) => message.reasoning_content);
      assert.deepEqual([thoughts, top_a], [[undefined, " ", undefined, " ", undefined], 1]);
    }
  },
});

test({
  name: "a translated history brings its thoughts where its upstream wants them",
  async run({ gateway, upstream }) {
    upstream.push(KIMI, CHAT_ANSWER);
    const messages = messagesHistory([{ type: "thinking", thinking: "Hm", signature: "" }]);
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ model: "openai_chat/text", max_tokens: 9, messages }),
    });
    assert.equal(response.status, 200, await response.text());
    const thoughts = upstream.requests.map(({ json }) =>
      (json.messages as Record<string, unknown>[])[1]?.reasoning_content
    );
    assert.deepEqual(thoughts, [undefined, "Hm"]);
  },
});

test({
  name: "thoughts that nobody signed go back to a vendor that speaks Anthropic's dialect and serves no Claude",
  async run({ gateway, upstream }) {
    upstream.push({
      kind: "json",
      body: JSON.parse(await Deno.readTextFile(new URL("../fixtures/anthropic/message.json", import.meta.url))),
    });
    const thought = { type: "thinking", thinking: "Hm", signature: "" };
    const body = {
      model: "anthropic/text",
      max_tokens: 2000,
      thinking: { type: "enabled", budget_tokens: 1024 },
      messages: messagesHistory([thought]),
    };
    const relayed = await fetch(`${gateway.url}/v1/messages`, { method: "POST", body: JSON.stringify(body) });
    assert.equal(relayed.status, 200, await relayed.text());
    const [, call, result] = CHAT_HISTORY;
    const messages = [CHAT_HISTORY[0], { ...call, reasoning_content: "Hm" }, result];
    const translated = await gateway.chat({ model: "anthropic/text", messages });
    assert.equal(translated.status, 200, await translated.text());
    for (const { json } of upstream.requests) {
      assert.deepEqual((json.messages as { content: unknown[] }[])[1]?.content[0], thought);
      assert.notDeepEqual(json.thinking, { type: "disabled" });
    }
  },
});

test({
  name: "a vendor that speaks Anthropic's dialect gets blank thoughts where it refuses a turn without",
  async run({ gateway, upstream }) {
    upstream.push(DEEPSEEK, {
      kind: "json",
      body: JSON.parse(await Deno.readTextFile(new URL("../fixtures/anthropic/message.json", import.meta.url))),
    });
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ model: "anthropic/text", max_tokens: 9, messages: messagesHistory([]) }),
    });
    assert.equal(response.status, 200, await response.text());
    const turns = upstream.requests.map(({ json }) => (json.messages as { content: { type: string }[] }[])[1]?.content);
    assert.deepEqual(turns.map((content) => content?.map(({ type }) => type)), [
      ["tool_use"],
      ["thinking", "tool_use"],
    ]);
  },
});

test({
  name: "an upstream that refuses thoughts whether or not they are there is believed, and asked no more",
  async run({ gateway, upstream }) {
    upstream.push(DEEPSEEK, refused("messages.1.content.0.thinking.signature: Field required"), DEEPSEEK);
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ model: "anthropic/text", max_tokens: 9, messages: messagesHistory([]) }),
    });
    await response.body?.cancel();
    assert.deepEqual([response.status, upstream.requests.length], [400, 3]);
  },
});

test({
  name: "a relayed history leaves its thoughts out where its upstream refuses them, and from then on at once",
  async run({ gateway, upstream }) {
    const messages = CHAT_HISTORY.map((message) =>
      message.role === "assistant" ? { ...message, reasoning_content: "Hm" } : message
    );
    const refusals = [
      refused(
        "messages.1.assistant.reasoning_content: property 'messages.1.assistant.reasoning_content' is unsupported",
      ),
      {
        kind: "json" as const,
        status: 422,
        body: {
          detail: [{
            type: "extra_forbidden",
            loc: ["body", "messages", 1, "assistant", "reasoning_content"],
            msg: "Extra inputs are not permitted",
            input: "Hm",
          }],
        },
      },
    ];
    for (const [at, refusal] of refusals.entries()) {
      upstream.reset();
      upstream.push(refusal, CHAT_ANSWER, CHAT_ANSWER);
      const model = `openai_chat/${["text", "other"][at]}`;
      for (const _ of [1, 2]) {
        const response = await gateway.chat({ model, messages });
        assert.equal(response.status, 200, await response.text());
      }
      const sent = upstream.requests.map(({ json }) => json.messages);
      assert.deepEqual(sent, [messages, CHAT_HISTORY, CHAT_HISTORY]);
    }
  },
});
