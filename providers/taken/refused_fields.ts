/** Which fields an upstream refuses, as its own answers say. */

import type { Json } from "../../chat/json.ts";
import { isObject, parseJson } from "../../dialects/json.ts";
import { hasField } from "./field_at.ts";

/** Fields that say how to answer, and not what: whoever asked would rather have an answer without one than none. */
const HINTS = [
  ...["store", "metadata", "user", "safety_identifier", "service_tier", "prompt_cache_key", "prompt_cache_retention"],
  ...["reasoning_effort", "reasoning", "thinking", "think", "verbosity", "parallel_tool_calls", "stream_options"],
  ...["temperature", "top_p", "top_k", "min_p", "presence_penalty", "frequency_penalty", "repetition_penalty", "seed"],
  // Claude Code's own: https://github.com/anthropics/claude-code/issues/21612 (2026-02-24).
  ...["context_management", "output_config", "speed", "inference_geo", "cache_control"],
  // Whoever wanted a stream is given one all the same, and an answer ends at its stop strings: thinking models of OpenAI's
  // take none (https://github.com/BittnerPierre/AI-Agent-Casebook/issues/133, 2025-08-20).
  ...["stream", "stop", "stop_sequences"],
] as const;

/**
 * What of a union a path goes through is no member: `thinking.adaptive.display: Extra inputs are not permitted`
 * (https://github.com/anthropics/claude-code/issues/69618, 2026-06-19).
 */
const VARIANTS: ReadonlySet<string> = new Set(["adaptive", "enabled", "disabled"]);
/** Members that are the hint itself, and one that is no hint. */
const WHOLE: ReadonlySet<string> = new Set(["type", "format"]);
/** Claude's smaller models, of what they call so in words: "This model does not support the effort parameter." */
const NO_EFFORT = /support the effort parameter/i;
/**
 * Behind these stands what else was asked for, which is taken: "`temperature` may only be set to 1 when thinking is enabled".
 * That is so of this request, and of no other.
 */
const CONDITION = /[\s,;]+(?:when|while|if|unless|as long as)\s.*|^(?:when|while|if|unless|as long as)\s[^,]*,?/i;

/**
 * Members of tools and of blocks that say how they are to be held, as an error's path ends:
 * `tools.0.custom.defer_loading: Extra inputs are not permitted` (https://github.com/anthropics/claude-code/issues/31033,
 * 2026-03-05), `cache_control.ttl: 1h is not supported` (https://github.com/BerriAI/litellm/pull/38790, 2026-08).
 */
