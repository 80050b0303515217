/** Tests of what is learned from an upstream that refuses a field: the client gets an answer without it, then and later. */

import assert from "node:assert/strict";
import type { TestGateway } from "../support/gateway.ts";
import type { MockUpstream, Script } from "../support/mock_upstream.ts";
import { withPair } from "../support/pair.ts";
import { CHAT_ANSWER, refused } from "../support/refused.ts";

const ASKED = {
  model: "up/up-model",
  messages: [{ role: "user", content: "Hi" }],
  temperature: 0,
  reasoning_effort: "low",
};

/** Asks once; what the client got, and what the upstream was asked for it. */
async function ask(gateway: TestGateway, upstream: MockUpstream, more: Record<string, unknown> = {}) {
  const before = upstream.requests.length;
  const response = await gateway.chat({ ...ASKED, ...more });
  const lost = response.headers.get("x-anystream-lost");
  await response.body?.cancel();
  const asked = upstream.requests.slice(before).map(({ json }) =>
    Object.keys(json).filter((name) => name in ASKED || name in more)
  );
  return { status: response.status, lost, asked: asked.map((names) => names.slice().sort().join(" ")) };
}

const pair = withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_MODELS: "up-model,other" } });

/** As the vendors say it, of the field that each names. */
const TOLD: [vendor: string, told: Script, field: string][] = [
  [
    "OpenAI",
    refused("Unsupported value: 'temperature' does not support 0 with this model.", { param: "temperature" }),
    "temperature",
  ],
  ["xAI", refused("Model grok-4 does not support parameter reasoningEffort."), "reasoning_effort"],
  ["Groq", refused("property 'reasoning_effort' is unsupported"), "reasoning_effort"],
  ["Gemini", refused('Invalid JSON payload received. Unknown name "temperature": Cannot find field.'), "temperature"],
  ["Anthropic", refused("`temperature` is deprecated for this model."), "temperature"],
  ["Mistral", {
    kind: "json",
    status: 422,
    body: {
      message: {
        detail: [{ type: "extra_forbidden", loc: ["body", "reasoning_effort"], msg: "Extra inputs are not permitted" }],
      },
    },
  }, "reasoning_effort"],
];

for (const [vendor, told, field] of TOLD) {
  pair.test({
    name:
      `a client gets its answer without ${field} where the upstream refuses it as ${vendor} does, and no second refusal`,
    async run({ gateway, upstream }) {
      upstream.push(told, CHAT_ANSWER, CHAT_ANSWER);
      const all = "messages model reasoning_effort temperature";
      const without = all.replace(`${field}`, "").replace("  ", " ").trim();
      assert.deepEqual(await ask(gateway, upstream), { status: 200, lost: field, asked: [all, without] });
      assert.deepEqual(await ask(gateway, upstream), { status: 200, lost: field, asked: [without] });
    },
  });
}

pair.test({
  name: "what is refused beside something else is left out of that request alone, and the other is kept",
  async run({ gateway, upstream }) {
    const told = "`temperature` may only be set to 1 when reasoning_effort is enabled or in adaptive mode.";
    upstream.push(refused(told), CHAT_ANSWER, CHAT_ANSWER);
    const [all, without] = ["messages model reasoning_effort temperature", "messages model reasoning_effort"];
    assert.deepEqual(await ask(gateway, upstream), { status: 200, lost: "temperature", asked: [all, without] });
    assert.deepEqual((await ask(gateway, upstream)).asked, [all]);
  },
});

pair.test({
  name: "a client gets its answer without a temperature where the model takes one alone, as Kimi's thinking models do",
  async run({ gateway, upstream }) {
    upstream.push(refused("invalid temperature: only 1 is allowed for this model"), CHAT_ANSWER, CHAT_ANSWER);
    assert.deepEqual((await ask(gateway, upstream)).lost, "temperature");
    assert.deepEqual((await ask(gateway, upstream)).asked, ["messages model reasoning_effort"]);
  },
});

pair.test({
  name: "a word that the model does not know is left out, and the next one is asked for all the same",
  async run({ gateway, upstream }) {
    const all = "messages model reasoning_effort temperature";
    for (
      const told of [
        "Validation error for `reasoning_effort`: expected one of 'low' | 'medium' | 'high', received 'xhigh'.",
        "`reasoning_effort` must be one of `none` or `default`",
        "Unsupported value: 'reasoning_effort' does not support 'xhigh' with this model. Supported values are: 'low'.",
      ]
    ) {
      upstream.reset();
      upstream.push(refused(told), CHAT_ANSWER);
      const { status, lost, asked } = await ask(gateway, upstream, { reasoning_effort: "xhigh" });
      assert.deepEqual([status, lost, asked], [200, "reasoning_effort", [all, "messages model temperature"]]);
    }
  },
});

