/** What an upstream's refusal says of the request, and how it may be asked then: one remedy for each kind of it. */

import { forgetSearches } from "../../chat/forget_searches.ts";
import { forgetSignatures } from "../../chat/forget_signatures.ts";
import type { ChatRequest, Loss } from "../../chat/request.ts";
import { limitIn } from "./limit_in.ts";
import { refusedIn } from "./refused_fields.ts";
import {
  betasOf,
  choosing,
  curt,
  folding,
  inTurns,
  inWords,
  shorter,
  signing,
  thoughtful,
  unseeing,
  type Way,
  withoutBetas,
} from "./way.ts";

export interface Refusal {
  /** The field that it names, and all that it says. */
  told: string;
  /** The body that was refused, as JSON. */
  sent: string;
  /** Fields that whoever runs the gateway has set: they are not left out. */
  fields: object;
}

/** How to ask next; `undefined` where the refusal is about something else, or nothing is left to try. */
export type Remedy = (refusal: Refusal, way: Way) => Way | undefined;

/** The first that finds a way is taken. */
export const REMEDIES: readonly Remedy[] = [
  withSignedCalls,
  withoutSignatures,
  withoutSearches,
  withThoughts,
  withFormInWords,
  withOtherLimit,
  withLowerLimit,

  withFreeChoice,
  withFewerTools,
  withShortDescriptions,
  withAlternateTurns,
  withoutPictures,
  withoutUnknownBetas,
  asStream,

  withoutFields,
];

/**
 * How Gemini says that a call was not signed: native, by Vertex, and behind OpenRouter or Google's endpoint for Chat.
 * https://github.com/Mirrowel/LLM-API-Key-Proxy/issues/160 (2026-05-29), https://github.com/securo-finance/securo/issues/884
 * (2026-09-10)
 */
const NO_SIGNATURE = /missing.{1,10}thought.?signature/is;

function withSignedCalls({ told }: Refusal, way: Way): Way | undefined {
  if (way.learned.wantsSignatures || !NO_SIGNATURE.test(told)) return undefined;
  const next = signing(way);
  return next === way ? undefined : { ...next, learned: { ...way.learned, wantsSignatures: true } };
}

/**
 * How vendors say that a thought of the history was not theirs, or is not what it was when they signed it. Anthropic:
 * https://github.com/awsl-project/maxx/pull/532 (2026-04-23); OpenAI: https://github.com/openai/codex/issues/8132
 * (2025-12-16); Gemini: https://github.com/lbjlaq/Antigravity-Manager/issues/139 (2025-12-28).
 */
