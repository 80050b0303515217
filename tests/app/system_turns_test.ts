/** Tests of clients that give instructions amid a conversation, at upstreams of their dialect that know no turn for them. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../chat/json.ts";
import type { Script } from "../support/mock_upstream.ts";
import { type Pair, withPair } from "../support/pair.ts";

const MODEL = "glm-test";
const other = withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_TYPE: "anthropic", PROVIDER_UP_MODELS: MODEL } });

/** As DeepSeek, Anthropic's older models, and whoever checks with Pydantic say it. */
const REFUSALS = [
  "Failed to deserialize the JSON body into the target type: messages[1].role: unknown variant `system`, expected `user` or `assistant` at line 1 column 35",
  'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
  "messages.1.role: Input should be 'user' or 'assistant'",
];

const ANSWER: Script = {
  kind: "json",
  body: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: MODEL,
    content: [{ type: "text", text: "Hi" }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 1 },
  },
};

function refused(message: string): Script {
  return { kind: "json", status: 400, body: { type: "error", error: { type: "invalid_request_error", message } } };
}

async function ask({ gateway }: Pair, body: JsonObject): Promise<void> {
  const asked = { model: `up/${MODEL}`, max_tokens: 100, ...body };
  const response = await fetch(`${gateway.url}/v1/messages`, { method: "POST", body: JSON.stringify(asked) });
  assert.equal(response.status, 200, await response.text());
}

const TOOL = { description: "A tool", input_schema: { type: "object" } };
const NAMED = (name: string) => ({ type: "tool_reference", name });

/** As Claude Code asks. */
const ASKED = {
  system: [{ type: "text", text: "Be kind", cache_control: { type: "ephemeral" } }],
  tools: [{ name: "f", ...TOOL }, { name: "g", ...TOOL }],
  output_config: { effort: "high" },
  messages: [
    { role: "user", content: [{ type: "text", text: "Hello" }] },
    {
      role: "system",
      content: [{ type: "text", text: "Be brief" }, { type: "tool_removal", tool: NAMED("f") }],
    },
    { role: "assistant", content: [{ type: "text", text: "Hi" }] },
    { role: "system", content: [], output_config: { effort: "low" } },
    { role: "user", content: "Go on" },
  ],
};

for (const told of REFUSALS) {
  other.test({
    name: `instructions amid a conversation are said by the user where they are refused: "${told.slice(0, 60)}…"`,
    async run(pair) {
      pair.upstream.push(refused(told), ANSWER);
      await ask(pair, ASKED);
      const [first, second] = pair.upstream.requests.map(({ json }) => json);
      assert.deepEqual(first, { model: MODEL, max_tokens: 100, ...ASKED });
      assert.deepEqual(second, {
        model: MODEL,
        max_tokens: 100,
        system: ASKED.system,
        tools: [{ name: "g", ...TOOL }],
        output_config: { effort: "low" },
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "Hello" },
              { type: "text", text: "<system-reminder>\nBe brief\n</system-reminder>" },
            ],
          },
          { role: "assistant", content: [{ type: "text", text: "Hi" }] },
          { role: "user", content: [{ type: "text", text: "Go on" }] },
        ],
      });
    },
  });
}

other.test({
  name:
    "an upstream that knows no turn of instructions is asked without from then on, and as written where there is none",
  async run(pair) {
    pair.upstream.push(refused(REFUSALS[0] ?? ""), ANSWER);
    const leading = [{ role: "system", content: "Be brief" }, { role: "user", content: "Hello" }];
    await ask(pair, { messages: leading });
    await ask(pair, { messages: leading });
    const plain = { messages: [{ role: "user", content: "Hello" }], vendor_field: 1 };
    await ask(pair, plain);
    const [, ...asked] = pair.upstream.requests.map(({ json: { model: _, max_tokens: __, ...rest } }) => rest);
    const told = {
      system: [{ type: "text", text: "Be brief" }],
      messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
    };
    assert.deepEqual(asked, [told, told, plain]);
  },
});

other.test({
  name: "a refusal of a role that no turn has is the client's to mend",
  async run(pair) {
    pair.upstream.push(refused(REFUSALS[2] ?? ""));
    const body = JSON.stringify({ model: `up/${MODEL}`, max_tokens: 9, messages: [{ role: "user", content: "Hi" }] });
    const response = await fetch(`${pair.gateway.url}/v1/messages`, { method: "POST", body });
    await response.body?.cancel();
    assert.deepEqual([response.status, pair.upstream.requests.length], [400, 1]);
  },
});

other.test({
  name: "what a search for tools found is told in words where references to tools are refused, from then on at once",
  async run(pair) {
    const told =
      "messages.2.content.0.tool_result.content.0: Input tag 'tool_reference' found using 'type' does not match any of the expected tags: 'text', 'image'";
    pair.upstream.push(refused(told), ANSWER);
    const found = (content: JsonObject[]): JsonObject[] => [
      { role: "user", content: [{ type: "text", text: "Look" }] },
      { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "ToolSearch", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content }] },
    ];
    const asked = {
      tools: [{ name: "ToolSearch", ...TOOL }, { name: "look", ...TOOL, defer_loading: true }],
      messages: found([{ type: "tool_reference", tool_name: "look" }]),
    };
    for (const _ of [1, 2]) await ask(pair, asked);
    const text = { type: "text", text: "The tool look is loaded and can be called now." };
    const plain = { tools: [{ name: "ToolSearch", ...TOOL }, { name: "look", ...TOOL }], messages: found([text]) };
    const sent = pair.upstream.requests.map(({ json: { tools, messages } }) => ({ tools, messages }));
    assert.deepEqual(sent, [asked, plain, plain]);
  },
});
