/** The Responses API with memory, by the official client: previous answers, conversations, answers in the background. */

import assert from "node:assert/strict";
import OpenAI from "openai";
import { createMemoryStore } from "../../records/memory_store.ts";
import { startGateway } from "../support/gateway.ts";
import { startMockUpstream } from "../support/mock_upstream.ts";
import { chunk, completion, textStream } from "../support/openai_frames.ts";
import { withFiveUpstreams } from "../support/five_upstreams.ts";
import { type Pair, withPair } from "../support/pair.ts";
import { refused } from "../support/refused.ts";
import { eventually, statusOf } from "../support/resume.ts";

const model = "up/up-model";

function clientOf({ gateway }: Pick<Pair, "gateway">, apiKey = "none"): OpenAI {
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 });
}

/** What the upstream was asked the last time, in short. */
function asked({ upstream }: Pick<Pair, "upstream">): unknown[] {
  const { messages } = upstream.requests.at(-1)?.json as { messages: Record<string, unknown>[] };
  return messages.map(({ role, content, tool_calls }) => {
    const said = Array.isArray(content) ? content.map((part) => part.text ?? part.type).join("+") : content;
    return [role, tool_calls === undefined ? said : "calls"];
  });
}

withPair().test({
  name: "previous_response_id over three turns puts in front what was said, and instructions only of the last",
  async run(pair) {
    const client = clientOf(pair);
    let previous: string | undefined;
    for (const turn of [1, 2, 3]) {
      pair.upstream.reset();
      pair.upstream.push({ kind: "json", body: completion({ content: `answer ${turn}` }) });
      const response = await client.responses.create({
        model,
        store: true,
        instructions: `rule ${turn}`,
        input: `question ${turn}`,
        previous_response_id: previous ?? null,
      });
      assert.equal(response.output_text, `answer ${turn}`);
      assert.equal(response.previous_response_id, previous ?? null);
      assert.equal((response as { store?: boolean }).store, true);
      previous = response.id;
      const kept = await client.responses.retrieve(response.id);
      assert.deepEqual({ ...kept }, { ...response });
    }
    assert.deepEqual(asked(pair), [
      ["system", "rule 3"],
      ["user", "question 1"],
      ["assistant", "answer 1"],
      ["user", "question 2"],
      ["assistant", "answer 2"],
      ["user", "question 3"],
    ]);
    const items = await client.responses.inputItems.list(previous ?? "");
    assert.deepEqual(items.data.map((item) => item.type === "message" && item.content), [
      [{ type: "input_text", text: "question 3" }],
    ]);
    // From the one before, once more: the branches know nothing of each other.
    await client.responses.delete(previous ?? "");
    await assert.rejects(client.responses.retrieve(previous ?? ""), { status: 404 });
    await assert.rejects(client.responses.create({ model, input: "x", previous_response_id: previous ?? "" }), {
      status: 400,
      code: "previous_response_not_found",
      param: "previous_response_id",
    });
  },
});

withPair().test({
  name: "tools, images and streamed answers survive in what previous_response_id puts in front",
  async run(pair) {
    const client = clientOf(pair);
    const tools = [{ type: "function" as const, name: "look", parameters: { type: "object" }, strict: false }];
    pair.upstream.push({
      kind: "stream",
      chunks: [
        chunk({ role: "assistant", content: "" }),
        chunk({
          tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "look", arguments: "{}" } }],
        }),
        ...textStream().slice(1).map((frame) => frame.replace('"stop"', '"tool_calls"')),
      ],
    });
    const image = "data:image/png;base64,iVBORw0KGgo=";
    const first = await client.responses.stream({
      model,
      store: true,
      tools,
      input: [{
        role: "user",
        content: [{ type: "input_text", text: "What?" }, { type: "input_image", image_url: image, detail: "auto" }],
      }],
    }).finalResponse();
    const call = first.output.find((item) => item.type === "function_call");
    assert.equal(call?.type === "function_call" && call.call_id, "call_1");
    pair.upstream.reset();
    pair.upstream.push({ kind: "json", body: completion({ content: "A cat" }) });
    const second = await client.responses.create({
      model,
      tools,
      previous_response_id: first.id,
      input: [{ type: "function_call_output", call_id: "call_1", output: "cat" }],
    });
    assert.equal(second.output_text, "A cat");
    assert.deepEqual(asked(pair), [["user", "What?+image_url"], ["assistant", "calls"], ["tool", "cat"]]);
    assert.ok(pair.upstream.requests[0]?.text.includes(image));
  },
});

