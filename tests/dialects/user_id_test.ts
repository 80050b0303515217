/** Tests of the end user's id on its way to an upstream of another dialect. */

import assert from "node:assert/strict";
import type { DialectName } from "../../chat/event.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { anthropic } from "../../dialects/anthropic/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { openaiResponses } from "../../dialects/openai_responses/mod.ts";

/** What Claude Code 2.1.329 sends as `metadata.user_id`. */
const CLAUDE_CODE = JSON.stringify({
  device_id: "e9de241198c5b502da9772e4963e468ce4d363a251dcdc35be40d7f14d8c8c5f",
  account_uuid: "",
  session_id: "b399773f-7c65-4eb4-a492-0f31b9b387f3",
});

const TARGETS = { anthropic, openaiChat, openaiResponses };

/** What an upstream is told of the user that a client of the dialect named. */
function told(upstream: keyof typeof TARGETS, { user, from }: { user: string; from: DialectName }): unknown {
  const request: ChatRequest = {
    model: "m",
    messages: [{ role: "user", parts: [{ type: "text", text: "Hi" }] }],
    ...{ stream: false, includeUsage: false, user, extra: {}, source: { dialect: from, body: {} } },
  };
  const { body } = TARGETS[upstream].formatRequest(request, { model: "m", stream: false, facts: {}, quirks: {} });
  return body.user ?? body.metadata;
}

Deno.test("R11 a user's id is told to another dialect's upstream in letters and digits that any vendor takes", () => {
  const sent = told("openaiChat", { user: CLAUDE_CODE, from: "anthropic" });
  assert.match(String(sent), /^[a-zA-Z0-9_-]{1,64}$/);
  assert.equal(told("openaiResponses", { user: CLAUDE_CODE, from: "anthropic" }), sent);
  const other = CLAUDE_CODE.replace("b399", "b398");
  assert.notEqual(told("openaiChat", { user: other, from: "anthropic" }), sent);
  const metadata = told("anthropic", { user: "ann@example.com", from: "openai_chat" });
  assert.match(JSON.stringify(metadata), /^{"user_id":"ann_example_com_\w{8}"}$/);
});

Deno.test("R11 a user's id that any vendor takes stays as it is, and so does every one in its own dialect", () => {
  assert.deepEqual(told("anthropic", { user: "ann-1", from: "ollama" }), { user_id: "ann-1" });
  assert.equal(told("openaiChat", { user: "ann-1", from: "ollama" }), "ann-1");
  assert.equal(told("openaiResponses", { user: "ann-1", from: "ollama" }), "ann-1");
  assert.equal(told("openaiChat", { user: "ann@example.com", from: "openai_chat" }), "ann@example.com");
});