const SIGNATURES =
  /thinking.{1,20}signature|signature.{1,20}thinking|thought.?signature|thinking` blocks .{1,80} cannot be modified|encrypted.content.{1,200}(?:verified|decrypted)/is;
const NOT_ITS_OWN: Loss = { path: "messages", reason: "the upstream refused signatures of its thoughts" };

/** Without signatures at first, then without thoughts that have none. */
function withoutSignatures({ told }: Refusal, way: Way): Way | undefined {
  if (!SIGNATURES.test(told)) return undefined;
  const lost = [...way.lost, NOT_ITS_OWN];
  const request = forgetSignatures(way.request);
  if (request !== undefined) return { ...way, request, lost };
  if (way.quirks.replayReasoning === false || !hasThoughts(way.request)) return undefined;
  return { ...way, quirks: { ...way.quirks, replayReasoning: false }, lost };
}

function hasThoughts({ messages }: ChatRequest): boolean {
  return messages.some(({ role, parts }) => role === "assistant" && parts.some(({ type }) => type === "reasoning"));
}

/** Pages that another vendor found, in a conversation that has come to Anthropic, as `dialects/anthropic/found_pages.ts` told them. */
function withoutSearches({ told }: Refusal, way: Way): Way | undefined {
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

function withThoughts({ told }: Refusal, way: Way): Way | undefined {
  if (way.learned.wantsThoughts || !NO_THOUGHT.test(told)) return undefined;
  return { ...thoughtful(way), learned: { ...way.learned, wantsThoughts: true } };
}

/**
 * How they say that they do not take the form of the answer. DeepSeek: https://github.com/BerriAI/litellm/pull/31466
 * (2026-06-26), https://github.com/diegosouzapw/OmniRoute/pull/9992 (2026-08-10).
 */
const NO_FORM =
  /(?:response_format|json_schema|json_object|structured output).{0,80}(?:unavailable|not support|unsupported|not available|not allowed)|(?:unavailable|not support|unsupported).{0,40}(?:response_format|json_schema|json_object|structured output)/is;
/** Of a prompt that does not say what is asked for: https://github.com/browserbase/stagehand/issues/1204 (2025-10-30). */
const NO_WORD = /must contain the word ['"]?json/i;

/** Asks for any JSON at first, then for text; the form is told in words. */
function withFormInWords({ told }: Refusal, way: Way): Way | undefined {
  const { output } = way.request;
  if (output === undefined || output.type === "text" || way.learned.output === "text") return undefined;
  const isWordless = NO_WORD.test(told);
  if (!isWordless && !NO_FORM.test(told)) return undefined;
  const isJsonLeft = way.learned.output === undefined && (isWordless || output.type === "schema");
  const as = isJsonLeft ? "json" : "text";
  const ask = inWords(as, { isTold: way.learned.output !== undefined });
  return { ...ask(way), learned: { ...way.learned, output: as } };
}

/** Asks for the limit by its other name. */
function withOtherLimit({ told }: Refusal, way: Way): Way | undefined {
  if (way.learned.quirks.maxTokensField !== undefined) return undefined;
  const isOld = /max_tokens/.test(told) && /max_completion_tokens/.test(told) &&
    /instead|not support|unsupported/i.test(told);
  const isNew = !isOld && /max_completion_tokens/.test(told) &&
    /extra_forbidden|unsupported|unknown|unrecogni|not permitted/i.test(told);
  if (!isOld && !isNew) return undefined;
  const quirks = { maxTokensField: isOld ? "max_completion_tokens" : "max_tokens" } as const;
  return { ...way, quirks: { ...way.quirks, ...quirks }, learned: { ...way.learned, quirks } };
}

function withLowerLimit({ told }: Refusal, way: Way): Way | undefined {
  const { maxTokens } = way.request;
  const found = maxTokens === undefined ? undefined : limitIn(told, maxTokens);
  if (found === undefined) return undefined;
  const { limit, isLasting } = found;
  const learned = isLasting && limit !== undefined ? { ...way.learned, maxOutput: limit } : way.learned;
  return { ...shorter(limit)(way), learned };
}

/**
 * How they say that a model that thinks cannot be made to call a tool. DeepSeek:
 * https://github.com/deepseek-ai/DeepSeek-V3/issues/1376 (2026-08-03); DashScope:
 * https://github.com/alibaba/open-code-review/issues/1064 (2026-08-26)
 */
const FREE_CHOICE = /not support this tool_choice|tool_choice.{0,60}not support.{0,80}thinking/is;

function withFreeChoice({ told }: Refusal, way: Way): Way | undefined {
  if (!FREE_CHOICE.test(told)) return undefined;
  const next = choosing(way);
  return next === way ? undefined : { ...next, learned: { ...way.learned, choosesFreely: true } };
}

/**
 * How they say that they take fewer tools. OpenAI: https://github.com/anomalyco/opencode/issues/4909 (2025-11-29); xAI:
 * https://github.com/anomalyco/opencode/issues/20500 (2026-04-01); Gemini:
 * https://github.com/google-gemini/gemini-cli/issues/19083 (2026-02-14).
 */
const MANY_TOOLS =
  /'tools': array too long\. Expected an array with maximum length (\d+)|tools limit reached.{1,80}maximum is (\d+)|at most (\d+) function declarations/is;

function withFewerTools({ told }: Refusal, way: Way): Way | undefined {
  const [, ...found] = MANY_TOOLS.exec(told) ?? [];
  const limit = Number(found.find((digits) => digits !== undefined) ?? 0);
  if (limit < 2 || way.learned.maxTools !== undefined) return undefined;
  const next = folding(limit)(way);
  return next === way ? undefined : { ...next, learned: { ...way.learned, maxTools: limit } };
}

/** OpenAI and Azure, of some models: https://github.com/dnakov/anon-kode/issues/45 (2025-03-12). */
const LONG_DESCRIPTION = /description['"`]?: string too long\. Expected a string with maximum length (\d+)/i;

