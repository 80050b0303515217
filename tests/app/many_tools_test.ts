/** Tests of clients with more tools than an upstream takes: all of them can be called. */

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { FURTHER } from "../../chat/fold_tools.ts";
import type { MockUpstream, Script } from "../support/mock_upstream.ts";
import { withPair } from "../support/pair.ts";
import { refused } from "../support/refused.ts";

const TOOLS = Array.from({ length: 130 }, (_, at) => ({
  name: `mcp__server__tool_${at}`,
  description: `The tool ${at}`,
  input_schema: { type: "object" as const, properties: { at: { type: "number" } } },
}));
const LAST = TOOLS.at(-1)!.name;

function chunk(delta: unknown, finish_reason: string | null = null): string {
  const head = { id: "c", object: "chat.completion.chunk", created: 1, model: "up-model" };
  return `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
}

/** The model calls the last tool, in pieces. */
const CALL: Script = {
  kind: "stream",
  chunks: [
    chunk({
      role: "assistant",
      tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: FURTHER, arguments: "" } }],
    }),
    ...[`{"name":"${LAST}",`, '"arguments":{"at":12', "9}}"].map((piece) =>
      chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] })
    ),
    chunk({}, "tool_calls"),
    "data: [DONE]\n\n",
  ],
};

function toolsOf({ requests }: MockUpstream): number[] {
  return requests.map(({ json }) => (json.tools as unknown[]).length);
}

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "an agent with 130 tools calls the last one at an upstream that takes 128, then and from then on at once",
  async run({ gateway, upstream }) {
    const message =
      "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 130 instead.";
    upstream.push(refused(message, { param: "tools", code: "array_above_max_length" }), CALL, CALL);
    const client = new Anthropic({ baseURL: gateway.url, apiKey: "k", maxRetries: 0 });
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Call the last" }];
    for (const _ of [1, 2]) {
      const answer = await client.messages.stream({ model: "up/up-model", max_tokens: 100, tools: TOOLS, messages })
        .finalMessage();
      const [block] = answer.content;
      assert.ok(block?.type === "tool_use" && answer.content.length === 1);
      assert.deepEqual([block.name, block.input, answer.stop_reason], [LAST, { at: 129 }, "tool_use"]);
      messages.push({ role: "assistant", content: answer.content }, {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: block.id, content: "Done" }],
      });
    }
    assert.deepEqual(toolsOf(upstream), [130, 128, 128]);
    assert.match(upstream.requests[2]?.text ?? "", new RegExp(`"name":"${FURTHER}","arguments":"{\\\\"name`));
  },
});