withPair().test({
  name: "a conversation is added to by requests, listed, changed and deleted",
  async run(pair) {
    const client = clientOf(pair);
    const { id } = await client.conversations.create({
      metadata: { topic: "tea" },
      items: [{ type: "message", role: "user", content: "I like tea" }],
    });
    for (const turn of [1, 2]) {
      pair.upstream.reset();
      pair.upstream.push({ kind: "json", body: completion({ content: `answer ${turn}` }) });
      const response = await client.responses.create({ model, conversation: id, input: `question ${turn}` });
      assert.equal(response.conversation?.id, id);
    }
    assert.deepEqual(asked(pair), [
      ["user", "I like tea"],
      ["user", "question 1"],
      ["assistant", "answer 1"],
      ["user", "question 2"],
    ]);
    const items = await client.conversations.items.list(id, { order: "asc" });
    assert.equal(items.data.length, 5);
    const page = await client.conversations.items.list(id, { order: "asc", limit: 2, after: items.data[1]?.id ?? "" });
    assert.deepEqual(page.data, items.data.slice(2, 4));
    assert.equal(page.has_more, true);
    const itemId = items.data[0]?.id ?? "";
    assert.equal((await client.conversations.items.retrieve(itemId, { conversation_id: id })).id, itemId);
    await client.conversations.items.delete(itemId, { conversation_id: id });
    await client.conversations.items.create(id, { items: [{ type: "message", role: "user", content: "More" }] });
    assert.equal((await client.conversations.items.list(id)).data.length, 5);
    assert.deepEqual((await client.conversations.update(id, { metadata: { topic: "coffee" } })).metadata, {
      topic: "coffee",
    });
    assert.equal((await client.conversations.delete(id)).deleted, true);
    await assert.rejects(client.conversations.retrieve(id), { status: 404 });
    await assert.rejects(client.responses.create({ model, conversation: id, input: "x" }), { status: 404 });
  },
});

withPair().test({
  name: "two requests at once on one conversation lose no turn",
  async run(pair) {
    const client = clientOf(pair);
    const { id } = await client.conversations.create({});
    pair.upstream.push({ kind: "json", body: completion({ content: "answer" }), delay: 30 });
    await Promise.all(
      Array.from({ length: 8 }, (_, at) => client.responses.create({ model, conversation: id, input: `q${at}` })),
    );
    const items = await client.conversations.items.list(id, { limit: 100 });
    assert.equal(items.data.length, 16);
    for (let at = 0; at < 8; at++) assert.ok(JSON.stringify(items.data).includes(`"q${at}"`));
  },
});

withPair().test({
  name: "a message that came with a text for its content is listed with it as a part",
  async run(pair) {
    const client = clientOf(pair);
    const [asked, said] = [{ role: "user" as const, content: "Hi" }, { role: "assistant" as const, content: "Yes?" }];
    const { id } = await client.conversations.create({ items: [asked, said] });
    const parts = [
      ["completed", [{ type: "input_text", text: "Hi" }]],
      ["completed", [{ type: "output_text", text: "Yes?", annotations: [], logprobs: [] }]],
    ];
    const shown = (items: unknown[]) => {
      return (items as OpenAI.Conversations.Message[]).map(({ status, content }) => [status, content]);
    };
    const listed = (await client.conversations.items.list(id, { order: "asc" })).data;
    assert.deepEqual(shown(listed), parts);
    const first = await client.conversations.items.retrieve(listed[0]?.id ?? "", { conversation_id: id });
    assert.deepEqual(shown([first]), parts.slice(0, 1));
    const { data: added } = await client.conversations.items.create(id, { items: [asked] });
    assert.deepEqual(shown(added), parts.slice(0, 1));
    pair.upstream.push({ kind: "json", body: completion({ content: "Yes?" }) });
    const { id: response } = await client.responses.create({ model, input: [asked] });
    assert.deepEqual(shown((await client.responses.inputItems.list(response)).data), parts.slice(0, 1));
  },
});

