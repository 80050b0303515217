/** Tests of whole answers. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChatEvent } from "../../../chat/event.ts";
import type { Reply } from "../../../chat/reply.ts";
import { openaiResponses } from "../../../dialects/openai_responses/mod.ts";
import { foldEvents } from "../../support/codec.ts";
import { eventOf, HEAD, OPTIONS, request, write } from "./support.ts";

const REPLY: Reply = {
  id: "msg_1",
  model: "claude",
  created: 7,
  choices: [{
    parts: [
      { type: "reasoning", text: "Hm", signature: "EqQB" },
      { type: "text", text: "Both:" },
      { type: "tool-call", id: "call_1", name: "f", json: '{"a":1}' },
      { type: "tool-call", id: "call_2", name: "g", json: "{}" },
    ],
    finish: { reason: "tool-calls", raw: "tool_use" },
  }],
  usage: { input: 10, output: 4, cached: 3, cacheWrite: 2, cacheWriteHour: 1 },
};

function parse(body: unknown) {
  return openaiResponses.parseResponse(body, JSON.stringify(body), {});
}

Deno.test("a whole answer is the response that a stream would end with", () => {
  const body = openaiResponses.formatResponse(REPLY, request({ temperature: 0.2 }), OPTIONS);
  const { output, usage, ...rest } = body;
  assert.deepEqual([rest.id, rest.object, rest.created_at, rest.model, rest.status, rest.temperature], [
    ...["resp_abc", "response", 7, "alias", "completed", 0.2],
  ]);
  assert.deepEqual(output, [
    {
      id: "rs_abc_0",
      type: "reasoning",
      summary: [{ type: "summary_text", text: "Hm" }],
      encrypted_content: "anystream.thought:EqQB",
    },
    {
      id: "msg_abc_1",
      type: "message",
      status: "completed",
      role: "assistant",
      content: [{ type: "output_text", text: "Both:", annotations: [], logprobs: [] }],
    },
    { id: "fc_abc_2", type: "function_call", status: "completed", call_id: "call_1", name: "f", arguments: '{"a":1}' },
    { id: "fc_abc_3", type: "function_call", status: "completed", call_id: "call_2", name: "g", arguments: "{}" },
  ]);
  assert.deepEqual(usage, {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 3, cache_write_tokens: 3 },
    output_tokens: 4,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 14,
  });
});

Deno.test("P6 an answer that a limit cut says so", () => {
  const reply = {
    ...REPLY,
    choices: [{ parts: REPLY.choices[0]!.parts.slice(0, 2), finish: { reason: "length" as const } }],
  };
  const body = openaiResponses.formatResponse(reply, request(), OPTIONS);
  assert.deepEqual([body.status, body.incomplete_details], ["incomplete", { reason: "max_output_tokens" }]);
});

Deno.test("R10 an answer of an upstream of this dialect may be relayed as it is", () => {
  const text = JSON.stringify({ ...HEAD, status: "completed", output: [] });
  assert.equal(openaiResponses.parseResponse(JSON.parse(text), text, {}).raw, text);
  assert.equal(parse({ output: [] }).raw, undefined);
});

for (
  const [what, body, kind] of [
    ["no object", "<html>", "upstream-malformed"],
    ["no answer", { id: "x" }, "upstream-malformed"],
    ["an error with status 200", { error: { code: "rate_limit_exceeded", message: "slow" } }, "rate-limit"],
    ["a response that failed", { ...HEAD, status: "failed", error: { code: "server_error" } }, "upstream-failure"],
    ["a response that is not done", { ...HEAD, status: "in_progress" }, "upstream-failure"],
  ] as const
) {
  Deno.test(`F16 E2 ${what} is an error, and not relayed`, () => {
    const { events, raw, last } = parse(body);
    const error = events.at(-1);
    assert.ok(error?.type === "error");
    assert.deepEqual([error.error.kind, raw, last], [kind, undefined, true]);
  });
}

Deno.test("parseResponse() never throws", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (output, value) => {
    parse(value);
    parse({ output: [output], usage: value, status: value, incomplete_details: value });
  }));
});

Deno.test("parseResponse(formatResponse(reply)) says what the reply said", () => {
  const text = fc.string({ minLength: 1 });
  const parts = fc.record({ thought: fc.option(text), said: fc.option(text), calls: fc.nat(3) }).map(
    ({ thought, said, calls }): Reply["choices"][number]["parts"] => [
      ...(thought === null ? [] : [{ type: "reasoning" as const, text: thought, signature: `s${thought}` }]),
      ...(said === null ? [] : [{ type: "text" as const, text: said }]),
      ...Array.from(
        { length: calls },
        (_, at) => ({ type: "tool-call" as const, id: `c${at}`, name: "f", json: "{}" }),
      ),
    ],
  );
  const usage = { input: 5, output: 4, cached: 1, cacheWrite: 2, reasoning: 3 };
  fc.assert(fc.property(parts, (parts) => {
    const raw = "completed";
    const reason = parts.some(({ type }) => type === "tool-call") ? "tool-calls" as const : "stop" as const;
    const reply: Reply = {
      id: "resp_abc",
      model: "alias",
      created: 1,
      choices: [{ parts, finish: { reason, raw } }],
      usage,
    };
    const body = openaiResponses.formatResponse(reply, request(), OPTIONS);
    assert.deepEqual(foldEvents(parse(body).events), reply);
  }));
});

Deno.test("a stream's last event is the whole answer", () => {
  const events: ChatEvent[] = [
    { type: "start", id: "x", model: "y", created: 7 },
    { type: "text", text: "a" },
    { type: "tool-call", index: 0, id: "call_1", name: "f" },
    { type: "finish", reason: "tool-calls" },
  ];
  const { response } = eventOf(write(events).at(-1));
  assert.deepEqual(response, openaiResponses.formatResponse(foldEvents(events), request({ stream: true }), OPTIONS));
});
