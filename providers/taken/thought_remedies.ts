/** How vendors refuse the thoughts and signatures of a history, or miss them, and how they are asked then. */

import { forgetSearches } from "../../chat/forget_searches.ts";
import { forgetSignatures, signaturesOf } from "../../chat/forget_signatures.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Refusal } from "./remedy.ts";
import { endOf, NOT_ITS_OWN, signing, thoughtful, type Way, withQuirks } from "./way.ts";

/**
 * How Gemini says that a call was not signed: native, by Vertex, and behind OpenRouter or Google's endpoint for Chat.
 * https://github.com/Mirrowel/LLM-API-Key-Proxy/issues/160 (2026-05-29), https://github.com/securo-finance/securo/issues/884
 * (2026-09-10)
 */
const NO_SIGNATURE = /missing.{1,10}thought.?signature/is;

export function withSignedCalls({ told }: Refusal, way: Way): Way | undefined {
  if (way.learned.wantsSignatures || !NO_SIGNATURE.test(told)) return undefined;
  const next = signing(way);
  return next === way ? undefined : { ...next, learned: { ...way.learned, wantsSignatures: true } };
}

/**
 * How vendors say that a thought of the history was not theirs, or is not what it was when they signed it. Anthropic:
 * https://github.com/awsl-project/maxx/pull/532 (2026-04-23); OpenAI: https://github.com/openai/codex/issues/8132
 * (2025-12-16); Gemini: https://github.com/lbjlaq/Antigravity-Manager/issues/139 (2025-12-28). Claude from 5.1 on also
 * where what stands before a thought was altered: https://github.com/pydantic/pydantic-ai/pull/7989 (2026-09-02).
 */
const SIGNATURES =
  /thinking.{1,20}signature|signature.{1,20}thinking|thought.?signature|thinking` blocks .{1,80} cannot be modified|encrypted.content.{1,200}(?:verified|decrypted)|block is bound to a different conversation/is;
/** Those of these that will be so in the next turn, too; what is of another account may be of that one again. */
const ALTERED = /cannot be modified|block is bound to a different conversation/i;
/** The ends of signatures that are remembered of a model. */
const MOST_STALE = 1000;

/** Without signatures at first, then without thoughts that have none. */
export function withoutSignatures({ told }: Refusal, way: Way): Way | undefined {
  if (!SIGNATURES.test(told)) return undefined;
  const lost = [...way.lost, NOT_ITS_OWN];
  const request = forgetSignatures(way.request);
  const learned = ALTERED.test(told) ? { ...way.learned, stale: staleOf(way) } : way.learned;
  if (request !== undefined) return { ...way, request, lost, learned };
  if (way.quirks.replayReasoning === false || !hasThoughts(way.request)) return undefined;
  return { ...way, quirks: { ...way.quirks, replayReasoning: false }, lost };
}

function staleOf({ request, learned: { stale = [] } }: Way): string[] {
  return [...new Set([...stale, ...signaturesOf(request).map(endOf)])].slice(-MOST_STALE);
}

function hasThoughts({ messages }: ChatRequest): boolean {
  return messages.some(({ role, parts }) => role === "assistant" && parts.some(({ type }) => type === "reasoning"));
}

/** Pages that another vendor found, in a conversation that has come to Anthropic, as `dialects/anthropic/found_pages.ts` told them. */
export function withoutSearches({ told }: Refusal, way: Way): Way | undefined {
  if (!/encrypted_content|web_search_tool_result|server_tool_use/.test(told)) return undefined;
  const request = forgetSearches(way.request);
  const loss = { path: "messages", reason: "only Anthropic's own searches are taken back" };
  return request && { ...way, request, lost: [...way.lost, loss] };
}

/**
 * How they say that a turn was not thought about. DeepSeek: https://github.com/earendil-works/pi/issues/3636 (2026-04-24),
 * and in Anthropic's words https://github.com/NousResearch/hermes-agent/issues/22313 (2026-05-09); Kimi:
 * https://github.com/QuantumNous/new-api/issues/4408 (2026-04-23), https://github.com/MoonshotAI/kimi-cli/pull/2498.
 */
const NO_THOUGHT =
  /(?:reasoning.content|content\[\]\.thinking|thinking block).{1,80}(?:missing|passed back)|missing.{1,20}(?:reasoning.content|thinking block)|requires reasoning_content/is;

export function withThoughts({ told }: Refusal, way: Way): Way | undefined {
  if (way.learned.wantsThoughts || !NO_THOUGHT.test(told)) return undefined;
  return { ...thoughtful(way), learned: { ...way.learned, wantsThoughts: true } };
}

/**
 * How they say that they do not want thoughts back. Cerebras: https://github.com/Kilo-Org/kilocode/issues/10375 (2026-05-19);
 * Mistral, with 422: https://github.com/OpenMinis/OpenMinis/issues/87 (2026-07-24).
 */
const UNWANTED_THOUGHT =
  /messages.{1,60}reasoning(?:_content|_details)?\b.{1,80}(?:unsupported|not supported|not permitted)/is;

export function withoutThoughts({ told, sent }: Refusal, way: Way): Way | undefined {
  if (way.quirks.replayReasoning === false || !UNWANTED_THOUGHT.test(told)) return undefined;
  return /"reasoning(?:_content|_details)?":/.test(sent) ? withQuirks({ replayReasoning: false }, way) : undefined;
}