withPair().test({
  name: "a reference to an item stands for the item, wherever it was kept",
  async run(pair) {
    const client = clientOf(pair);
    pair.upstream.push({ kind: "json", body: completion({ content: "forty-two" }) });
    const first = await client.responses.create({ model, store: true, input: "How many?" });
    const id = first.output[0]?.id ?? "";
    await client.responses.create({
      model,
      input: [{ type: "item_reference", id }, { role: "user", content: "Sure?" }],
    });
    assert.deepEqual(asked(pair), [["assistant", "forty-two"], ["user", "Sure?"]]);
    await assert.rejects(client.responses.create({ model, input: [{ type: "item_reference", id: "msg_no" }] }), {
      status: 400,
      param: "input[0]",
    });
  },
});

/** An upstream's answer by the Responses API, with a thought and a call. */
function thoughtful(thought: Record<string, unknown>) {
  const output = [
    { type: "reasoning", id: "rs_1", summary: [], ...thought },
    { type: "function_call", id: "fc_1", call_id: "call_1", name: "f", arguments: "{}", status: "completed" },
  ];
  const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
  return {
    kind: "json" as const,
    body: { id: "resp_up", object: "response", created_at: 1, model: "up-model", status: "completed", output, usage },
  };
}

for (
  const [thought, reasoning, types] of [
    [{ encrypted_content: "sealed" }, { effort: "high" }, [
      ...["message", "reasoning", "function_call", "function_call_output"],
    ]],
    // Whoever wants to read thoughts wants them thought.
    [{}, { summary: "auto" }, ["message", "function_call", "function_call_output"]],
  ] as const
) {
  withPair({ env: { PROVIDER_UP_API: "responses", MAX_RETRIES: "1" } }).test({
    name: `a thought ${
      "encrypted_content" in thought ? "comes back sealed" : "without a seal is left out"
    } where a client refers to what is kept, as the AI SDK does`,
    async run({ gateway, upstream }) {
      upstream.push(thoughtful(thought));
      const ask = async (input: unknown) => {
        const body = JSON.stringify({ model, reasoning, input });
        const response = await fetch(`${gateway.url}/v1/responses`, { method: "POST", body });
        assert.equal(response.status, 200);
        return await response.json();
      };
      const question = { type: "message", role: "user", content: "Hi" };
      const { output } = await ask([question]);
      assert.deepEqual(
        upstream.requests[0]?.json.include,
        ["reasoning.encrypted_content"],
        "or it could not come back",
      );
      const references = output.map(({ id }: { id: string }) => ({ type: "item_reference", id }));
      await ask([question, ...references, { type: "function_call_output", call_id: "call_1", output: "4" }]);
      const sent = upstream.requests[1]?.json.input as { type: string; encrypted_content?: string }[];
      assert.deepEqual(sent.map(({ type }) => type), types);
      const seal = sent.find(({ type }) => type === "reasoning")?.encrypted_content;
      assert.equal(seal, "encrypted_content" in thought ? "sealed" : undefined);
    },
  });
}

withPair({ env: { PROVIDER_UP_API: "responses", MAX_RETRIES: "1" } }).test({
  name: "no seal is asked for where nothing is said of thinking, and none from then on where the model has none",
  async run({ gateway, upstream }) {
    const ask = async (reasoning: unknown) => {
      const body = JSON.stringify({ model, reasoning, input: "Hi" });
      const response = await fetch(`${gateway.url}/v1/responses`, { method: "POST", body });
      assert.equal(response.status, 200, await response.text());
    };
    const answer = thoughtful({});
    upstream.push(answer, refused("Encrypted content is not supported with this model.", { param: "include" }), answer);
    await ask({ effort: null, summary: null });
    for (const _ of [1, 2]) await ask({ effort: "low" });
    const asked = upstream.requests.map(({ json }) => json.include);
    assert.deepEqual(asked, [undefined, ["reasoning.encrypted_content"], undefined, undefined]);
  },
});

withPair().test({
  name: "an item that several answers have is there until the last of them is deleted",
  async run(pair) {
    const client = clientOf(pair);
    pair.upstream.push({ kind: "json", body: completion({ content: "forty-two" }) });
    const first = await client.responses.create({ model, input: "How many?" });
    const reference = { type: "item_reference" as const, id: first.output[0]?.id ?? "" };
    const refer = () => client.responses.create({ model, store: false, input: [reference] });
    // As clients do that hold the conversation themselves: what was said comes back with its id.
    const said = first.output as OpenAI.Responses.ResponseInput;
    const again = () => client.responses.create({ model, input: [...said, { role: "user", content: "Sure?" }] });
    const second = await again();
    await client.responses.delete(second.id);
    await refer();
    const third = await again();
    await client.responses.delete(first.id);
    await refer();
    await client.responses.delete(third.id);
    await assert.rejects(refer(), { status: 400, param: "input[0]" });
  },
});

