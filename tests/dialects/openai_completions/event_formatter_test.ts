/** What a client is sent: chunks of text, whatever comes in, or one whole answer. */

import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { GatewayError } from "../../../chat/error.ts";
import type { ChatEvent } from "../../../chat/event.ts";
import { FINISH_REASONS } from "../../../chat/finish.ts";
import { openaiCompletions as dialect } from "../../../dialects/openai_completions/mod.ts";
import { foldEvents, writeStream } from "../../support/codec.ts";
import { checkOpenaiCompletionsStream } from "../../support/openai_completions_grammar.ts";
import { OPTIONS, parse } from "./support.ts";

function write(body: Record<string, unknown>, ...events: ChatEvent[]) {
  const request = parse({ stream: true, ...body });
  const frames = writeStream(dialect.eventFormatter(request, OPTIONS), [{ events }]);
  return checkOpenaiCompletionsStream(frames, { includeUsage: request.includeUsage, n: request.n ?? 1 });
}

Deno.test("eventFormatter() writes text alone, and refusals as text", () => {
  const read = write(
    {},
    { type: "start", id: "x", model: "y", created: 1 },
    { type: "reasoning", text: "Hm" },
    { type: "text", text: " upon" },
    { type: "tool-call", index: 0, id: "a", name: "f" },
    { type: "refusal", text: " a" },
    { type: "finish", reason: "length" },
    { type: "text", text: " late" },
    { type: "usage", usage: { input: 1, output: 2 } },
  );
  deepEqual(read.choices, [{ text: " upon a", tokens: [], finish: "length" }]);
  equal(read.usage, undefined);
});

Deno.test("O2 the chunks bear a native id, the alias, and the upstream's time", () => {
  const client = dialect.eventFormatter(parse({ stream: true }), OPTIONS);
  const [frame] = client.push({
    events: [{ type: "start", id: "x", model: "y", created: 5 }, { type: "text", text: "a" }],
  });
  equal(
    frame,
    'data: {"id":"cmpl-abc","object":"text_completion","created":5,"model":"alias",' +
      '"choices":[{"text":"a","index":0,"logprobs":null,"finish_reason":null}]}\n\n',
  );
});

Deno.test("an empty text says nothing", () => {
  const client = dialect.eventFormatter(parse({ stream: true, echo: true }), OPTIONS);
  deepEqual(client.push({ events: [{ type: "text", text: "" }] }), []);
});

Deno.test("O5 a client that asked gets the counts after the end", () => {
  const usage = { input: 1, output: 2, cached: 1, reasoning: 1 };
  const read = write({ stream_options: { include_usage: true } }, { type: "usage", usage });
  deepEqual(read.usage, {
    prompt_tokens: 1,
    completion_tokens: 2,
    total_tokens: 3,
    prompt_tokens_details: { cached_tokens: 1 },
    completion_tokens_details: { reasoning_tokens: 1 },
  });
});

Deno.test("echo gives the prompt first, to each choice, and to one that says nothing", () => {
  const read = write(
    { echo: true, n: 2 },
    { type: "text", text: " upon", choice: 1 },
    { type: "text", text: " a", choice: 1 },
    { type: "finish", reason: "stop" },
  );
  deepEqual(read.choices.map(({ text }) => text), ["Once", "Once upon a"]);
  deepEqual(write({ echo: true }).choices.map(({ text }) => text), ["Once"]);
  deepEqual(write({ echo: false }, { type: "text", text: "a" }).choices.map(({ text }) => text), ["a"]);
});

