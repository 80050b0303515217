/** Sets members of a JSON object in its text, so that all else stays as the client wrote it: numbers, order, spaces. */

import type { Json } from "../chat/json.ts";

interface Member {
  key: string;
  /** Where the key's quote stands. */
  start: number;
  valueStart: number;
  valueEnd: number;
}

/**
 * The text with top-level members set, or removed where the patch is `undefined`. A member that occurs twice is patched
 * at each place, as parsers differ in which of them counts. `text` must be the valid JSON of an object. One linear scan:
 * a body of 10 MB is not parsed again.
 */
export function patchJson(text: string, patches: Record<string, Json | undefined>): string {
  const wanted = new Map(Object.entries(patches));
  const open = text.indexOf("{");
  const members = topLevelMembers(text, open);
  const end = members.at(-1)?.valueEnd ?? open + 1;

  let patched = text.slice(0, members[0]?.start ?? open + 1);
  let isEmpty = true;
  members.forEach((member, at) => {
    const isPatched = wanted.has(member.key);
    const value = wanted.get(member.key);
    if (isPatched && value === undefined) return;
    // The comma and the spaces between two members go with the later one.
    if (!isEmpty) patched += text.slice(members[at - 1]!.valueEnd, member.start);
    patched += isPatched
      ? text.slice(member.start, member.valueStart) + JSON.stringify(value)
      : text.slice(member.start, member.valueEnd);
    isEmpty = false;
  });

  const present = new Set(members.map((member) => member.key));
  for (const [key, value] of wanted) {
    if (value === undefined || present.has(key)) continue;
    patched += `${isEmpty ? "" : ","}${JSON.stringify(key)}:${JSON.stringify(value)}`;
    isEmpty = false;
  }
  return patched + text.slice(end);
}

function topLevelMembers(text: string, open: number): Member[] {
  const members: Member[] = [];
  for (let at = skipSpace(text, open + 1); text[at] === '"'; at = skipSpace(text, at)) {
    const start = at;
    const keyEnd = stringEnd(text, start);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = valueEnd(text, valueStart);
    members.push({ key: keyOf(text.slice(start, keyEnd)), start, valueStart, valueEnd: end });
    at = skipSpace(text, end);
    if (text[at] === ",") at++;
  }
  return members;
}

/** A key may be written with escapes: `"mod\u0065l"` is `model`. */
function keyOf(literal: string): string {
  return literal.includes("\\") ? JSON.parse(literal) : literal.slice(1, -1);
}

function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first === "{" || first === "[") return bracketEnd(text, start);
  let end = start;
  while (isScalar(text.charCodeAt(end))) end++;
  return end;
}

function bracketEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start;; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at) - 1;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 0) return at + 1;
  }
}

/** Where a string ends, its quote included. `indexOf` walks a long string many times faster than a loop does. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1);; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
}

function skipSpace(text: string, at: number): number {
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function isScalar(code: number): boolean {
  return !isSpace(code) && code !== COMMA && code !== CLOSE_BRACE;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