withPair().test({
  name: "an answer is kept whatever ids its client gave to items, and none is found behind one that is not there",
  async run(pair) {
    const client = clientOf(pair);
    pair.upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
    const [long, short] = ["x".repeat(3000), "msg_1"];
    const message = (id: string) => ({ type: "message" as const, role: "user" as const, id, content: "Hi" });
    const { id } = await client.responses.create({ model, input: [message(long), message(short)] });
    assert.equal((await client.responses.retrieve(id)).output_text, "Hello");
    const reference = (id: string) => client.responses.create({ model, input: [{ type: "item_reference", id }] });
    await assert.rejects(reference(long), { status: 400, param: "input[0]" });
    await reference(short);
    const behind = async (after: string) => (await client.responses.inputItems.list(id, { after, order: "asc" })).data;
    assert.deepEqual((await behind(long)).map((item) => item.id), [short]);
    await assert.rejects(behind("msg_gone"), { status: 400, param: "after" });
  },
});

withPair().test({
  name: "an answer in the background is told of at once, polled, and whole in the end",
  async run(pair) {
    const client = clientOf(pair);
    pair.upstream.push({ kind: "stream", chunks: textStream("Hel", "lo"), delay: 60 });
    let response = await client.responses.create({ model, background: true, input: "Hi" });
    assert.equal(response.status, "queued");
    assert.equal(response.background, true);
    const seen = new Set<string | undefined>();
    while (response.status === "queued" || response.status === "in_progress") {
      seen.add(response.status);
      await new Promise((resolve) => setTimeout(resolve, 10));
      response = await client.responses.retrieve(response.id);
    }
    assert.deepEqual([...seen], ["queued", "in_progress"]);
    assert.equal(response.status, "completed");
    assert.equal(response.output_text, "Hello");
    const next = await client.responses.create({ model, input: "And?", previous_response_id: response.id });
    assert.equal(next.previous_response_id, response.id);
    assert.deepEqual(asked(pair), [["user", "Hi"], ["assistant", "Hello"], ["user", "And?"]]);
  },
});

withPair().test({
  name: "a stream of an answer in the background goes on behind starting_after, as if it had never been cut",
  async run(pair) {
    const client = clientOf(pair);
    const pieces = Array.from({ length: 12 }, (_, at) => `<${at}>`);
    pair.upstream.push({ kind: "stream", chunks: textStream(...pieces), delay: 15 });
    const stream = await client.responses.create({ model, background: true, stream: true, input: "Hi" });
    let id = "";
    const told: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of stream) {
      if (event.type === "response.created") id = event.response.id;
      told.push(event);
      if (event.type === "response.output_text.delta" && event.delta === "<2>") break;
    }
    const last = told.at(-1)?.sequence_number ?? 0;
    const rest: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: last })) {
      rest.push(event);
    }
    const all: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of await client.responses.retrieve(id, { stream: true })) all.push(event);
    assert.deepEqual([...told, ...rest], all);
    assert.equal(rest[0]?.sequence_number, last + 1);
    const text = all.map((event) => event.type === "response.output_text.delta" ? event.delta : "").join("");
    assert.equal(text, pieces.join(""));
    assert.equal(all.at(-1)?.type, "response.completed");
    assert.equal(pair.upstream.requests.length, 1);
  },
});

withPair().test({
  name: "an answer in the background is cancelled with its upstream, once and for all",
  async run(pair) {
    const client = clientOf(pair);
    pair.upstream.push({ kind: "stream", chunks: textStream("Hel").slice(0, 2), then: "hang" });
    const { id } = await client.responses.create({ model, background: true, input: "Hi" });
    await eventually(() => pair.upstream.requests.length === 1, "the upstream was asked");
    for (let attempt = 0; attempt < 2; attempt++) {
      assert.equal((await client.responses.cancel(id)).status, "cancelled");
    }
    await pair.upstream.requests[0]?.left;
    assert.equal((await client.responses.retrieve(id)).status, "cancelled");
    const waiting = await client.responses.create({ model, store: true, input: "Hi", background: true });
    await client.responses.delete(waiting.id);
    await eventually(() => pair.upstream.requests.at(-1)?.leftAt !== undefined, "the deleted one was left");
    await assert.rejects(client.responses.retrieve(waiting.id), { status: 404 });
  },
});

