/** What vendors say in words where the status says something else, whatever dialect they speak. */

import type { Json, JsonObject } from "../chat/json.ts";
import type { UpstreamKind } from "./upstream_error.ts";

/** Words in a `code` or `type` that say more than the status. */
const KIND_BY_WORD: ReadonlyMap<string, UpstreamKind> = new Map([
  // OpenAI, and those after it.
  ["insufficient_quota", "upstream-quota"],
  ["billing_hard_limit_reached", "upstream-quota"],
  ["context_length_exceeded", "context-length"],
  // Groq, with status 413 where one request is more than a minute's tokens: https://console.groq.com/docs/errors
  ["rate_limit_exceeded", "rate-limit"],
  // Groq, with status 400 where the model's own call, or JSON, was none: https://github.com/agno-agi/agno/issues/4090
  ["tool_use_failed", "upstream-malformed"],
  ["json_validate_failed", "upstream-malformed"],
  // Moonshot: https://github.com/anomalyco/opencode/issues/24462 (2026-04-26)
  ["exceeded_current_quota_error", "upstream-quota"],
  ["engine_overloaded_error", "overloaded"],
  // DashScope: https://help.aliyun.com/zh/model-studio/error-code
  ["arrearage", "upstream-quota"],
  // llama.cpp's server.
  ["exceed_context_size_error", "context-length"],
  // Zhipu: https://docs.bigmodel.cn/cn/api/api-code
  ["1112", "upstream-auth"],
  ["1113", "upstream-quota"],
  ["1211", "unknown-model"],
  ["1261", "context-length"],
  ["1305", "overloaded"],
  ["1308", "upstream-quota"],
  ["1309", "upstream-quota"],
  ["1310", "upstream-quota"],
  ["1312", "overloaded"],
]);

/** An account without money or quota, as vendors say it with statuses from 400 to 429. */
const NO_MONEY =
  /insufficient (?:account )?balance|balance is (?:insufficient|too low)|余额不足|欠费|good standing|credits (?:are|have been) (?:depleted|exhausted)|have any credits|reached your (?:specified API )?usage limit/i;
/** An account that is none any more. */
const NO_ACCOUNT = /organization has been disabled/i;
const TOO_LONG =
  /context (?:length|window|size|limit)|maximum (?:number of )?(?:input |prompt )?(?:tokens|length)|exceeded model token limit|range of input length|prompt is too long|exceed(?:s|ed)? (?:the )?context|token count .*exceeds/i;

/**
 * A model that the vendor does not have, or has no more, where others say 404. DeepSeek, then and now:
 * https://github.com/langbot-app/LangBot/issues/1643 (2025-09-02),
 * https://github.com/kolega-ai/kolega-code/pull/695 (2026-09-10); OpenRouter:
 * https://github.com/OpenRouterTeam/openrouter-examples/issues/74 (2026-05-06); SiliconFlow:
 * https://github.com/ErlichLiu/DeepClaude/issues/111 (2025-04-16); Mistral.
 */
const NO_MODEL = /\bmodel (?:does )?not exist|supported API model names|is not a valid model|^invalid model\b/i;

/** What an error with a status from 400 to 429 is about; `undefined` where the status says it all. */
export function kindInWords(status: number, { code, type, message }: JsonObject): UpstreamKind | undefined {
  if (status < 400 || status > 429) return undefined;
  const word = KIND_BY_WORD.get(wordOf(code)) ?? KIND_BY_WORD.get(wordOf(type));
  if (word !== undefined) return word;
  const text = typeof message === "string" ? message : "";
  if (NO_MONEY.test(text)) return "upstream-quota";
  if (NO_ACCOUNT.test(text)) return "upstream-auth";
  if (status === 400 && TOO_LONG.test(text)) return "context-length";
  if (status === 400 && NO_MODEL.test(text)) return "unknown-model";
  // OpenRouter's moderation, which is no word of the key: https://openrouter.ai/docs/api/reference/errors-and-debugging
  return status === 403 && /\bflagged\b/i.test(text) ? "invalid-request" : undefined;
}

function wordOf(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value).toLowerCase() : "";
}
