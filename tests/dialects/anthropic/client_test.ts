/** What the official client makes of our answers. */

import assert from "node:assert/strict";
import Anthropic, { APIError } from "@anthropic-ai/sdk";
import { GatewayError } from "../../../chat/error.ts";
import type { ChatEvent } from "../../../chat/event.ts";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import { fixture, foldEvents, foreign, readStream, writeStream } from "../../support/codec.ts";
import { call, finish, formatter, json, OPTIONS, request, start, text, thought, usage, written } from "./support.ts";

const PARAMS = { model: "claude-alias", max_tokens: 100, messages: [{ role: "user" as const, content: "Hi" }] };

/** A client that is answered with this. */
function clientOf(body: string, init: ResponseInit): Anthropic {
  return new Anthropic({ apiKey: "k", maxRetries: 0, fetch: () => Promise.resolve(new Response(body, init)) });
}

function streamed(frames: readonly string[]): Anthropic {
  return clientOf(frames.join(""), { headers: { "content-type": anthropic.streamType } });
}

const ANSWER: ChatEvent[] = [
  ...[start, thought("Hm. "), thought("Yes."), text("Grüße "), text("🙂"), thought("late"), call(0), call(1)],
  ...[json(1, '{"b":'), json(0, '{"a":1}'), json(1, '"ö"}'), finish("stop"), usage(20, 9)],
];

Deno.test("the official client reads a stream to the message that was told", async () => {
  const message = await streamed(written(ANSWER)).messages.stream(PARAMS).finalMessage();
  assert.deepEqual(message.content, [
    { type: "thinking", thinking: "Hm. Yes.", signature: "" },
    { type: "text", text: "Grüße 🙂" },
    { type: "thinking", thinking: "late", signature: "" },
    { type: "tool_use", id: "call_0", name: "f0", input: { a: 1 } },
    { type: "tool_use", id: "call_1", name: "f1", input: { b: "ö" } },
  ]);
  assert.equal(message.stop_reason, "tool_use");
  assert.equal(message.model, "claude-alias");
  assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], [20, 9]);
});

Deno.test("V1, V2 the official client does not see what keeps the stream alive", async () => {
  const writer = formatter();
  const frames = [...writer.ping(0), ...writer.ping(60_000), ...writer.ping(70_000)];
  for (const event of ANSWER) {
    frames.push(...writer.push({ events: [event] }), ...writer.ping(0), ...writer.ping(60_000));
  }
  const seen: string[] = [];
  const stream = streamed([...frames, ...writer.end()]).messages.stream(PARAMS);
  stream.on("text", (delta) => seen.push(delta));
  const message = await stream.finalMessage();
  assert.equal(seen.join(""), "Grüße 🙂");
  const plain = await streamed(written(ANSWER)).messages.stream(PARAMS).finalMessage();
  assert.deepEqual(message.content, plain.content);
});

Deno.test("E5 the official client raises a failure in the stream", async () => {
  const writer = formatter();
  const error = new GatewayError("overloaded", "Cannot answer as the provider is overloaded");
  const frames = [...writer.push({ events: [start, text("So"), call(0), json(0, '{"a"')] }), ...writer.fail(error)];
  const seen: string[] = [];
  const stream = await streamed(frames).messages.create({ ...PARAMS, stream: true });
  await assert.rejects(async () => {
    for await (const event of stream) seen.push(event.type);
  }, (thrown) => thrown instanceof APIError && thrown.type === "overloaded_error");
  assert.deepEqual(seen.filter((type) => type === "content_block_stop").length, 1, "the text alone is stopped (T12)");
});

Deno.test("a recorded stream is the same message to the official client, relayed or rewritten", async () => {
  for (const file of ["text", "thinking_tools", "omitted_thinking", "web_search", "refusal", "stop_sequence"]) {
    const beats = readStream(anthropic, fixture(`anthropic/${file}.sse`));
    const [relayed, rewritten] = await Promise.all([beats, foreign(beats)].map((beats) => {
      const frames = writeStream(anthropic.eventFormatter(request({ stream: true }), OPTIONS), beats);
      return streamed(frames).messages.stream(PARAMS).finalMessage();
    }));
    assert.deepEqual(withoutEmpty(rewritten!.content), withoutEmpty(relayed!.content), file);
    assert.equal(rewritten!.stop_reason, relayed!.stop_reason);
    assert.equal(rewritten!.usage.output_tokens, relayed!.usage.output_tokens);
    assert.equal(rewritten!.id, relayed!.id);
  }
});

/** Whether there is an empty list of citations says nothing. */
function withoutEmpty(content: Anthropic.ContentBlock[]): unknown[] {
  return content.map((block) =>
    block.type === "text" && block.citations?.length === 0 ? { ...block, citations: undefined } : block
  )
    .map((block) => JSON.parse(JSON.stringify(block)));
}

Deno.test("the official client reads a whole answer", async () => {
  const body = anthropic.formatResponse(foldEvents(ANSWER), request(), OPTIONS);
  const client = clientOf(JSON.stringify(body), { headers: { "content-type": "application/json" } });
  const message = await client.messages.create(PARAMS);
  assert.deepEqual(message.content.map(({ type }) => type), ["thinking", "text", "tool_use", "tool_use"]);
  assert.equal(message.stop_reason, "tool_use");
});

Deno.test("E4 the official client raises the class of each error", async () => {
  const classes = [
    ["unauthorized", Anthropic.AuthenticationError],
    ["forbidden", Anthropic.PermissionDeniedError],
    ["unknown-model", Anthropic.NotFoundError],
    ["invalid-request", Anthropic.BadRequestError],
    ["rate-limit", Anthropic.RateLimitError],
    ["upstream-auth", Anthropic.InternalServerError],
  ] as const;
  for (const [kind, type] of classes) {
    const { status, body } = anthropic.formatError(new GatewayError(kind, "Cannot answer"), "req_1");
    const client = clientOf(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
    await assert.rejects(
      () => client.messages.create(PARAMS),
      (thrown) => thrown instanceof type && thrown.type === Reflect.get(Object(body.error), "type"),
      kind,
    );
  }
});

Deno.test("a request of the official client is read", async () => {
  let sent = "";
  const client = new Anthropic({
    apiKey: "k",
    maxRetries: 0,
    fetch: (_url, init) => {
      sent = String(init?.body);
      return Promise.resolve(Response.json({}));
    },
  });
  await client.messages.create({
    ...PARAMS,
    system: [{ type: "text", text: "s", cache_control: { type: "ephemeral" } }],
    tools: [{ name: "f", input_schema: { type: "object" } }, { type: "web_search_20250305", name: "web_search" }],
    thinking: { type: "adaptive" },
    output_config: { effort: "max" },
  });
  const { messages, tools, reasoning } = anthropic.parseRequest(JSON.parse(sent), { text: sent });
  assert.deepEqual(messages.map(({ role }) => role), ["system", "user"]);
  assert.deepEqual(tools?.map(({ type }) => type), ["function", "server"]);
  assert.deepEqual(reasoning, { effort: "max", budget: -1 });
});