withPair().test({
  name: "a failure in the background is the answer's status, with our words and none of the upstream's",
  async run(pair) {
    const client = clientOf(pair);
    pair.upstream.push({ kind: "json", status: 400, body: { error: { message: "secret words" } } });
    const { id } = await client.responses.create({ model, background: true, input: "Hi" });
    await eventually(async () => (await client.responses.retrieve(id)).status === "failed", "it failed");
    const { error } = await client.responses.retrieve(id);
    assert.ok(error?.message.startsWith("Cannot"), JSON.stringify(error));
    assert.ok(!JSON.stringify(error).includes("secret words"));
    await assert.rejects(client.responses.create({ model: "no/such", background: true, input: "Hi" }), { status: 404 });
    await assert.rejects(client.responses.create({ model, background: true, store: false, input: "Hi" }), {
      status: 400,
      param: "store",
    });
  },
});

Deno.test("an answer in the background whose instance is gone is told as failed, not as running for ever", async () => {
  // Both clocks are the test's: the second instance lives a minute later.
  const store = createMemoryStore({ now: Date.now, limit: 1e7 });
  const upstream = startMockUpstream();
  const first = startGateway({ upstream, store });
  const later = startGateway({ upstream, store, now: () => Date.now() + 60_000 });
  try {
    upstream.push({ kind: "stream", chunks: textStream("Hel").slice(0, 2), then: "hang" });
    const { id } = await clientOf({ gateway: first }).responses.create({ model, background: true, input: "Hi" });
    assert.equal((await clientOf({ gateway: first }).responses.retrieve(id)).status, "in_progress");
    const told = await clientOf({ gateway: later }).responses.retrieve(id);
    assert.equal(told.status, "failed");
    assert.equal(told.error?.code, "server_error");
  } finally {
    await first.close();
    await later.close();
    await upstream.close();
  }
});

withPair({ env: { USER_SET_KEY: "one-key,other-key" } }).test({
  name: "answers and conversations belong to their client key",
  async run(pair) {
    const [mine, other] = [clientOf(pair, "one-key"), clientOf(pair, "other-key")];
    pair.upstream.push({ kind: "json", body: completion({ content: "secret" }) });
    const conversation = await mine.conversations.create({});
    const { id, output } = await mine.responses.create({ model, conversation: conversation.id, input: "Hi" });
    for (
      const refused of [
        () => other.responses.retrieve(id),
        () => other.responses.delete(id),
        () => other.responses.inputItems.list(id),
        () => other.conversations.retrieve(conversation.id),
        () => other.conversations.items.list(conversation.id),
        () => other.conversations.delete(conversation.id),
        () => other.responses.create({ model, conversation: conversation.id, input: "x" }),
      ]
    ) await assert.rejects(async () => await refused(), { status: 404 });
    await assert.rejects(other.responses.create({ model, previous_response_id: id, input: "x" }), { status: 400 });
    const reference = { type: "item_reference" as const, id: output[0]?.id ?? "" };
    await assert.rejects(other.responses.create({ model, input: [reference] }), { status: 400 });
    assert.equal((await mine.responses.retrieve(id)).output_text, "secret");
  },
});

Deno.test("an answer is kept unless the client says no, or says nothing where the operator says never", async () => {
  const memory = createMemoryStore({ now: Date.now, limit: 1e7 });
  const kept = async (ask: Record<string, unknown>, env: Record<string, string> = {}) => {
    const upstream = startMockUpstream();
    const gateway = startGateway({ upstream, store: memory, env });
    try {
      upstream.push({ kind: "json", body: completion({ content: "answer" }) });
      const { id } = await clientOf({ gateway }).responses.create({ model, input: "Hi", ...ask });
      return await statusOf(fetch(`${gateway.url}/v1/responses/${id}`)) === 200;
    } finally {
      await gateway.close();
      await upstream.close();
    }
  };
  assert.equal(await kept({}), true);
  assert.equal(await kept({ store: false }), false);
  assert.equal(await kept({}, { RESPONSES_STORE: "never" }), false);
  assert.equal(await kept({ store: true }, { RESPONSES_STORE: "never" }), true);
});

