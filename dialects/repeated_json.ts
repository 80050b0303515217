/** Reads JSON of which most is what came before but for a text and a number: no more than those are read. */

import type { JsonObject } from "../chat/json.ts";
import { parseObject } from "./json.ts";
import { endOfString } from "./json_depth.ts";

export interface RepeatedJsonOptions<T> {
  /** What a body says, whatever was read before. */
  read(body: JsonObject): T;
  /** What of it may be another in the next body; `undefined`, or an empty text, where there is no such thing. */
  varied(value: T): Varied | undefined;
  /** What a body says that has these in their places, and is else the same. */
  withVaried(value: T, varied: Varied): T;
}

export interface Varied {
  text: string;
  /** The body's member `sequence_number`. */
  number?: number | undefined;
}

/** What a hole in a template is filled with. Nobody reads padding. */
type Hole = "text" | "number" | "padding";

/** What stands around the holes, and what was read with it. */
interface Template<T> {
  value: T;
  holes: Hole[];
  /** One more than there are holes. */
  fixed: string[];
}

/** Frames in a row from which nothing was learnt that fitted the next: the upstream's are not of that kind. */
const MOST_IN_VAIN = 4;
/** Stand for others, to see where they stand. */
const MARK: Required<Varied> = { text: "anystream", number: 4_242_424_242 };
/** A quote, an escape, or what JSON has no right to: with these a string must be read as JSON. */
const SPECIAL = /["\\\p{Cc}]/u;
/** V8 copies no longer slice than this: whoever held on to one that is a view would hold all that came with it. */
const COPIED = 12;
/** OpenAI hides how long each delta is behind a member of changing length. */
const PADDING = /(?<=[{,]\s*"obfuscation":\s*")[^"\\]*(?=")/;
const NUMBER = /(?<=[{,]\s*"sequence_number":\s*)\d+(?=\s*[,}])/;

/**
 * A parser that remembers. Each chunk of an answer's text is the one before but for a word, and JSON, schema and rules are
 * most of what a chunk costs: a stream of 64 frames is relayed for a sixth less.
 *
 * It gives the value of a JSON object, or `undefined` for a text that is none. Values of one template share all the rest.
 */
export function repeatedJson<T>(options: RepeatedJsonOptions<T>): (json: string) => T | undefined {
  const { read, varied, withVaried } = options;
  let template: Template<T> | undefined;
  let left = MOST_IN_VAIN;

  function learn(json: string, value: T): void {
    const learnt = left > 0 ? varied(value) : undefined;
    if (!learnt?.text) return;
    left--;
    template = templateOf(json, { value, varied: learnt, options }) ?? template;
  }

  return function parse(json) {
    const filled = template && fillings(json, template);
    if (template !== undefined && filled !== undefined) {
      left = MOST_IN_VAIN;
      return withVaried(template.value, filled);
    }
    const body = parseObject(json);
    if (body === undefined) return undefined;
    const value = read(body);
    learn(json, value);
    return value;
  };
}

interface Learnt<T> {
  value: T;
  varied: Varied;
  options: RepeatedJsonOptions<T>;
}

/** The JSON with holes, where it is sure that they are where what varies stands. */
function templateOf<T>(json: string, { value, varied, options }: Learnt<T>): Template<T> | undefined {
  const { text, number } = varied;
  const places = [
    placeOfText(json, text),
    ...number === undefined ? [] : [placeOf(json, NUMBER, "number")],
    placeOf(json, PADDING, "padding"),
  ].filter((place) => place !== undefined).toSorted((one, other) => one.at - other.at);
  const holes = places.map(({ hole }) => hole);
  const fixed = [0, ...places.map(({ end }) => end)].map((from, at) => json.slice(from, places[at]?.at));
  const marked = parseObject(
    fixed.map((piece, at) => piece + (holes[at] === undefined ? "" : markOf(holes[at]))).join(""),
  );
  const found = marked && options.varied(options.read(marked));
  const isSure = found !== undefined && text !== MARK.text && found.text === MARK.text &&
    (number === undefined || (number !== MARK.number && found.number === MARK.number));
  return isSure ? { value, holes, fixed } : undefined;
}

function markOf(hole: Hole): string {
  return hole === "padding" ? "" : String(MARK[hole]);
}

/** Where something stands that may be another the next time. */
interface Place {
  hole: Hole;
  at: number;
  end: number;
}

function placeOf(json: string, pattern: RegExp, hole: Hole): Place | undefined {
  const found = pattern.exec(json);
  return found === null ? undefined : { hole, at: found.index, end: found.index + found[0].length };
}

function placeOfText(json: string, text: string): Place | undefined {
  const literal = JSON.stringify(text);
  const at = json.indexOf(literal);
  return at === -1 ? undefined : { hole: "text", at: at + 1, end: at + literal.length - 1 };
}

/** What the JSON has in the template's holes; `undefined` where it is another, or its text empty. */
function fillings(json: string, { holes, fixed }: Pick<Template<unknown>, "holes" | "fixed">): Varied | undefined {
  const filled: Varied = { text: "" };
  let at = 0;
  for (let next = 0; next < fixed.length; next++) {
    const end = next === 0 ? 0 : fill(filled, holes[next - 1]!, { json, start: at });
    const piece = fixed[next]!;
    // Compared whole: `startsWith` goes through it character by character.
    if (end === -1 || json.slice(end, end + piece.length) !== piece) return undefined;
    at = end + piece.length;
  }
  return at === json.length ? filled : undefined;
}

/** Takes what stands in a hole, and tells where it ends; -1 where it is no such thing. */
function fill(filled: Varied, hole: Hole, { json, start }: { json: string; start: number }): number {
  const end = hole === "number" ? endOfDigits(json, start) : endOfString(json, start - 1);
  const written = json.slice(start, end);
  switch (hole) {
    case "text": {
      const text = written.length > COPIED || SPECIAL.test(written) ? unescaped(written) : written;
      if (text === undefined || text === "") return -1;
      filled.text = text;
      return end;
    }
    case "number":
      filled.number = Number(written);
      return end === start ? -1 : end;
    case "padding":
      return SPECIAL.test(written) ? -1 : end;
    default:
      return hole satisfies never;
  }
}

/** JSON has no zeros before a number. */
function endOfDigits(json: string, start: number): number {
  let end = start;
  while (json.charCodeAt(end) >= 0x30 && json.charCodeAt(end) <= 0x39) end++;
  return json[start] === "0" && end > start + 1 ? start : end;
}

/** What stands between the quotes of a JSON string; none where it is no such thing. */
function unescaped(text: string): string | undefined {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return undefined;
  }
}