/** How OpenAI goes on: https://github.com/continuedev/continue/issues/9067 (2025-12-08). */
const VERIFY =
  "Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization. " +
  "If you just verified, it can take up to 15 minutes for access to propagate.";

pair.test({
  name: "a client gets its stream where the upstream does not stream the model to whoever asks, from then on at once",
  async run({ gateway, upstream }) {
    const told = `Your organization must be verified to stream this model. ${VERIFY}`;
    upstream.push(refused(told, { param: "stream" }), CHAT_ANSWER, CHAT_ANSWER);
    for (const _ of [1, 2]) {
      const response = await gateway.chat({ ...ASKED, stream: true, stream_options: { include_usage: true } });
      assert.deepEqual([response.status, response.headers.get("x-anystream-lost")], [200, null]);
      assert.match(await response.text(), /"content":"Hi"[^]*data: \[DONE\]/);
    }
    const asked = upstream.requests.map(({ json }) => [json.stream ?? false, "stream_options" in json]);
    assert.deepEqual(asked, [[true, true], [false, false], [false, false]]);
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_API: "responses" } }).test({
  name: "of what says how to think only the summary is left out where the upstream gives none to whoever asks",
  async run({ gateway, upstream }) {
    const answer = JSON.parse(
      await Deno.readTextFile(new URL("../fixtures/openai_responses/openai.json", import.meta.url)),
    );
    const told = refused(`Your organization must be verified to generate reasoning summaries. ${VERIFY}`, {
      param: "reasoning.summary",
      code: "unsupported_value",
    });
    upstream.push(told, { kind: "json", body: answer });
    const body = JSON.stringify({ model: "up/up-model", input: "Hi", reasoning: { effort: "high", summary: "auto" } });
    for (const _ of [1, 2]) {
      const response = await fetch(`${gateway.url}/v1/responses`, { method: "POST", body });
      assert.deepEqual([response.status, response.headers.get("x-anystream-lost")], [200, "reasoning.summary"]);
      await response.body?.cancel();
    }
    const asked = upstream.requests.map(({ json }) => json.reasoning);
    assert.deepEqual(asked, [{ effort: "high", summary: "auto" }, { effort: "high" }, { effort: "high" }]);
  },
});

pair.test({
  name: "a form that the upstream does not take is told it in words, and asked for as any JSON, from then on at once",
  async run({ gateway, upstream }) {
    upstream.push(refused("This response_format type is unavailable now"), CHAT_ANSWER, CHAT_ANSWER);
    const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
    const response_format = { type: "json_schema", json_schema: { name: "a", schema, strict: true } };
    for (const _ of [1, 2]) {
      const { status, lost } = await ask(gateway, upstream, { response_format, top_a: 1 });
      assert.deepEqual([status, lost], [200, "output"]);
    }
    const [first, ...rest] = upstream.requests.map(({ json }) => json);
    assert.deepEqual([first?.response_format, first?.messages], [response_format, ASKED.messages]);
    assert.equal(rest.length, 2);
    for (const { response_format, messages, top_a } of rest) {
      assert.deepEqual([response_format, top_a], [{ type: "json_object" }, 1]);
      const [wish, ...own] = messages as { role: string; content: string }[];
      assert.deepEqual([wish?.role, own], ["system", ASKED.messages]);
      assert.ok(wish?.content.includes(JSON.stringify(schema)));
    }
  },
});

pair.test({
  name: "a limit is told by the name that the upstream asks for, from then on at once",
  async run({ gateway, upstream }) {
    const told =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    upstream.push(refused(told, { param: "max_tokens" }), CHAT_ANSWER, CHAT_ANSWER);
    for (const _ of [1, 2]) assert.equal((await ask(gateway, upstream, { max_tokens: 9 })).status, 200);
    const limits = upstream.requests.map(({ json }) => [json.max_tokens, json.max_completion_tokens]);
    assert.deepEqual(limits, [[9, undefined], [undefined, 9], [undefined, 9]]);
  },
});

