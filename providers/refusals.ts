/**
 * Which fields an upstream refuses, as its own answers say: many vendors refuse what they do not know, each something else,
 * some models what their siblings take, and no list of ours knows them all.
 */

import { GatewayError } from "../chat/error.ts";
import { isObject, parseJson } from "../dialects/json.ts";

/** Fields that say how to answer, and not what: whoever asked would rather have an answer without one than none. */
const HINTS = [
  ...["store", "metadata", "user", "safety_identifier", "service_tier", "prompt_cache_key", "prompt_cache_retention"],
  ...["reasoning_effort", "reasoning", "thinking", "verbosity", "parallel_tool_calls", "stream_options"],
  ...["temperature", "top_p", "top_k", "min_p", "presence_penalty", "frequency_penalty", "repetition_penalty", "seed"],
] as const;

/**
 * How vendors say that they do not take a field, which is not the same as a value that is out of range: also where they take
 * the default alone, as Kimi ("only 1 is allowed": https://github.com/opencyvis/opencyvis-phone/issues/12, 2026-06-12).
 */
const UNKNOWN =
  /unsupported|not support|unknown|unrecogni[sz]ed|extra_forbidden|not permitted|cannot find field|additional propert|only \S{1,20} is (?:allowed|supported)/i;
/** How they say that they know others than the word that was sent: https://github.com/router-for-me/CLIProxyAPI/issues/1307. */
const OTHER_WORD = /one of|input should be|valid (?:values|levels)|supported values/i;
/** The hints that are words, of which vendors and models know different ones. */
const WORDS: ReadonlySet<string> = new Set(["reasoning_effort", "verbosity", "service_tier"]);

/** Milliseconds for which it is believed: models change. */
const LASTING = 3_600_000;

export interface Refusals {
  /** The fields that the model is known to refuse. */
  of(model: string): readonly string[];
  /** The model answered without these, and would not with them. */
  learn(model: string, fields: readonly string[]): void;
}

/** What is learned is of models that have answered: there are as many as the upstream has. */
export function createRefusals(now: () => number): Refusals {
  const learned = new Map<string, { fields: readonly string[]; until: number }>();
  return {
    of(model) {
      const found = learned.get(model);
      return found !== undefined && found.until > now() ? found.fields : [];
    },
    learn: (model, fields) => void learned.set(model, { fields, until: now() + LASTING }),
  };
}

export interface Refused {
  fields: string[];
  /** They are taken with no value; otherwise another one might be. */
  isLasting: boolean;
}

/** The hints among the fields sent, the body's JSON, that the error says are not taken. */
export function refusedIn(error: unknown, body: string): Refused {
  const none = { fields: [], isLasting: false };
  if (!(error instanceof GatewayError)) return none;
  if (error.kind !== "invalid-request" && error.kind !== "unprocessable") return none;
  const told = `${error.param ?? ""} ${error.detail ?? ""}`;
  const isOtherWord = OTHER_WORD.test(told);
  const named = isOtherWord || UNKNOWN.test(told) ? HINTS.filter((name) => names(told, name)) : [];
  // A body of megabytes is not read again for an error that is about something else.
  if (named.length === 0) return none;
  const sent = parseJson(body);
  const fields = named.filter((name) => isObject(sent) && name in sent && (!isOtherWord || WORDS.has(name)));
  return { fields, isLasting: !isOtherWord };
}

/** Whether a text names a field, as it is or as xAI writes it: `reasoningEffort`. */
function names(text: string, field: string): boolean {
  const camel = field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return new RegExp(`(?<![\\w-])(?:${field}|${camel})(?![\\w-])`).test(text);
}