function withShortDescriptions({ told }: Refusal, way: Way): Way | undefined {
  const limit = Number(LONG_DESCRIPTION.exec(told)?.[1] ?? 0);
  if (limit === 0 || way.learned.maxDescription !== undefined) return undefined;
  const next = curt(limit)(way);
  return next === way ? undefined : { ...next, learned: { ...way.learned, maxDescription: limit } };
}

/**
 * Local servers, with 400 or 500, of the model's own template: https://github.com/anomalyco/opencode/issues/5034
 * (2025-12-12), https://github.com/mistralai/mistral-vibe/issues/1006 (2026-08-16).
 */
const TURNS = /roles must alternate|system message must be|only user.{1,20}assistant.{1,40}roles are supported/is;
const NO_SYSTEM = /system role (?:is )?not supported|got system\b|developer instruction is not enabled/i;

function withAlternateTurns({ told }: Refusal, way: Way): Way | undefined {
  const { turns: before } = way.learned;
  if (before === "no-instruction" || !(TURNS.test(told) || NO_SYSTEM.test(told))) return undefined;
  const turns = NO_SYSTEM.test(told) || before !== undefined ? "no-instruction" : "one-instruction";
  return { ...inTurns(turns)(way), learned: { ...way.learned, turns } };
}

/**
 * How they say that they see no pictures. DeepSeek: "unknown variant `image_url`, expected `text`"
 * (https://github.com/1jehuang/jcode/issues/310, 2026-06-02), in every turn from then on
 * (https://github.com/nesquena/hermes-webui/issues/2297, 2026-05-15); others in their words.
 */
const NO_PICTURES =
  /unknown variant `image_url`|(?:image|vision|multimodal|picture).{0,60}(?:not support|unsupported|not available)|(?:not support|unsupported|no endpoints).{0,60}(?:image|vision|multimodal)/is;

/** Whether a refusal is about pictures, of which some are left. */
export function isAboutPictures({ told }: Pick<Refusal, "told">, { request }: Pick<Way, "request">): boolean {
  return NO_PICTURES.test(told) && request.messages.some(({ parts }) => parts.some(({ type }) => type === "image"));
}

function withoutPictures({ told }: Refusal, way: Way): Way | undefined {
  if (way.learned.isBlind || !NO_PICTURES.test(told)) return undefined;
  const next = unseeing(way);
  return next === way ? undefined : { ...next, learned: { ...way.learned, isBlind: true } };
}

/**
 * Vertex, Bedrock and relays to them, of values that Claude Code sends:
 * https://github.com/QuantumNous/new-api/issues/2975 (2026-02-20),
 * https://github.com/anthropics/claude-code/issues/70563 (2026-06-24)
 */
function withoutUnknownBetas({ told }: Refusal, way: Way): Way | undefined {
  if (!/anthropic-beta|beta header/i.test(told)) return undefined;
  const asked = betasOf(way.request);
  const named = asked.filter((beta) => told.includes(beta));
  // Where none is named, all of them are meant.
  const refused = named.length > 0 ? named : asked;
  if (refused.length === 0) return undefined;
  const lost = [...way.lost, ...refused.map((path) => ({ path, reason: "the upstream does not know this beta" }))];
  const betas = [...way.learned.betas ?? [], ...refused];
  return { ...withoutBetas(refused)(way), lost, learned: { ...way.learned, betas } };
}

/**
 * How DashScope says that a model answers in streams alone, at least while it thinks:
 * https://help.aliyun.com/en/model-studio/error-code. The stream is collected for whoever wanted none.
 */
const STREAM_ALONE =
  /only supports? stream|enable the stream parameter|must be set to false for non-streaming|when `?stream=false|stream['"`]? must be (?:set to )?true/i;

function asStream({ told }: Refusal, way: Way): Way | undefined {
  if (way.learned.mustStream || way.refused.includes("stream") || !STREAM_ALONE.test(told)) return undefined;
  return { ...way, learned: { ...way.learned, mustStream: true } };
}

function withoutFields({ told, sent, fields }: Refusal, way: Way): Way | undefined {
  const found = refusedIn(told, sent);
  const more = found.fields.filter((name) => !way.refused.includes(name) && !(name in fields));
  if (more.length === 0) return undefined;
  const { learned } = way;
  return {
    ...way,
    refused: [...way.refused, ...more],
    learned: found.isLasting ? { ...learned, fields: [...learned.fields, ...more] } : learned,
  };
}
