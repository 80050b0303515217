import assert from "node:assert/strict";
import OpenAI from "openai";
import type { ChatCompletionTool } from "openai/resources/chat/completions";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { completion } from "../support/openai_frames.ts";
import { withPair } from "../support/pair.ts";

/** The official client, pointed at the gateway over a real socket; without retries of its own unless asked. */
function clientOf({ url }: TestGateway, options: { maxRetries?: number; timeout?: number } = {}): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: "client-key-1", maxRetries: 0, ...options });
}

function withClient() {
  return {
    test({ name, run }: { name: string; run: (client: OpenAI, gateway: TestGateway) => Promise<void> }): void {
      Deno.test(name, async () => {
        const gateway = startGateway({ env: { USER_SET_KEY: "client-key-1", FAKE_STREAM_INTERVAL: "20" } });
        try {
          await run(clientOf(gateway), gateway);
        } finally {
          await gateway.close();
        }
      });
    },
  };
}

const messages = [{ role: "user" as const, content: "Say hello to the stream" }];

const tools: ChatCompletionTool[] = ["weather", "time"].map((name) => ({
  type: "function",
  function: {
    name,
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
}));

const MODES = ["real", "fake", "auto"] as const;

withClient().test({
  name: "openai: models are listed and shown",
  async run(client) {
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    assert.ok(ids.includes("demo/echo"));
    assert.equal((await client.models.retrieve("demo/echo")).id, "demo/echo");
  },
});

withClient().test({
  name: "openai: a whole answer",
  async run(client) {
    const answer = await client.chat.completions.create({ model: "demo/echo", messages });
    assert.match(answer.choices[0]?.message.content ?? "", /Say hello to the stream/);
    assert.equal(answer.choices[0]?.finish_reason, "stop");
    assert.ok((answer.usage?.total_tokens ?? 0) > 0);
  },
});

for (const mode of MODES) {
  const headers = { "x-stream-mode": mode };

  withClient().test({
    name: `openai: a ${mode} stream gives the same text as the whole answer, in the raw loop and in .stream()`,
    async run(client) {
      const whole = await client.chat.completions.create({ model: "demo/unicode", messages });
      let text = "";
      const stream = await client.chat.completions.create({ model: "demo/unicode", messages, stream: true }, {
        headers,
      });
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
      assert.equal(text, whole.choices[0]?.message.content);
      const helper = client.chat.completions.stream({ model: "demo/unicode", messages }, { headers });
      assert.equal(await helper.finalContent(), text);
    },
  });

  withClient().test({
    name: `openai: parallel tools over a ${mode} stream, their results, and the answer`,
    async run(client) {
      const first = client.chat.completions.stream({ model: "demo/tools", messages, tools }, { headers });
      const { message, finish_reason } = (await first.finalChatCompletion()).choices[0]!;
      assert.equal(finish_reason, "tool_calls");
      const calls = message.tool_calls ?? [];
      assert.deepEqual(calls.map((call) => call.type === "function" && call.function.name), ["weather", "time"]);
      for (const call of calls) {
        assert.ok(call.type === "function");
        assert.equal(typeof JSON.parse(call.function.arguments).city, "string");
      }
      assert.equal(new Set(calls.map(({ id }) => id)).size, 2);
      const results = calls.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content: "sunny 42" }));
      const second = await client.chat.completions.create({
        model: "demo/tools",
        messages: [...messages, message, ...results],
        tools,
      });
      assert.match(second.choices[0]?.message.content ?? "", /sunny 42/);
    },
  });

  withClient().test({
    name: `openai: reasoning over a ${mode} stream comes before the text, as reasoning_content`,
    async run(client) {
      const order: string[] = [];
      const stream = await client.chat.completions.create({ model: "demo/reasoning", messages, stream: true }, {
        headers,
      });
      for await (const { choices: [choice] } of stream) {
        const delta = choice?.delta as { content?: string; reasoning_content?: string } | undefined;
        if (delta?.reasoning_content) order.push("reasoning");
        if (delta?.content) order.push("text");
      }
      assert.ok(order.includes("reasoning") && order.includes("text"));
      assert.ok(order.lastIndexOf("reasoning") < order.indexOf("text"));
    },
  });

  withClient().test({
    name: `openai: usage over a ${mode} stream, only when asked`,
    async run(client) {
      const usageOf = async (more: { stream_options?: { include_usage: boolean } }) => {
        const found = [];
        const stream = await client.chat.completions.create({ model: "demo/echo", messages, stream: true, ...more }, {
          headers,
        });
        for await (const chunk of stream) if (chunk.usage) found.push(chunk);
        return found;
      };
      assert.deepEqual(await usageOf({}), []);
      const [chunk, ...rest] = await usageOf({ stream_options: { include_usage: true } });
      assert.deepEqual(rest, []);
      assert.deepEqual(chunk?.choices, []);
      assert.equal(
        chunk?.usage?.total_tokens,
        (chunk?.usage?.prompt_tokens ?? 0) + (chunk?.usage?.completion_tokens ?? 0),
      );
    },
  });
}

