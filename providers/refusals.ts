/**
 * Which fields an upstream refuses, as its own answers say: many vendors refuse what they do not know, each something else,
 * some models what their siblings take, and no list of ours knows them all.
 */

import { type ErrorKind, GatewayError } from "../chat/error.ts";
import { parseJson } from "../dialects/json.ts";
import { fieldAt } from "./field_at.ts";

/** Fields that say how to answer, and not what: whoever asked would rather have an answer without one than none. */
const HINTS = [
  ...["store", "metadata", "user", "safety_identifier", "service_tier", "prompt_cache_key", "prompt_cache_retention"],
  ...["reasoning_effort", "reasoning", "thinking", "verbosity", "parallel_tool_calls", "stream_options"],
  ...["temperature", "top_p", "top_k", "min_p", "presence_penalty", "frequency_penalty", "repetition_penalty", "seed"],
  // Whoever wanted a stream is given one all the same.
  "stream",
] as const;

/**
 * A member within a hint, which alone is left out. OpenAI gives summaries of thoughts to organizations that it verified:
 * https://github.com/continuedev/continue/issues/9067 (2025-12-08).
 */
const WITHIN = "reasoning.summary";

/**
 * How vendors say that they do not take a field, which is not the same as a value that is out of range: also where they take
 * the default alone, as Kimi ("only 1 is allowed": https://github.com/opencyvis/opencyvis-phone/issues/12, 2026-06-12).
 */
const UNKNOWN =
  /unsupported|not support|deprecated for|may only be set to|must be verified|unknown|unrecogni[sz]ed|extra_forbidden|not permitted|cannot find field|additional propert|only \S{1,20} is (?:allowed|supported)/i;
/** How they say that they know others than the word that was sent: https://github.com/router-for-me/CLIProxyAPI/issues/1307. */
const OTHER_WORD = /one of|input should be|valid (?:values|levels)|supported values/i;
/**
 * "stream" is a word of many errors. OpenAI streams its thinking models to organizations that it verified:
 * https://github.com/continuedev/continue/issues/7129 (2025-08-13).
 */
const NO_STREAM =
  /verified to stream|(?<![\w-])stream(?:ing)?['"`]?,? (?:is |does )?(?:not support|unsupported)|not support(?: \w+)? stream(?:ing|s)?(?![\w-])/i;
/**
 * How they say that a thought of the history was not theirs, or is not what it was when they signed it. Anthropic:
 * https://github.com/awsl-project/maxx/pull/532 (2026-04-23); OpenAI: https://github.com/openai/codex/issues/8132
 * (2025-12-16); Gemini: https://github.com/lbjlaq/Antigravity-Manager/issues/139 (2025-12-28).
 */
const SIGNATURES =
  /thinking.{1,20}signature|signature.{1,20}thinking|thought.?signature|thinking` blocks .{1,80} cannot be modified|encrypted.content.{1,200}(?:verified|decrypted)/is;
/**
 * How they say that a turn was not thought about. DeepSeek: https://github.com/earendil-works/pi/issues/3636 (2026-04-24),
 * and in Anthropic's words https://github.com/NousResearch/hermes-agent/issues/22313 (2026-05-09); Kimi:
 * https://github.com/QuantumNous/new-api/issues/4408 (2026-04-23), https://github.com/MoonshotAI/kimi-cli/pull/2498.
 */
const NO_THOUGHT =
  /(?:reasoning.content|content\[\]\.thinking|thinking block).{1,80}(?:missing|passed back)|missing.{1,20}(?:reasoning.content|thinking block)|requires reasoning_content/is;
/** The hints that are words, of which vendors and models know different ones. */
const WORDS: ReadonlySet<string> = new Set(["reasoning_effort", "verbosity", "service_tier"]);

const REFUSALS: ReadonlySet<ErrorKind> = new Set(["invalid-request", "unprocessable"]);

/** Milliseconds for which it is believed: models change. */
const LASTING = 3_600_000;

/** What a model was found to refuse. */
export interface Learned {
  fields: readonly string[];
  /** It refuses a history with turns that were not thought about. */
  wantsThoughts: boolean;
}

export interface Refusals {
  of(model: string): Learned;
  /** The model answered so, and would not otherwise. */
  learn(model: string, learned: Learned): void;
}

const NOTHING: Learned = { fields: [], wantsThoughts: false };

/** What is learned is of models that have answered: there are as many as the upstream has. */
export function createRefusals(now: () => number): Refusals {
  const known = new Map<string, Learned & { until: number }>();
  return {
    of(model) {
      const found = known.get(model);
      return found !== undefined && found.until > now() ? found : NOTHING;
    },
    learn: (model, learned) => void known.set(model, { ...learned, until: now() + LASTING }),
  };
}

export interface Refused {
  fields: string[];
  /** They are taken with no value; otherwise another one might be. */
  isLasting: boolean;
}

/** Whether an upstream refused thoughts of the history by their signatures: another vendor's, another account's, altered ones. */
export function isAboutSignatures(error: unknown): boolean {
  return error instanceof GatewayError && REFUSALS.has(error.kind) && SIGNATURES.test(error.detail ?? "");
}

/** Whether an upstream refused a history in which a turn was not thought about. */
export function isAboutMissingThoughts(error: unknown): boolean {
  return error instanceof GatewayError && REFUSALS.has(error.kind) && NO_THOUGHT.test(error.detail ?? "");
}

/** The hints among the fields sent, the body's JSON, that the error says are not taken. */
export function refusedIn(error: unknown, body: string): Refused {
  const none = { fields: [], isLasting: false };
  if (!(error instanceof GatewayError) || !REFUSALS.has(error.kind)) return none;
  const told = `${error.param ?? ""} ${error.detail ?? ""}`;
  const isOtherWord = OTHER_WORD.test(told);
  const named = isOtherWord || UNKNOWN.test(told) ? namedIn(told) : [];
  // A body of megabytes is not read again for an error that is about something else.
  if (named.length === 0) return none;
  const sent = parseJson(body);
  const fields = named.filter((name) => isSent(sent, name) && (!isOtherWord || WORDS.has(name)));
  return { fields, isLasting: !isOtherWord };
}

function namedIn(told: string): string[] {
  if (names(told, WITHIN)) return [WITHIN];
  return HINTS.filter((name) => name === "stream" ? NO_STREAM.test(told) : names(told, name));
}

function isSent(body: unknown, name: string): boolean {
  const value = fieldAt(body, name);
  return value !== undefined && value !== false;
}

/** Whether a text names a field, as it is or as xAI writes it: `reasoningEffort`. */
function names(text: string, field: string): boolean {
  const camel = field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return new RegExp(`(?<![\\w-])(?:${field}|${camel})(?![\\w-])`).test(text);
}