Deno.test("log probabilities are lists side by side, which say where each token stands", () => {
  const content = [
    { token: " up", logprob: -0.1, top_logprobs: [{ token: " up", logprob: -0.1 }, { token: " a", logprob: -2 }] },
    { token: "on", logprob: -0.2 },
  ];
  const client = dialect.eventFormatter(parse({ stream: true, echo: true }), OPTIONS);
  const frames = client.push({
    events: [{ type: "logprobs", content }, { type: "logprobs", content: [{ token: "!", logprob: -1 }] }],
  });
  const told = frames.map((frame) => JSON.parse(frame.slice(6)).choices[0].logprobs);
  const expected = {
    tokens: [" up", "on"],
    token_logprobs: [-0.1, -0.2],
    top_logprobs: [{ " up": -0.1, " a": -2 }, null],
    text_offset: [4, 7],
  };
  deepEqual(told[1], expected);
  deepEqual(told[2].text_offset, [9]);
  const reply = foldEvents([{ type: "logprobs", content }]);
  const whole = dialect.formatResponse(reply, parse({ echo: true }), OPTIONS);
  deepEqual((whole.choices as { logprobs: unknown }[])[0]!.logprobs, expected);
});

Deno.test("formatResponse() writes a whole answer", () => {
  const reply = foldEvents([
    { type: "start", id: "x", model: "y" },
    { type: "reasoning", text: "Hm" },
    { type: "text", text: " upon" },
    { type: "finish", reason: "content-filter" },
    { type: "usage", usage: { input: 1, output: 2 } },
  ]);
  deepEqual(dialect.formatResponse(reply, parse({ echo: true }), OPTIONS), {
    id: "cmpl-abc",
    object: "text_completion",
    created: 1_788_000_000,
    model: "alias",
    choices: [{ text: "Once upon", index: 0, logprobs: null, finish_reason: "content_filter" }],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  });
});

Deno.test("V4 a keep-alive is a comment, or an empty chunk while the choice is open", () => {
  const client = dialect.eventFormatter(parse({ stream: true }), { ...OPTIONS, keepAlive: "chunk" });
  const frames = [
    ...client.ping(0),
    ...client.push({ events: [{ type: "finish", reason: "stop" }] }),
    ...client.ping(0),
  ];
  equal(frames.at(-1), ": keep-alive\n\n");
  checkOpenaiCompletionsStream([...frames, ...client.end()], { includeUsage: false });
  deepEqual(client.ping(0), []);
});

Deno.test("random events make a grammatical stream", () => {
  const choice = fc.option(fc.nat(1), { nil: undefined });
  const event = fc.oneof(
    fc.record({ type: fc.constantFrom("text", "refusal", "reasoning"), text: fc.string(), choice }),
    fc.record({ type: fc.constant("start"), id: fc.string(), model: fc.string(), created: fc.nat() }),
    fc.record({ type: fc.constant("logprobs"), content: fc.array(fc.jsonValue()), choice }),
    fc.record({ type: fc.constant("finish"), reason: fc.constantFrom(...FINISH_REASONS), choice }),
    fc.record({ type: fc.constant("usage"), usage: fc.record({ input: fc.nat(), output: fc.nat() }) }),
    fc.record({ type: fc.constant("error"), error: fc.constant(new GatewayError("internal", "Cannot")) }),
  ) as fc.Arbitrary<ChatEvent>;
  const act = fc.oneof(
    { weight: 8, arbitrary: event },
    { weight: 1, arbitrary: fc.constantFrom("ping" as const, "fail" as const, "end" as const) },
  );
  fc.assert(
    fc.property(fc.array(act), fc.boolean(), fc.boolean(), (acts, echo, includeUsage) => {
      const request = parse({ stream: true, n: 2, echo, stream_options: { include_usage: includeUsage } });
      const client = dialect.eventFormatter(request, { ...OPTIONS, keepAlive: echo ? "chunk" : "comment" });
      const frames = acts.flatMap((act) => {
        if (act === "ping") return client.ping(0);
        if (act === "fail") return client.fail(new GatewayError("internal", "Cannot"));
        return act === "end" ? client.end() : client.push({ events: [act] });
      });
      checkOpenaiCompletionsStream([...frames, ...client.end()], { includeUsage, n: 2 });
    }),
    { numRuns: 300 },
  );
});