Deno.test("a stream of the same dialect is relayed byte for byte and kept, and what was thought in it goes back signed", async () => {
  const memory = createMemoryStore({ now: Date.now, limit: 1e7 });
  const upstream = startMockUpstream();
  const store = { ...memory, state: () => ({ mode: "kv" as const }) };
  const gateway = startGateway({ upstream, store, env: { PROVIDER_UP_API: "responses" } });
  try {
    const fixtures = new URL("../fixtures/openai_responses/", import.meta.url);
    for (const name of ["openai_tools.sse", "codex_empty_output.sse"]) {
      upstream.reset();
      const told = await Deno.readTextFile(new URL(name, fixtures));
      const id = told.match(/"id":"(resp_\w+)"/)?.[1] ?? "";
      upstream.push({ kind: "stream", chunks: [told] });
      const body = `{"model":"up/up-model",  "input":"Hi","stream":true,"temperature":1.0}`;
      const response = await fetch(`${gateway.url}/v1/responses`, { method: "POST", body });
      const text = await response.text();
      // The other upstream leaves the items out of its last event: they are put in.
      if (name === "openai_tools.sse") assert.equal(text, told);
      assert.equal(upstream.requests[0]?.text, body.replace("up/up-model", "up-model"));

      const { output } = await clientOf({ gateway }).responses.retrieve(id);
      assert.ok(output.length > 0);
      const results = output.flatMap((item) =>
        item.type === "function_call"
          ? [{ type: "function_call_output" as const, call_id: item.call_id, output: "done" }]
          : []
      );
      const input = [...results, { role: "user" as const, content: "Go on" }];
      upstream.push({ kind: "json", body: JSON.parse(await Deno.readTextFile(new URL("openai.json", fixtures))) });
      await clientOf({ gateway }).responses.create({ model, previous_response_id: id, input });
      const sent = upstream.requests[1]?.json as { input: Record<string, unknown>[]; previous_response_id?: string };
      assert.equal(sent.previous_response_id, undefined);
      const types = sent.input.map(({ type, role }) => type === "message" ? role : type);
      assert.deepEqual(types, [
        "user",
        ...output.map((item) => item.type === "message" ? item.role : item.type),
        ...results.map(({ type }) => type),
        "user",
      ]);
      const thought = output.find((item) => item.type === "reasoning");
      assert.ok(thought?.encrypted_content);
      assert.equal(sent.input.find(({ type }) => type === "reasoning")?.encrypted_content, thought.encrypted_content);
    }
  } finally {
    await gateway.close();
    await upstream.close();
  }
});

withPair({ env: { RESPONSES_LIMIT: "2048" } }).test({
  name: "what is too long to be put in front of a request is refused where the client counts on it, else not kept",
  async run(pair) {
    const client = clientOf(pair);
    pair.upstream.push({ kind: "json", body: completion({ content: "x".repeat(1500) }) });
    const long = "y".repeat(3000);
    await assert.rejects(client.responses.create({ model, store: true, input: long }), { status: 413 });
    const { id } = await client.responses.create({ model, input: long });
    await assert.rejects(client.responses.retrieve(id), { status: 404 });
    const first = await client.responses.create({ model, input: "Hi" });
    const second = await client.responses.create({ model, input: "Hi", previous_response_id: first.id });
    await assert.rejects(client.responses.create({ model, input: "Hi", previous_response_id: second.id }), {
      status: 400,
      code: "context_length_exceeded",
    });
  },
});

for (const wish of [{ store: true }, { background: true, stream: true }]) {
  withFiveUpstreams({ MAX_RETRIES: "1" }).test({
    name: `what is kept here is not kept by an upstream of the same API as well: ${JSON.stringify(wish)}`,
    async run({ gateway, upstream }) {
      const body = { model: "openai_responses/text", input: "Hi", ...wish };
      const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
      await (await fetch(`${gateway.url}/v1/responses`, init)).text();
      const asked = upstream.requests[0]?.json ?? {};
      assert.deepEqual([asked.store, "background" in asked], [false, false]);
    },
  });
}
