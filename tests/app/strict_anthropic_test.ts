/** Tests of upstreams of Anthropic's dialect that refuse what Claude Code sends: Vertex, Bedrock, other vendors. */

import assert from "node:assert/strict";
import type { Script } from "../support/mock_upstream.ts";
import { withPair } from "../support/pair.ts";

const claude = withPair({
  env: { MAX_RETRIES: "1", PROVIDER_UP_TYPE: "anthropic", PROVIDER_UP_MODELS: "claude-test" },
});

function refused(message: string): Script {
  return { kind: "json", status: 400, body: { type: "error", error: { type: "invalid_request_error", message } } };
}

const ANSWER: Script = {
  kind: "json",
  body: JSON.parse(await Deno.readTextFile(new URL("../fixtures/anthropic/message.json", import.meta.url))),
};

/** As Claude Code asks, in parts. */
const TOOL = { name: "look", input_schema: { type: "object", properties: { strict: { type: "boolean" } } } };
const BODY = {
  model: "up/claude-test",
  max_tokens: 100,
  system: [{
    type: "text",
    text: "You are Claude Code",
    cache_control: { type: "ephemeral", ttl: "1h", scope: "global" },
  }],
  tools: [{ ...TOOL, defer_loading: true, strict: true }],
  messages: [{ role: "user", content: "Hi" }],
  context_management: { edits: [] },
};
const BETAS = "claude-code-20250219,prompt-caching-scope-2026-01-05,advisor-tool-2026-03-01";

claude.test({
  name:
    "what is refused of a request is left out one after another, all else stays, and from then on it is one request",
  async run({ gateway, upstream }) {
    upstream.push(
      refused(
        "Unexpected value(s) `prompt-caching-scope-2026-01-05`, `advisor-tool-2026-03-01` for the `anthropic-beta` header.",
      ),
      refused("context_management: Extra inputs are not permitted"),
      refused("system.0.cache_control.ephemeral.scope: Extra inputs are not permitted"),
      refused("tools.0.custom.defer_loading: Extra inputs are not permitted"),
      refused("tools.0.custom.strict: Extra inputs are not permitted"),
      ANSWER,
      ANSWER,
    );
    const lost = [
      ...["prompt-caching-scope-2026-01-05", "advisor-tool-2026-03-01"],
      ...["context_management", "*.cache_control.scope", "*.defer_loading", "*.strict"],
    ];
    for (const expected of [lost, lost.slice(2)]) {
      const response = await fetch(`${gateway.url}/v1/messages`, {
        method: "POST",
        headers: { "anthropic-beta": BETAS, "anthropic-version": "2023-06-01" },
        body: JSON.stringify(BODY),
      });
      assert.equal(response.status, 200, await response.text());
      assert.deepEqual(response.headers.get("x-anystream-lost")?.split(","), expected);
    }
    assert.equal(upstream.requests.length, 7);
    assert.equal(upstream.requests[0]?.headers.get("anthropic-beta"), BETAS);
    for (const { json, headers } of upstream.requests.slice(5)) {
      assert.equal(headers.get("anthropic-beta"), "claude-code-20250219");
      assert.deepEqual(json, {
        ...{ model: "claude-test", max_tokens: 100, messages: BODY.messages, tools: [TOOL] },
        system: [{ type: "text", text: "You are Claude Code", cache_control: { type: "ephemeral", ttl: "1h" } }],
      });
    }
  },
});

claude.test({
  name: "a beta that is refused without its name takes all of them along",
  async run({ gateway, upstream }) {
    upstream.push(refused("Invalid anthropic-beta header"), ANSWER);
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: "POST",
      headers: { "anthropic-beta": BETAS },
      body: JSON.stringify(BODY),
    });
    assert.equal(response.status, 200, await response.text());
    assert.deepEqual(upstream.requests.map(({ headers }) => headers.get("anthropic-beta")), [BETAS, null]);
    assert.equal(upstream.requests[1]?.text, JSON.stringify({ ...BODY, model: "claude-test" }));
  },
});

claude.test({
  name: "a request that has to be told otherwise keeps what only its own dialect has a part for",
  async run({ gateway, upstream }) {
    upstream.push(refused("messages.1.content.0: Invalid `signature` in `thinking` block"), ANSWER);
    const found = { type: "search_result", source: "s", title: "Manual", content: [{ type: "text", text: "one" }] };
    const history = (thoughts: unknown[]) => [
      { role: "user", content: [found, { type: "text", text: "Hi" }] },
      { role: "assistant", content: [...thoughts, { type: "tool_use", id: "a", name: "look", input: {} }] },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "a", content: [{ type: "tool_reference", tool_name: "t" }] }],
      },
    ];
    const thought = { type: "thinking", thinking: "Hm", signature: "abc" };
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ ...BODY, messages: history([thought]) }),
    });
    assert.equal(response.status, 200, await response.text());
    assert.deepEqual(upstream.requests[1]?.json.messages, history([]));
  },
});

withPair().test({
  name: "what only Anthropic has a part for reaches an upstream of another dialect in words",
  async run({ gateway, upstream }) {
    upstream.push({
      kind: "json",
      body: { id: "x", choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }] },
    });
    const found = { type: "search_result", source: "s", title: "Manual", content: [{ type: "text", text: "one" }] };
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ model: "up/up-model", max_tokens: 9, messages: [{ role: "user", content: [found] }] }),
    });
    assert.equal(response.status, 200, await response.text());
    assert.deepEqual(upstream.requests[0]?.json.messages, [{ role: "user", content: "Manual\ns\none" }]);
  },
});

withPair({ env: { PROVIDER_UP_TYPE: "anthropic", PROVIDER_UP_MODELS: "claude-test" } }).test({
  name: "an answer of no tokens, as fills the prompt's cache, is asked for once, and is what its client gets",
  async run({ gateway, upstream }) {
    const usage = { input_tokens: 9, output_tokens: 0, cache_creation_input_tokens: 5000 };
    const head = { id: "msg_1", type: "message", role: "assistant", model: "claude-test", stop_sequence: null };
    upstream.push({ kind: "json", body: { ...head, content: [], stop_reason: "max_tokens", usage } });
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ model: "up/claude-test", max_tokens: 0, messages: [{ role: "user", content: "Hi" }] }),
    });
    const answer = await response.json();
    assert.deepEqual([response.status, answer.content], [200, []], JSON.stringify(answer));
    assert.deepEqual(upstream.requests.map(({ json }) => json.max_tokens), [0]);
  },
});
