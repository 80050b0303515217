/** What an upstream's refusal says of the request, and how it may be asked then: one remedy for each kind of it. */

import type { OutputFormat } from "../../chat/request.ts";
import { limitIn } from "./limit_in.ts";
import { refusedIn } from "./refused_fields.ts";
import type { Refusal, Remedy } from "./remedy.ts";
import {
  withoutSearches,
  withoutSignatures,
  withoutThoughts,
  withSignedCalls,
  withThoughts,
} from "./thought_remedies.ts";
import {
  withFewerTools,
  withFreeChoice,
  withoutReferences,
  withPlainSchemas,
  withShortDescriptions,
} from "./tool_remedies.ts";
import { betasOf, inOneText, inTurns, inWords, shorter, unseeing, type Way, withoutBetas, withQuirks } from "./way.ts";

/** The first that finds a way is taken. */
export const REMEDIES: readonly Remedy[] = [
  withSignedCalls,
  withoutSignatures,
  withoutSearches,
  withThoughts,
  withoutThoughts,
  withFormInWords,
  withOtherLimit,
  withLowerLimit,
  withFreeChoice,
  withFewerTools,
  withShortDescriptions,
  withPlainSchemas,
  withoutReferences,
  withoutSystemTurns,
  withOneText,
  withAlternateTurns,
  withoutPictures,
  withoutUnknownBetas,
  asStream,
  withoutFields,
];

/**
 * How they say that they do not take the form of the answer. DeepSeek: https://github.com/BerriAI/litellm/pull/31466
 * (2026-06-26), https://github.com/diegosouzapw/OmniRoute/pull/9992 (2026-08-10).
 */
const NO_FORM =
  /(?:response_format|json_schema|json_object|structured output).{0,80}(?:unavailable|not support|unsupported|not available|not allowed)|(?:unavailable|not support|unsupported).{0,40}(?:response_format|json_schema|json_object|structured output)|must be a json schema of .?type/is;