withClient().test({
  name: "openai: n answers, streamed and whole",
  async run(client) {
    const whole = await client.chat.completions.create({ model: "demo/echo", messages, n: 3 });
    assert.deepEqual(whole.choices.map(({ index }) => index), [0, 1, 2]);
    const helper = client.chat.completions.stream({ model: "demo/echo", messages, n: 2 });
    const { choices } = await helper.finalChatCompletion();
    assert.equal(choices.length, 2);
    assert.ok(choices.every(({ message }) => message.content));
  },
});

withClient().test({
  name: "openai: errors are the client's own classes",
  async run(client, gateway) {
    const create = (model: string) => client.chat.completions.create({ model, messages });
    await assert.rejects(create("demo/rate-limit"), OpenAI.RateLimitError);
    await assert.rejects(create("demo/error"), OpenAI.InternalServerError);
    await assert.rejects(create("demo/nothing-like-it"), OpenAI.NotFoundError);
    await assert.rejects(
      create("demo/unauthorized"),
      (error: InstanceType<typeof OpenAI.APIError>) => error.status === 502,
    );
    const stranger = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "wrong", maxRetries: 0 });
    await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
    const wrong = { model: "demo/echo", messages: [{ role: "user", content: 7 }] } as never;
    await assert.rejects(client.chat.completions.create(wrong), OpenAI.BadRequestError);
    const failure = await create("demo/rate-limit").catch((error) => error);
    assert.ok(failure.requestID);
  },
});

withClient().test({
  name: "openai: a stream that breaks raises in the middle of the loop, after what was said",
  async run(client) {
    let text = "";
    const stream = await client.chat.completions.create({ model: "demo/cut", messages, stream: true });
    await assert.rejects(async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    }, OpenAI.APIError);
    assert.ok(text.length > 0);
  },
});

withClient().test({
  name: "openai: an empty answer that is good the second time is just a good answer",
  async run(client) {
    for (const mode of MODES) {
      const helper = client.chat.completions.stream({ model: "demo/flaky", messages }, {
        headers: { "x-stream-mode": mode },
      });
      assert.ok((await helper.finalContent())?.length, mode);
    }
  },
});

withClient().test({
  name: "openai: abort() ends the stream, and the gateway notes that the client left",
  async run(client, gateway) {
    const stream = await client.chat.completions.create({ model: "demo/slow", messages, stream: true });
    stream.controller.abort();
    for await (const _ of stream);
    assert.equal((await gateway.logged()).end, "cancelled");
  },
});

withPair({ env: { FAKE_STREAM_INTERVAL: "50" } }).test({
  name: "openai: the client's timeout is met by early headers: a slow fake stream outlives it",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Slow but here" }), delay: 400 });
    const client = clientOf(gateway, { timeout: 200 });
    const headers = { "x-stream-mode": "fake" };
    const helper = client.chat.completions.stream({ model: "up/up-model", messages }, { headers });
    assert.equal(await helper.finalContent(), "Slow but here");
    await assert.rejects(
      client.chat.completions.create({ model: "up/up-model", messages }),
      OpenAI.APIConnectionTimeoutError,
    );
  },
});

withPair({ env: { MAX_RETRIES: "2" } }).test({
  name: "openai: the client does not repeat what the gateway has repeated",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 500, body: {} });
    const client = clientOf(gateway, { maxRetries: 2 });
    await assert.rejects(
      client.chat.completions.create({ model: "up/up-model", messages }),
      OpenAI.InternalServerError,
    );
    assert.equal(upstream.requests.length, 2);
  },
});

withPair().test({
  name: "openai: an image and structured output pass through to a vendor as they are",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: '{"a":1}' }) });
    const content = [
      { type: "text" as const, text: "What is it?" },
      { type: "image_url" as const, image_url: { url: "data:image/png;base64,iVBORw0KGgo=", detail: "low" as const } },
    ];
    const response_format = {
      type: "json_schema" as const,
      json_schema: { name: "a", schema: { type: "object", properties: { a: { type: "number" } } }, strict: true },
    };
    const answer = await clientOf(gateway).chat.completions.create({
      model: "up/up-model",
      messages: [{ role: "user", content }],
      response_format,
      logprobs: true,
    });
    assert.equal(answer.choices[0]?.message.content, '{"a":1}');
    assert.deepEqual(upstream.requests[0]?.json.messages, [{ role: "user", content }]);
    assert.deepEqual(upstream.requests[0]?.json.response_format, response_format);
  },
});
