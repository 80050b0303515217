/** Tests of signed thoughts on their way back to their vendor by way of OpenRouter, from clients of other dialects. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../../chat/json.ts";
import { replyFolder } from "../../../chat/reply_folder.ts";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";

const OPTIONS = { model: "m", id: "i", created: 1, keepAlive: "comment" } as const;
const ASKED = {
  ...{ model: "m", max_tokens: 4000, thinking: { type: "enabled", budget_tokens: 2000 } },
  tools: [{ name: "f", input_schema: { type: "object" } }],
};

/** What OpenRouter is sent back of its answer once a client of Messages has had it, and what is lost of that. */
function roundTrip(model: string, details: JsonObject[], reasoningDetails = true) {
  const call = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } };
  const message = { role: "assistant", content: null, reasoning_details: details, tool_calls: [call] };
  const answer = {
    id: "c",
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, message, finish_reason: "tool_calls" }],
  };
  const folder = replyFolder();
  folder.push(openaiChat.parseResponse(answer, JSON.stringify(answer), {}).events);
  const messages: JsonObject[] = [{ role: "user", content: "Hi" }];
  const read = (body: JsonObject) => anthropic.parseRequest(body, { text: JSON.stringify(body) });
  const { content = null } = anthropic.formatResponse(folder.reply(), read({ ...ASKED, messages }), OPTIONS);
  messages.push({ role: "assistant", content }, {
    role: "user",
    content: [{ type: "tool_result", tool_use_id: "call_1", content: "Done" }],
  });
  const { body, lost } = openaiChat.formatRequest(read({ ...ASKED, messages }), {
    ...{ model, stream: false, facts: {}, quirks: { reasoningDetails } },
  });
  const [, turn] = body.messages as JsonObject[];
  return {
    details: turn?.reasoning_details,
    lost: lost.map(({ path }) => path).filter((path) => path.startsWith("messages")),
  };
}

const GEMINI = [
  { type: "reasoning.text", text: "Hm", format: "google-gemini-v1", index: 0 },
  { type: "reasoning.encrypted", data: "RU5D", id: "call_1", format: "google-gemini-v1", index: 1 },
];

Deno.test("K11 Gemini's seal goes back with the call that it is bound to, and the thoughts before it", () => {
  assert.deepEqual(roundTrip("google/gemini-3-flash", GEMINI), { details: GEMINI, lost: [] });
});

Deno.test("K7 Claude's thoughts go back with their signatures", () => {
  const signed = [
    { type: "reasoning.text", text: "Hm", signature: "RXFv", format: "anthropic-claude-v1", index: 0 },
  ];
  assert.deepEqual(roundTrip("anthropic/claude-sonnet-5", signed), { details: signed, lost: [] });
});

Deno.test("K7 thoughts of other vendors, and of models that want none back, are named as lost", () => {
  assert.deepEqual(roundTrip("openai/gpt-5.6", GEMINI), { details: undefined, lost: ["messages[1]"] });
  assert.deepEqual(roundTrip("google/gemini-3-flash", GEMINI, false), { details: undefined, lost: ["messages[1]"] });
  const foreign = GEMINI.map((detail) => "data" in detail ? { ...detail, data: "openai_responses:RU5D" } : detail);
  assert.deepEqual(roundTrip("google/gemini-3-flash", foreign), { details: undefined, lost: ["messages[1]"] });
  const open = [{ type: "reasoning.text", text: "Hm", format: "google-gemini-v1", index: 0 }];
  assert.deepEqual(roundTrip("google/gemini-3-flash", open), { details: undefined, lost: [] });
});