/** Of a prompt that does not say what is asked for: https://github.com/browserbase/stagehand/issues/1204 (2025-10-30). */
const NO_WORD = /must contain the word ['"]?json/i;

/**
 * Of one schema, and not of the form: Groq's "minItems is not supported"
 * (https://github.com/i-am-bee/beeai-framework/issues/1215, 2025-11-14).
 */
const ONE_SCHEMA = /invalid schema|schema fields|unsupported (?:json )?schema\b(?!s)/i;

/** Asks for any JSON at first, then for text; the form is told in words. */
function withFormInWords({ told }: Refusal, way: Way): Way | undefined {
  const { output } = way.request;
  if (output === undefined || output.type === "text" || way.learned.output === "text") return undefined;
  const isWordless = NO_WORD.test(told);
  if (!isWordless && !NO_FORM.test(told)) return undefined;
  const isJsonLeft = way.learned.output === undefined && (isWordless || isOfObject(output));
  const as = isJsonLeft ? "json" : "text";
  const ask = inWords(as, { isTold: way.lost.some(({ path }) => path === "output") });
  return { ...ask(way), learned: ONE_SCHEMA.test(told) ? way.learned : { ...way.learned, output: as } };
}

/** JSON without a schema is an object wherever it can be asked for, and may be told to be none. */
function isOfObject(output: OutputFormat): boolean {
  return output.type === "schema" && (output.schema.type === undefined || output.schema.type === "object");
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
  return withQuirks(quirks, way);
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
 * How it is said in Anthropic's dialect that instructions have no turn. DeepSeek:
 * https://github.com/deepseek-ai/awesome-deepseek-integration/issues/639 (2026-05-29); Anthropic, of older models:
 * https://github.com/ianarawjo/ChainForge/issues/271 (2024-04-29).
 */
const NO_SYSTEM_TURN =
  /unknown variant `system`|unexpected role .{0,3}system(?!.{0,3}after)|role.{1,20}should be .{0,3}user.{1,12}assistant/i;

function withoutSystemTurns({ told, sent }: Refusal, way: Way): Way | undefined {
  const { quirks, request: { source } } = way;
  if (quirks.noSystemTurns || source.dialect !== "anthropic" || !NO_SYSTEM_TURN.test(told)) return undefined;
  return /"role":\s*"system"/.test(sent) ? withQuirks({ noSystemTurns: true }, way) : undefined;
}

/**
 * Local servers, with 400 or 500, of the model's own template: https://github.com/anomalyco/opencode/issues/5034
 * (2025-12-12), https://github.com/mistralai/mistral-vibe/issues/1006 (2026-08-16). Mistral itself, where the user speaks
 * right behind a result, as Claude Code's reminders do: https://github.com/zed-industries/zed/issues/37021 (2025-08-27).
 */
const TURNS =
  /roles must alternate|system message must be|only user.{1,20}assistant.{1,40}roles are supported|unexpected role \W?(?:user|system)\W{1,2}after role/is;
/** The last are OpenAI's words, of o1-mini: https://github.com/microsoft/agent-framework/issues/1077 (2025-10-01). */
const NO_SYSTEM =
  /system role (?:is )?not supported|got system\b|developer instruction is not enabled|role\W{1,3}does not support \W{0,3}(?:system|developer)\b/i;

function withAlternateTurns({ told }: Refusal, way: Way): Way | undefined {
  const { turns: before } = way.learned;
  if (before === "no-instruction" || !(TURNS.test(told) || NO_SYSTEM.test(told))) return undefined;
  const turns = NO_SYSTEM.test(told) || before !== undefined ? "no-instruction" : "one-instruction";
  return { ...inTurns(turns)(way), learned: { ...way.learned, turns } };
}

/**
 * DeepSeek, of results and answers in parts: https://github.com/moeru-ai/airi/pull/1222 (2026-03-09); Azure, of some of its
 * models: https://github.com/danny-avila/LibreChat/issues/3111 (2024-06-19).
 */
const ONE_TEXT = /invalid type: sequence, expected a string|content['"`]?: expected a string, but got an array/i;

function withOneText({ told, sent }: Refusal, way: Way): Way | undefined {
  if (way.quirks.flatContent || !ONE_TEXT.test(told) || !/"content":\s*\[/.test(sent)) return undefined;
  const next = inOneText(way);
  return next === way ? undefined : { ...next, learned: { ...way.learned, takesOneText: true } };
}

/**
 * How they say that they see no pictures. DeepSeek: "unknown variant `image_url`, expected `text`"
 * (https://github.com/1jehuang/jcode/issues/310, 2026-06-02), in every turn from then on
 * (https://github.com/nesquena/hermes-webui/issues/2297, 2026-05-15); others in their words.
 */
const NO_PICTURES =
  /unknown variant `image_url`|(?:image|vision|multimodal|picture).{0,60}(?:not support|unsupported|not available)|(?:not support|unsupported|no endpoints).{0,60}(?:image|vision|multimodal)/is;

/**
 * Of the picture itself, which another one may do better: its form, its size, where it stands and is to be had. OpenAI:
 * "You uploaded an unsupported image. Please make sure your image …"; Vertex: "image.source.base64.data: URL sources are
 * not supported".
 */
const ONE_PICTURE =
  /an unsupported image|image (?:format|type|size|url|detail)|media.?type|\bmime\b|url sources|image\.source|process (?:the )?image|larger|dimension|animated|\b(?:svg|gif|bmp|tiff|heic|avif)\b|image\/\w|tool message|image_generation/i;

function seesNone(told: string): boolean {
  return NO_PICTURES.test(told) && !ONE_PICTURE.test(told);
}

/** Whether a refusal is about pictures, of which some are left. */
export function isAboutPictures({ told }: Pick<Refusal, "told">, { request }: Pick<Way, "request">): boolean {
  return seesNone(told) && request.messages.some(({ parts }) => parts.some(({ type }) => type === "image"));
}

function withoutPictures({ told }: Refusal, way: Way): Way | undefined {
  if (way.learned.isBlind || !seesNone(told)) return undefined;
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

/** Anthropic takes some fields with their beta alone: who sends that is not to lose them for one who does not. */
const BETA_FIELD = /^(?:\*\.|context_management|output_config|speed|thinking\.)/;
/** How it says so; all else that it refuses is the model's. */
const NO_BETA = /extra inputs are not permitted|extra_forbidden/i;

function withoutFields({ told, sent, fields }: Refusal, way: Way): Way | undefined {
  const found = refusedIn(told, sent);
  const more = found.fields.filter((name) => !way.refused.includes(name) && !(name in fields));
  if (more.length === 0) return undefined;
  const { learned, request } = way;
  const isOfBeta = request.source.dialect === "anthropic" && betasOf(request).length === 0 &&
    NO_BETA.test(told) && more.every((name) => BETA_FIELD.test(name));
  return {
    ...way,
    refused: [...way.refused, ...more],
    learned: found.isLasting && !isOfBeta ? { ...learned, fields: [...learned.fields, ...more] } : learned,
  };
}