const ANYWHERE =
  /(?:(?<!\w)cache_control\.(?:ephemeral\.)?(ttl|scope)|(?<!thinking)\.(cache_control|defer_loading|input_examples|allowed_callers|eager_input_streaming|strict))(?![\w.[])/;

/**
 * How vendors say that they do not take a field, which is not the same as a value that is out of range: also where they take
 * the default alone, as Kimi ("only 1 is allowed": https://github.com/opencyvis/opencyvis-phone/issues/12, 2026-06-12).
 */
const UNKNOWN =
  /unsupported|not support|deprecated for|may only be set to|must be verified|unknown|unrecogni[sz]ed|extra_forbidden|not permitted|not enabled|cannot find field|additional propert|only allowed when|only \S{1,20} is (?:allowed|supported)/i;
/** How they say that they know others than the word that was sent: https://github.com/router-for-me/CLIProxyAPI/issues/1307. */
const OTHER_WORD = /one of|input should be|valid (?:values|levels)|supported values/i;
/** Those who name all fields that they know behind the one that they do not: "unknown field `a`, expected one of `b`, `c`". */
const UNKNOWN_FIELD = /unknown field ([`'"])[\w.]+\1/i;
/**
 * Claude, of a way to think: what it names besides is how it is to be asked. https://github.com/stdapi-ai/stdapi.ai/issues/284
 * (2026-09-22); Gemini: https://github.com/QwenLM/qwen-code/pull/9094 (2026-08-13); others that speak Claude's dialect, of the
 * `adaptive` of Claude Code, in the words of what checks their requests.
 */
const NO_SUCH_THINKING =
  /thinking\.type\.\w+["'`\\]* is not supported|(?:adaptive|enabled) thinking is not supported|thinking.(?:level|budget) is not supported|thinking\.type\W{1,6}input should be/i;
/** Those of its models that do not bind thoughts to a conversation: https://github.com/anomalyco/opencode/pull/46848 (2026-09-02). */
const NO_BINDING = /\bblock_binding\b/;
/** Gemini, of all penalties: https://github.com/google-gemini/cookbook/issues/1290 (2026-07-17). */
const NO_PENALTY = /penalty is not enabled/i;
const PENALTIES = [
  ...["presence_penalty", "frequency_penalty", "repetition_penalty"],
  ...["generationConfig.presencePenalty", "generationConfig.frequencyPenalty"],
] as const;
/** OpenAI and Azure, of models that do not think; `include` by itself is a word of many errors. */
const NO_SIGNATURES = /encrypted content is not supported/i;
/** Ollama, whatever the field is called: https://github.com/CherryHQ/cherry-studio/pull/18744 (2026-08-17). */
const NO_THINKING = /does not support (?:thinking|reasoning)/i;
const THINKING = ["think", "thinking", "reasoning", "reasoning_effort"] as const;
/**
 * "stream" is a word of many errors. OpenAI streams its thinking models to organizations that it verified:
 * https://github.com/continuedev/continue/issues/7129 (2025-08-13).
 */
const NO_STREAM =
  /verified to stream|(?<![\w-])stream(?:ing)?['"`]?,? (?:is |does )?(?:not support|unsupported)|not support(?: \w+)? stream(?:ing|s)?(?![\w-])/i;
/** The hints that are words, of which vendors and models know different ones. */
const WORDS: ReadonlySet<string> = new Set([
  ...["reasoning_effort", "reasoning.effort", "output_config.effort", "verbosity", "service_tier"],
]);

export interface Refused {
  fields: string[];
  /** They are taken with no value; otherwise another one might be. */
  isLasting: boolean;
}

/** The hints among the fields sent, the body's JSON, that a refusal says are not taken. */
export function refusedIn(told: string, body: string): Refused {
  const isOtherWord = OTHER_WORD.test(told) && !UNKNOWN_FIELD.test(told) && !NO_SUCH_THINKING.test(told);
  const isAbout = isOtherWord || UNKNOWN.test(told) || NO_SUCH_THINKING.test(told);
  const named = isAbout ? namedIn(told) : [];
  // A body of megabytes is not read again for an error that is about something else.
  if (named.length === 0) return { fields: [], isLasting: false };
  const sent = parseJson(body);
  const isSent = (name: string) => hasField(sent, name) && isObject(sent) && isHint(name, sent[name]);
  const fields = named.filter((name) => isSent(name) && (!isOtherWord || WORDS.has(name)));
  return { fields, isLasting: !isOtherWord && !NO_SUCH_THINKING.test(told) && !isConditional(told) };
}

/** What stands behind a condition is not meant, unless nothing is refused before it: "Error while reading: unknown field a". */
function namedIn(text: string): string[] {
  const list = UNKNOWN_FIELD.exec(text)?.[0];
  if (list !== undefined) return readIn(list);
  const main = sentencesOf(text).map(unconditional).join(" ");
  const named = readIn(main);
  return named.length > 0 || UNKNOWN.test(main) || OTHER_WORD.test(main) ? named : readIn(text);
}

/** What stands in the other members of an error's JSON is none of the sentence before. */
function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?]["'`)\\]*)[\s,]+/);
}

function unconditional(sentence: string): string {
  return sentence.replace(CONDITION, "");
}

/** Whether a field is refused under a condition: another sentence may have one, too, as of when to try again. */
function isConditional(text: string): boolean {
  return sentencesOf(text).some((sentence) => {
    const told = unconditional(sentence);
    return told !== sentence && readIn(told).length > 0;
  });
}

/** A form of the answer is no hint, and that there is to be no stream no field to be left out. */
function isHint(name: string, value: Json | undefined): boolean {
  if (name === "stream") return Boolean(value);
  return name !== "output_config" || !isObject(value) || value.format === undefined;
}

/** Places within what was said, and addresses, have words that are no fields. */
const ELSEWHERE = /https?:\/\/\S+|\b(?:messages|input|contents|system|tools)(?:\.\d+|\[\d+\])[\w.[\]]*/g;

function readIn(text: string): string[] {
  const known = knownIn(text);
  if (known.length > 0) return known;
  const told = text.replace(ELSEWHERE, " ");
  const within = membersIn(told);
  if (within.length > 0) return within;
  if (NO_THINKING.test(told)) return [...THINKING];
  return HINTS.filter((name) => name === "stream" ? NO_STREAM.test(told) : names(told, name));
}

/** What vendors are known to mean by their words. */
function knownIn(told: string): string[] {
  const anywhere = ANYWHERE.exec(told);
  if (anywhere !== null) return [anywhere[1] === undefined ? `*.${anywhere[2]}` : `*.cache_control.${anywhere[1]}`];
  if (NO_SUCH_THINKING.test(told)) return ["thinking", "generationConfig.thinkingConfig"];
  if (NO_BINDING.test(told)) return ["thinking.block_binding"];
  if (NO_PENALTY.test(told)) return [...PENALTIES];
  if (NO_SIGNATURES.test(told)) return ["include"];
  return NO_EFFORT.test(told) ? ["output_config.effort"] : [];
}

/**
 * Members within hints, which alone are left out: OpenAI gives summaries of thoughts to organizations that it verified
 * (https://github.com/continuedev/continue/issues/9067, 2025-12-08).
 */
function membersIn(text: string): string[] {
  return HINTS.flatMap((hint) => {
    const path = new RegExp(`(?<![\\w-])${hint}((?:\\.\\w+)+)`).exec(text)?.[1]?.split(".").slice(1) ?? [];
    const [member] = path.filter((name) => !VARIANTS.has(name));
    if (member === undefined || WHOLE.has(member)) return [];
    return [/^\d+$/.test(member) ? hint : `${hint}.${member}`];
  });
}

/** Whether a text names a field, as it is or as xAI writes it: `reasoningEffort`. */
function names(text: string, field: string): boolean {
  const camel = field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return new RegExp(`(?<![\\w-])(?:${field}|${camel})(?![\\w-])`).test(text);
}
