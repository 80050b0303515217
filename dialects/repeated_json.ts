/** Reads JSON of which most is what came before with another string in one place: no more than that string is read. */

import type { JsonObject } from "../chat/json.ts";
import { parseObject } from "./json.ts";

export interface RepeatedJsonOptions<T> {
  /** What a body says, whatever was read before. */
  read(body: JsonObject): T;
  /** The string in which the next body may differ from it; empty or absent where there is none. */
  textIn(value: T): string | undefined;
  /** What a body says that has this string in that place, and is else the same. */
  withText(value: T, text: string): T;
}

/** What stands around the string, and was read with it. */
interface Template<T> {
  value: T;
  /** To the string's opening quote, and from its closing one. */
  before: string;
  after: string;
  /** Where padding follows: what stands between it and the string, quotes included; it is then what follows the padding. */
  between: string | undefined;
}

/** Frames in a row from which nothing was learnt that fitted the next: the upstream's are not of that kind. */
const MOST_IN_VAIN = 4;
/** Stands for another string, to see where a string stands. */
const MARK = "anystream";
/** A quote, an escape, or what JSON has no right to: with these a string must be read as JSON. */
const SPECIAL = /["\\\p{Cc}]/u;
/** V8 copies no longer slice than this: whoever held on to one that is a view would hold all that came with it. */
const COPIED = 12;
/** OpenAI hides how long each delta is behind a last member of changing length, which nobody reads. */
const PADDING = /("obfuscation":\s*")[^"\\]*("\s*\}\s*)$/;

/**
 * A parser that remembers. Each chunk of an answer's text is the one before but for a word, and JSON, schema and rules are
 * most of what a chunk costs: a stream of 64 frames is relayed for a sixth less.
 *
 * It gives the value of a JSON object, or `undefined` for a text that is none. Values of one place share all but their string.
 */
export function repeatedJson<T>({ read, textIn, withText }: RepeatedJsonOptions<T>): (json: string) => T | undefined {
  let template: Template<T> | undefined;
  let left = MOST_IN_VAIN;

  /** What the JSON is around this string of its value, where it is sure that it stands there. */
  function templateOf(json: string, value: T, text: string): Template<T> | undefined {
    const literal = JSON.stringify(text);
    const at = json.indexOf(literal);
    if (at === -1 || text === MARK) return undefined;
    const before = json.slice(0, at + 1);
    const rest = json.slice(at + literal.length - 1);
    const marked = parseObject(before + MARK + rest);
    if (marked === undefined || textIn(read(marked)) !== MARK) return undefined;
    const padding = PADDING.exec(rest);
    if (padding === null) return { value, before, after: rest, between: undefined };
    const [, name = "", after = ""] = padding;
    return { value, before, after, between: rest.slice(0, padding.index) + name };
  }

  function learn(json: string, value: T): void {
    const text = left > 0 ? textIn(value) : undefined;
    if (!text) return;
    left--;
    template = templateOf(json, value, text) ?? template;
  }

  return function parse(json) {
    const text = template && textBetween(json, template);
    if (template !== undefined && text !== undefined) {
      left = MOST_IN_VAIN;
      return withText(template.value, text);
    }
    const body = parseObject(json);
    if (body === undefined) return undefined;
    const value = read(body);
    learn(json, value);
    return value;
  };
}

type Surroundings = Pick<Template<unknown>, "before" | "between" | "after">;

/** The string that the JSON has where the template has its own; none where the JSON is another, or the string empty. */
function textBetween(json: string, { before, between, after }: Surroundings): string | undefined {
  let end = json.length - after.length;
  if (end <= before.length || json.slice(0, before.length) !== before || json.slice(end) !== after) return undefined;
  if (between !== undefined) {
    const padding = json.lastIndexOf('"', end - 1) + 1;
    if (SPECIAL.test(json.slice(padding, end))) return undefined;
    end = padding - between.length;
    if (end <= before.length || !json.startsWith(between, end)) return undefined;
  }
  const text = json.slice(before.length, end);
  return text.length > COPIED || SPECIAL.test(text) ? unescaped(text) : text;
}

/** What stands between the quotes of a JSON string; none where it is no such thing. */
function unescaped(text: string): string | undefined {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return undefined;
  }
}