pair.test({
  name:
    "a conversation goes on that once showed a picture to a model that sees none; what is shown now is the client's to mend",
  async run({ gateway, upstream }) {
    const told =
      "Failed to deserialize the JSON body: messages[0]: unknown variant `image_url`, expected `text` at line 1";
    const shown = [{ type: "text", text: "Look" }, { type: "image_url", image_url: { url: "https://a.test/cat.png" } }];
    const messages = [{ role: "user", content: shown }];
    upstream.push(refused(told));
    assert.equal((await ask(gateway, upstream, { messages })).status, 400);
    upstream.reset();
    upstream.push(refused(told), CHAT_ANSWER, CHAT_ANSWER);
    const later = [...messages, { role: "assistant", content: "I cannot see it" }, { role: "user", content: "Go on" }];
    for (const _ of [1, 2]) {
      assert.deepEqual((await ask(gateway, upstream, { messages: later })).lost, "messages");
    }
    assert.equal(upstream.requests.length, 3);
    for (const { text } of upstream.requests.slice(1)) {
      assert.match(text, /"Look.*A picture, which this model cannot see/);
    }
  },
});

pair.test({
  name: "who takes no texts in parts is given one text, from then on at once, but for what is more than text",
  async run({ gateway, upstream }) {
    const told =
      "Failed to deserialize the JSON body into the target type: messages[1]: invalid type: sequence, expected a string at line 1 column 98";
    upstream.push(refused(told), CHAT_ANSWER, CHAT_ANSWER);
    const text = (text: string) => ({ type: "text", text });
    const shown = {
      role: "user",
      content: [text("Look"), { type: "image_url", image_url: { url: "https://a.test/a.png" } }],
    };
    const parts = [
      { role: "user", content: "Go" },
      { role: "assistant", content: [text("One"), text("Two")] },
      { role: "user", content: "On" },
    ];
    const lists = [parts, parts, [...parts, shown]];
    for (const messages of lists) {
      const response = await gateway.chat({ model: "up/up-model", messages });
      assert.equal(response.status, 200, await response.text());
    }
    const flat = parts.map((message, at) => at === 1 ? { ...message, content: "One\n\nTwo" } : message);
    assert.deepEqual(upstream.requests.map(({ json }) => json.messages), [parts, flat, flat, [...parts, shown]]);
  },
});

pair.test({
  name: "Moonshot is told in plain words of tools whose schemas it refuses, from then on at once",
  async run({ gateway, upstream }) {
    const schemas = [
      [{ id: { type: "string", anyOf: [{ minLength: 1 }, { maxLength: 9 }] } }, {
        id: { anyOf: [{ type: "string", minLength: 1 }, { type: "string", maxLength: 9 }] },
      }],
      [{ id: { enum: ["a"] } }, { id: { type: "string", enum: ["a"] } }],
    ];
    const toolOf = (properties: unknown) => ({
      type: "function",
      function: { name: "f", parameters: { type: "object", properties } },
    });
    for (
      const told of [
        "Invalid request: tools.function.parameters is not a valid moonshot flavored json schema, details: <At path 'properties.id': when using anyOf, type should be defined in anyOf items instead of the parent schema>",
        'Invalid request: tools.function.parameters.type is required and must be "object"',
      ]
    ) {
      upstream.reset();
      upstream.push(refused(told), CHAT_ANSWER, CHAT_ANSWER);
      const model = told.includes("flavored") ? "up/up-model" : "up/other";
      for (const [properties] of schemas) {
        const response = await gateway.chat({ model, tools: [toolOf(properties)] });
        assert.equal(response.status, 200, await response.text());
        assert.equal(response.headers.get("x-anystream-lost"), "tools");
      }
      const sent = upstream.requests.map(({ json }) => json.tools);
      const [[first, plain] = [], [, second] = []] = schemas;
      assert.deepEqual(sent, [[toolOf(first)], [toolOf(plain)], [toolOf(second)]]);
    }
  },
});

pair.test({
  name: "a client that wants no stream gets its answer from a model that only streams, from then on at once",
  async run({ gateway, upstream }) {
    const chunk = { id: "x", object: "chat.completion.chunk", created: 1, model: "m" };
    const frames = [
      { ...chunk, choices: [{ index: 0, delta: { role: "assistant", content: "Hi" }, finish_reason: null }] },
      { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
    ].map((frame) => `data: ${JSON.stringify(frame)}\n\n`);
    const streamed: Script = { kind: "stream", chunks: [...frames, "data: [DONE]\n\n"] };
    for (
      const told of [
        "This model only support stream mode, please enable the stream parameter to access the model.",
        "parameter.enable_thinking must be set to false for non-streaming calls",
      ]
    ) {
      upstream.reset();
      upstream.push(refused(told), streamed, streamed);
      const model = told.startsWith("This") ? "up/up-model" : "up/other";
      for (const _ of [1, 2]) {
        const response = await gateway.chat({ model });
        assert.equal((await response.json()).choices[0].message.content, "Hi");
      }
      assert.deepEqual(upstream.requests.map(({ json }) => json.stream ?? false), [false, true, true]);
    }
  },
});

pair.test({
  name: "an answer that may be longer than the model gives is asked for shorter, from then on at once",
  async run({ gateway, upstream }) {
    const told = "max_tokens is too large: 64000. This model supports at most 16384 completion tokens.";
    upstream.push(refused(told), CHAT_ANSWER, CHAT_ANSWER, CHAT_ANSWER);
    for (const _ of [1, 2]) {
      const { status, lost } = await ask(gateway, upstream, { max_tokens: 64_000, top_a: 1 });
      assert.deepEqual([status, lost], [200, "maxTokens"]);
    }
    assert.equal((await ask(gateway, upstream, { max_tokens: 100 })).lost, null);
    const limits = upstream.requests.map(({ json }) => json.max_tokens);
    assert.deepEqual(limits, [64_000, 16_384, 16_384, 100]);
  },
});

pair.test({
  name:
    "a local server whose model knows turns alone gets them, though it says so with a 500, and is not asked in vain again",
  async run({ gateway, upstream }) {
    const told = "Error: Jinja Exception: After the optional system message, conversation roles must alternate";
    upstream.push(refused(told, { status: 500 }), CHAT_ANSWER, CHAT_ANSWER);
    const messages = [{ role: "user", content: "a" }, { role: "user", content: "b" }];
    for (const _ of [1, 2]) assert.equal((await ask(gateway, upstream, { messages })).status, 200);
    assert.equal(upstream.requests.length, 3);
    for (const { json } of upstream.requests.slice(1)) {
      assert.deepEqual((json.messages as { role: string }[]).map(({ role }) => role), ["user"]);
    }
  },
});

pair.test({
  name: "several fields that are refused one after another are all left out",
  async run({ gateway, upstream }) {
    upstream.push(refused("Unknown parameter: 'temperature'"), refused("Unknown parameter: 'user'"), CHAT_ANSWER);
    const { status, asked } = await ask(gateway, upstream, { user: "u" });
    assert.deepEqual([status, asked.length, asked[2]], [200, 3, "messages model reasoning_effort"]);
  },
});

pair.test({
  name: "what no leaving out mends is told the client, and nothing is learned of it",
  async run({ gateway, upstream }) {
    upstream.push(refused("Unknown parameter: 'temperature'"), refused("The prompt is empty"), CHAT_ANSWER);
    assert.equal((await ask(gateway, upstream)).status, 400);
    assert.deepEqual(await ask(gateway, upstream), {
      status: 200,
      lost: null,
      asked: ["messages model reasoning_effort temperature"],
    });
  },
});

pair.test({
  name: "a value that is out of range, and a field that the answer depends on, are the client's to mend",
  async run({ gateway, upstream }) {
    for (
      const [told, more] of [
        [refused("temperature must be between 0 and 2"), {}],
        [refused("Unsupported parameter: 'n'", { param: "n" }), { n: 2 }],
        [refused("Unsupported parameter: 'logprobs'"), { logprobs: true }],
        [refused("messages.1.assistant.reasoning_effort_x: property is unsupported"), {}],
      ] as [Script, Record<string, unknown>][]
    ) {
      upstream.reset();
      upstream.push(told);
      const { status, asked } = await ask(gateway, upstream, more);
      assert.deepEqual([status, asked.length], [400, 1]);
    }
  },
});

withPair({
  env: { MAX_RETRIES: "1" },
  toml: `[[models.set.candidates]]
provider = "up"
model = "up-model"
parameters = { temperature = 0.3 }`,
}).test({
  name: "a field that whoever runs the gateway sets is asked for all the same",
  async run({ gateway, upstream }) {
    upstream.push(refused("Unknown parameter: 'temperature'"));
    assert.equal((await ask(gateway, upstream, { model: "set" })).status, 400);
    assert.equal(upstream.requests.length, 1);
  },
});
