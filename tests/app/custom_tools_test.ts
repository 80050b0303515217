/** Tests of tools that take free text, as Codex has them, at upstreams that know functions alone. */

import assert from "node:assert/strict";
import OpenAI from "openai";
import type { JsonObject } from "../../chat/json.ts";
import type { Script } from "../support/mock_upstream.ts";
import { withPair } from "../support/pair.ts";

const PATCH = '*** Begin Patch\n*** Add File: a.txt\n+"Hi"\n*** End Patch';
const TOOLS: OpenAI.Responses.Tool[] = [{
  ...{ type: "custom", name: "apply_patch", description: "Edits files." },
  format: { type: "grammar", syntax: "lark", definition: 'start: "*** Begin Patch"' },
}];

function chunk(delta: unknown, finish_reason: string | null = null): string {
  const head = { id: "c", object: "chat.completion.chunk", created: 1, model: "up-model" };
  return `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
}

/** The model calls the function, its arguments in pieces that part a character's escape. */
function called(): Script {
  const json = JSON.stringify({ input: PATCH });
  const name = { index: 0, id: "call_1", type: "function", function: { name: "apply_patch", arguments: "" } };
  const pieces = [json.slice(0, 29), json.slice(29, 50), json.slice(50)];
  return {
    kind: "stream",
    chunks: [
      chunk({ role: "assistant", tool_calls: [name] }),
      ...pieces.map((piece) => chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
      chunk({}, "tool_calls"),
      "data: [DONE]\n\n",
    ],
  };
}

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "Codex patches files with a model that knows functions alone: its call and the next turn are free text",
  async run({ gateway, upstream }) {
    upstream.push(called(), called());
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "k", maxRetries: 0 });
    const input: OpenAI.Responses.ResponseInput = [{ role: "user", content: "Write a file" }];
    for (const _ of [1, 2]) {
      const run = client.responses.stream({ model: "up/up-model", input, tools: TOOLS, store: false });
      const { output: [item] } = await run.finalResponse();
      assert.ok(item?.type === "custom_tool_call");
      assert.deepEqual([item.name, item.input], ["apply_patch", PATCH]);
      input.push(item, { type: "custom_tool_call_output", call_id: item.call_id, output: "Done" });
    }
    const [first, second] = upstream.requests.map(({ json }) => json);
    const [tool] = first?.tools as { type: string; function: JsonObject }[];
    assert.equal(tool?.type, "function");
    assert.match(String(tool?.function.description), /^Edits files\.\n\n.* lark grammar:\n\nstart: /);
    const [, past, result] = second?.messages as {
      role: string;
      tool_calls: { type: string; function: JsonObject }[];
    }[];
    const [call] = past?.tool_calls ?? [];
    assert.deepEqual([call?.type, call?.function.arguments], ["function", JSON.stringify({ input: PATCH })]);
    assert.equal(result?.role, "tool");
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_QUIRKS_CUSTOM_TOOLS: "true" } }).test({
  name: "a vendor that knows tools with free text is given them as they are",
  async run({ gateway, upstream }) {
    upstream.push(called());
    const body = { model: "up/up-model", input: "Write a file", tools: TOOLS, stream: true };
    const response = await fetch(`${gateway.url}/v1/responses`, { method: "POST", body: JSON.stringify(body) });
    await response.body?.cancel();
    assert.deepEqual((upstream.requests[0]?.json.tools as { type: string }[]).map(({ type }) => type), ["custom"]);
  },
});
