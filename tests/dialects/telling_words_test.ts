/** Tests of what vendors say in words where the status says something else. */

import assert from "node:assert/strict";
import { anthropic } from "../../dialects/anthropic/mod.ts";
import { gemini } from "../../dialects/gemini/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import type { ErrorKind } from "../../chat/error.ts";

const CHAT: [vendor: string, status: number, error: Record<string, unknown>, kind: ErrorKind][] = [
  [
    "Moonshot",
    429,
    { type: "exceeded_current_quota_error", message: "You exceeded your token quota" },
    "upstream-quota",
  ],
  ["Moonshot", 429, { message: "Your account is suspended due to insufficient balance" }, "upstream-quota"],
  ["Moonshot", 429, { type: "engine_overloaded_error", message: "The engine is currently overloaded" }, "overloaded"],
  ["Moonshot", 429, { type: "rate_limit_reached_error", message: "max RPM: 3" }, "rate-limit"],
  ["Moonshot", 400, { message: "Invalid request: Your request exceeded model token limit: 262144" }, "context-length"],
  ["Kimi for coding", 403, { message: "You've reached your usage limit for this billing cycle" }, "upstream-quota"],
  ["Zhipu", 429, { code: "1113", message: "您的账户已欠费,请充值后重试" }, "upstream-quota"],
  ["Zhipu", 429, { code: "1302", message: "您的账户已达到速率限制" }, "rate-limit"],
  ["Zhipu", 429, { code: "1305", message: "该模型当前访问量过大" }, "overloaded"],
  ["Zhipu", 400, { code: "1261", message: "Prompt 超长" }, "context-length"],
  ["Zhipu", 429, { code: "1112", message: "您的账户已被锁定,请联系客服解锁" }, "upstream-auth"],
  ["Zhipu", 429, { code: "1308", message: "已达到 5 小时的使用上限" }, "upstream-quota"],
  ["Zhipu", 429, { code: "1309", message: "您的 GLM Coding Plan 套餐已到期" }, "upstream-quota"],
  ["Zhipu", 429, { code: "1310", message: "已达到每周使用上限" }, "upstream-quota"],
  ["Zhipu", 429, { code: "1312", message: "该模型当前访问量过大,请您尝试使用其他模型" }, "overloaded"],
  ["DashScope", 400, { code: "Arrearage", message: "make sure your account is in good standing." }, "upstream-quota"],
  ["DashScope", 400, { message: "Range of input length should be [1, 129024]" }, "context-length"],
  ["SiliconFlow", 403, { code: 30001, message: "Sorry, your account balance is insufficient" }, "upstream-quota"],
  ["OpenAI", 400, { code: "billing_hard_limit_reached", message: "Billing hard limit" }, "upstream-quota"],
  ["OpenAI", 429, { code: "insufficient_quota", message: "You exceeded your current quota" }, "upstream-quota"],
  ["OpenAI", 400, { code: "context_length_exceeded", message: "Too long" }, "context-length"],
  ["Groq", 413, { type: "tokens", code: "rate_limit_exceeded", message: "Request too large" }, "rate-limit"],
  ["Groq", 400, { code: "tool_use_failed", message: "Failed to call a function" }, "upstream-malformed"],
  ["Groq", 400, { code: "json_validate_failed", message: "Failed to generate JSON" }, "upstream-malformed"],
  ["OpenRouter", 403, { code: 403, message: "Your input was flagged", metadata: {} }, "invalid-request"],
  ["OpenRouter", 403, { code: 403, message: "Key disabled" }, "upstream-auth"],
  ["xAI", 400, { message: "This model's maximum prompt length is 131072" }, "context-length"],
  ["xAI", 403, { message: "Your newly created team doesn't have any credits yet." }, "upstream-quota"],
  ["llama.cpp", 400, { type: "exceed_context_size_error", message: "too long" }, "context-length"],
  ["vLLM", 400, { message: "This model's maximum context length is 4096 tokens" }, "context-length"],
  ["DeepSeek", 400, { type: "invalid_request_error", message: "Model Not Exist" }, "unknown-model"],
  [
    "DeepSeek",
    400,
    { message: "The supported API model names are deepseek-flash, deepseek-v4-pro, but you passed deepseek-chat" },
    "unknown-model",
  ],
  ["SiliconFlow", 400, { code: 20012, message: "Model does not exist. Please check it carefully." }, "unknown-model"],
  ["OpenRouter", 400, { code: 400, message: "claude-sonnet-4-6 is not a valid model ID" }, "unknown-model"],
  ["Mistral", 400, { type: "invalid_model", code: "1500", message: "Invalid model: mistral-x" }, "unknown-model"],
  ["Zhipu", 400, { code: "1211", message: "模型不存在,请检查模型代码。" }, "unknown-model"],
  ["anybody", 400, { message: "temperature must be at most 2" }, "invalid-request"],
  ["anybody", 500, { code: "insufficient_quota", message: "insufficient balance" }, "upstream-failure"],
];

for (const [vendor, status, error, kind] of CHAT) {
  Deno.test(`${vendor}'s ${status} of ${error.code ?? error.type ?? error.message} is ${kind}`, () => {
    assert.equal(openaiChat.parseError(status, { error }).kind, kind);
  });
}

Deno.test("Anthropic tells an account without money, and one that is no more, as bad requests", () => {
  const kindOf = (message: string) =>
    anthropic.parseError(400, { type: "error", error: { type: "invalid_request_error", message } }).kind;
  assert.equal(kindOf("Your credit balance is too low to access the Anthropic API."), "upstream-quota");
  assert.equal(
    kindOf("You have reached your specified API usage limits. You will regain access on 2026-12-01"),
    "upstream-quota",
  );
  assert.equal(kindOf("This organization has been disabled."), "upstream-auth");
  assert.equal(kindOf("prompt is too long: 215000 tokens > 200000 maximum"), "context-length");
  assert.equal(kindOf("max_tokens: Field required"), "invalid-request");
});

Deno.test("Gemini tells an account without money as one that asks too often", () => {
  const error = { code: 429, status: "RESOURCE_EXHAUSTED", message: "Your prepayment credits are depleted." };
  assert.equal(gemini.parseError(429, { error }).kind, "upstream-quota");
  assert.equal(gemini.parseError(429, { error: { ...error, message: "Quota exceeded" } }).kind, "rate-limit");
});
