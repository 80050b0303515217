/** Tests of which of OpenAI's two APIs a request goes to: clients of any dialect get their answer where one refuses it. */

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import type { MockUpstream, Script } from "../support/mock_upstream.ts";
import { withPair } from "../support/pair.ts";
import { CHAT_ANSWER, refused } from "../support/refused.ts";

const FIXTURES = new URL("../fixtures/openai_responses/", import.meta.url);

async function responsesStream(name: string): Promise<Script> {
  return { kind: "stream", chunks: [await Deno.readTextFile(new URL(name, FIXTURES))] };
}

async function responsesAnswer(name: string): Promise<Script> {
  return { kind: "json", body: JSON.parse(await Deno.readTextFile(new URL(name, FIXTURES))) };
}

const NO_TOOLS_BY_CHAT = refused(
  "Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions. To use function tools, " +
    "use /v1/responses or set reasoning_effort to 'none'.",
  { param: "reasoning_effort" },
);

const TOOLS = [{ type: "function", function: { name: "get_weather", parameters: { type: "object", properties: {} } } }];
const WITH_TOOLS = { model: "up/up-model", tools: TOOLS, reasoning_effort: "low" };

function asked({ requests }: MockUpstream): string[] {
  return requests.map(({ path, json }) => `${path.replace("/v1/", "")}${json.tools ? " with tools" : ""}`);
}

async function statusOf(answer: Promise<Response>): Promise<number> {
  const response = await answer;
  await response.body?.cancel();
  return response.status;
}

const pair = withPair({ env: { MAX_RETRIES: "1" } });

pair.test({
  name: "a request whose tools Chat refuses is asked by Responses, with all its effort, and from then on at once",
  async run({ gateway, upstream }) {
    const answer = await responsesAnswer("openai_tools.json");
    upstream.push(NO_TOOLS_BY_CHAT, answer, answer, CHAT_ANSWER);
    for (const _ of [1, 2]) {
      const response = await gateway.chat(WITH_TOOLS);
      const { choices: [{ message, finish_reason }] } = await response.json();
      assert.deepEqual([response.status, finish_reason, response.headers.get("x-anystream-lost")], [
        200,
        "tool_calls",
        null,
      ]);
      assert.ok(message.tool_calls.length > 0);
    }
    assert.equal(await statusOf(gateway.chat({ model: "up/up-model" })), 200);
    assert.deepEqual(asked(upstream), [
      "chat/completions with tools",
      ...Array(2).fill("responses with tools"),
      "chat/completions",
    ]);
    assert.deepEqual(upstream.requests[1]?.json.reasoning, { effort: "low" });
  },
});

/** As each says that Chat is not the place to ask a model. */
const NO_CHAT: [vendor: string, told: Script][] = [
  ["OpenAI", refused("This model is only supported in v1/responses and not in v1/chat/completions.", { status: 404 })],
  [
    "OpenAI, of its largest",
    refused(
      "This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use v1/completions?",
      { status: 404 },
    ),
  ],
  [
    "Azure",
    refused(
      "The chatCompletion operation does not work with the specified model, gpt-5-codex. Please choose different",
      {
        code: "OperationNotSupported",
      },
    ),
  ],
];

for (const [vendor, told] of NO_CHAT) {
  pair.test({
    name: `a model that only Responses has is asked there, in a stream of the client's dialect: as ${vendor} says it`,
    async run({ gateway, upstream }) {
      upstream.push(told, await responsesStream("openai.sse"), await responsesStream("openai.sse"));
      const client = new Anthropic({ baseURL: gateway.url, apiKey: "k", maxRetries: 0 });
      for (const _ of [1, 2]) {
        const message = await client.messages.stream({
          model: "up/up-model",
          max_tokens: 100,
          messages: [{ role: "user", content: "Hi" }],
        }).finalMessage();
        assert.equal(message.stop_reason, "end_turn");
        assert.ok(message.content.some(({ type }) => type === "text"));
      }
      assert.deepEqual(asked(upstream), ["chat/completions", "responses", "responses"]);
    },
  });
}

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_API: "both" } }).test({
  name:
    "a client of Responses is relayed to it as it wrote, and all others are asked by Chat, where an upstream has both",
  async run({ gateway, upstream }) {
    upstream.push(await responsesAnswer("openai.json"), CHAT_ANSWER);
    const body = `{"model":"up/up-model",  "input":"Hi","tools":[{"type":"custom","name":"apply_patch"}],"x":1.0}`;
    const response = await fetch(`${gateway.url}/v1/responses`, { method: "POST", body });
    assert.equal(response.status, 200, await response.text());
    assert.equal(upstream.requests[0]?.text, body.replace("up/up-model", "up-model"));
    assert.equal(await statusOf(gateway.chat({ model: "up/up-model" })), 200);
    assert.deepEqual(asked(upstream), ["responses with tools", "chat/completions"]);
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_API: "both" } }).test({
  name: "an upstream without the Responses API is asked by Chat, and not for the other again",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 404, body: "404 - File or directory not found." }, CHAT_ANSWER, CHAT_ANSWER);
    for (const _ of [1, 2]) {
      const response = await fetch(`${gateway.url}/v1/responses`, {
        method: "POST",
        body: JSON.stringify({ model: "up/up-model", input: "Hi" }),
      });
      assert.equal(response.status, 200, await response.text());
    }
    assert.deepEqual(asked(upstream), ["responses", "chat/completions", "chat/completions"]);
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_API: "both" } }).test({
  name: "a thing that is not there is no sign that the Responses API is not: neither for its client nor for the next",
  async run({ gateway, upstream }) {
    const things: [message: string, error?: Record<string, unknown>][] = [
      ["Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.", { param: "input" }],
      ["Vector store with id vs_1 not found."],
      ["No such File object: file-1"],
      ["The API deployment for this resource does not exist.", { code: "DeploymentNotFound" }],
    ];
    for (const [message, error = {}] of things) {
      upstream.reset();
      upstream.push(refused(message, { status: 404, ...error }));
      for (const _ of [1, 2]) {
        const response = await fetch(`${gateway.url}/v1/responses`, {
          method: "POST",
          body: JSON.stringify({ model: "up/up-model", input: "Hi" }),
        });
        assert.equal(response.status, 404, await response.text());
      }
      assert.deepEqual(asked(upstream), ["responses", "responses"], message);
    }
  },
});

pair.test({
  name: "where there is no Responses API to turn to, what Chat refuses is left out as ever",
  async run({ gateway, upstream }) {
    const missing: Script = { kind: "json", status: 404, body: "404 page not found" };
    upstream.push(NO_TOOLS_BY_CHAT, missing, NO_TOOLS_BY_CHAT, CHAT_ANSWER);
    const response = await gateway.chat(WITH_TOOLS);
    assert.deepEqual([response.status, response.headers.get("x-anystream-lost")], [200, "reasoning_effort"]);
    await response.body?.cancel();
    assert.deepEqual(asked(upstream), [
      ...["chat/completions with tools", "responses with tools"],
      ...["chat/completions with tools", "chat/completions with tools"],
    ]);
  },
});

pair.test({
  name: "what Responses refuses, too, is told with its own reason, and nothing is learned of it",
  async run({ gateway, upstream }) {
    upstream.push(NO_TOOLS_BY_CHAT, refused("Invalid schema", { param: "tools[0].parameters" }));
    const response = await gateway.chat(WITH_TOOLS);
    assert.deepEqual([response.status, (await response.json()).error.param], [400, "tools[0].parameters"]);
    upstream.push(CHAT_ANSWER);
    await (await gateway.chat(WITH_TOOLS)).body?.cancel();
    assert.equal(asked(upstream)[2], "chat/completions with tools");
  },
});

withPair({
  env: { MAX_RETRIES: "1" },
  toml: `[[models.set.candidates]]
provider = "up"
model = "up-model"
parameters = { reasoning_effort = "high", provider = { order = ["a"] } }`,
}).test({
  name: "fields that the catalogue sets for a model reach it by Responses, too, in the words of that",
  async run({ gateway, upstream }) {
    const answer = await responsesAnswer("openai_tools.json");
    upstream.push(NO_TOOLS_BY_CHAT, answer, answer);
    for (const _ of [1, 2]) {
      const response = await gateway.chat({ ...WITH_TOOLS, model: "set" });
      assert.deepEqual([response.status, response.headers.get("x-anystream-lost")], [200, "provider"]);
      await response.body?.cancel();
    }
    for (const { json } of upstream.requests.slice(1)) assert.deepEqual(json.reasoning, { effort: "high" });
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_API: "chat" } }).test({
  name: "an upstream that is set to Chat is asked nothing else",
  async run({ gateway, upstream }) {
    upstream.push(
      refused("This model is only supported in v1/responses and not in v1/chat/completions.", { status: 404 }),
    );
    assert.equal(await statusOf(gateway.chat(WITH_TOOLS)), 404);
    assert.deepEqual(asked(upstream), ["chat/completions with tools"]);
  },
});
