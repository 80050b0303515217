/** Damages what an upstream or a client sends: its bytes, its frames, and the JSON in them. */

import fc from "fast-check";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { Framing } from "../../streaming/frame.ts";

/** What stands where something else should: of every type, and of those what breaks careless readers. */
export const JUNK: readonly Json[] = [
  ...[null, true, 0, -1, 1.5, 1e300, 4_294_967_294, Number.MAX_SAFE_INTEGER],
  ...["", "x", "7", "\ud83d", "data: [DONE]\n\n", "<think>", "constructor"],
  ...[[], {}, [null], [{}], ["x", 1], { type: "x" }, { text: "x" }, { "": null }],
  JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as JsonObject,
  nested(9000),
];

/** Lists in lists, deeper than a recursive reader can go. */
export function nested(depth: number): Json {
  return JSON.parse("[".repeat(depth) + "]".repeat(depth));
}

export type Path = readonly (string | number)[];

/** Where something stands in a value: the value itself, each member, each element, all the way down. */
export function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...at, key]))];
}

/** The value with another at the place; without any there where it is `undefined`. */
export function replaceAt(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  const member = (value as Record<string, unknown>)[key];
  if (Array.isArray(value)) return value.map((item, at) => at === Number(key) ? replaceAt(item, rest, other) : item);
  return { ...(value as object), [key]: replaceAt(member, rest, other) };
}

/** Lines that no upstream should send, and some do. */
const LINES = [
  ...["garbage", "data", "data:", "data: null", "data: {}", "data: []", 'data: "x"', "data: 1", "data: [DONE]"],
  ...["data: {", "data: }", 'data: {"error":"x"}', 'data: {"error":{"message":"x","code":500}}', "event: error"],
  ...["event: message_stop", "event:", ": comment", "id: 7", "retry: 15000", "{}", "[]", "null", '{"error":"x"}'],
  ...['{"done":true}', "<html>", "\ufeff", "\0", "\r", "\x85", "data: \ud83d"],
];

type Mutation = (bytes: Uint8Array, framing: Framing) => Uint8Array;

const utf8 = new TextEncoder();
/** Any place in a text of any length, as a part of it. */
const part = fc.double({ min: 0, max: 1, noNaN: true });

const cut: fc.Arbitrary<Mutation> = part.map((end) => (bytes) => bytes.slice(0, end * bytes.length));
const drop = fc.tuple(part, fc.nat(300)).map(([from, length]): Mutation => (bytes) => {
  const at = Math.floor(from * bytes.length);
  return joined(bytes.slice(0, at), bytes.slice(at + length));
});
const duplicate = fc.tuple(part, fc.nat(300)).map(([from, length]): Mutation => (bytes) => {
  const at = Math.floor(from * bytes.length);
  return joined(bytes.slice(0, at + length), bytes.slice(at));
});
const swap = fc.tuple(part, part, fc.nat(100)).map(([a, b, length]): Mutation => (bytes) => {
  const [low = 0, high = 0] = [a, b].map((at) => Math.floor(at * bytes.length)).sort((a, b) => a - b);
  const end = Math.min(low + length, high);
  const [first, second] = [bytes.slice(low, end), bytes.slice(high, high + length)];
  return joined(bytes.slice(0, low), second, bytes.slice(end, high), first, bytes.slice(high + length));
});
const flip = fc.array(fc.tuple(part, fc.nat(7)), { minLength: 1, maxLength: 6 }).map((flips): Mutation => (bytes) => {
  const flipped = bytes.slice();
  for (const [place, bit] of flips) {
    const at = Math.min(Math.floor(place * bytes.length), bytes.length - 1);
    if (at >= 0) flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
  }
  return flipped;
});
const scatter = fc.tuple(part, fc.uint8Array({ maxLength: 20 })).map(([place, garbage]): Mutation => (bytes) => {
  const at = Math.floor(place * bytes.length);
  return joined(bytes.slice(0, at), garbage, bytes.slice(at));
});

/** Frames as they stand on the wire, each with its end. */
type FrameMutation = (frames: string[], place: (part: number) => number) => string[];

const frameMutation: fc.Arbitrary<FrameMutation> = fc.oneof(
  part.map((at): FrameMutation => (frames, place) => frames.toSpliced(place(at), 1)),
  fc.tuple(part, part).map(([from, to]): FrameMutation => (frames, place) =>
    frames.toSpliced(place(to), 0, frames[place(from)] ?? "")
  ),
  fc.tuple(part, part).map(([a, b]): FrameMutation => (frames, place) =>
    frames.with(place(a), frames[place(b)] ?? "").with(place(b), frames[place(a)] ?? "")
  ),
  fc.tuple(part, fc.constantFrom(...LINES), fc.constantFrom("\n", "\n\n", "\r\n\r\n", ""))
    .map(([at, line, end]): FrameMutation => (frames, place) => frames.toSpliced(place(at), 0, line + end)),
  fc.tuple(part, part, fc.option(fc.constantFrom(...JUNK), { nil: undefined }))
    .map(([at, where, junk]): FrameMutation => (frames, place) =>
      frames.map((frame, index) => index === place(at) ? withJunk(frame, where, junk) : frame)
    ),
);

const inFrames = frameMutation.map((mutate): Mutation => (bytes, framing) => {
  const frames = framesOf(new TextDecoder().decode(bytes), framing);
  if (frames.length === 0) return bytes;
  return utf8.encode(mutate(frames, (part) => Math.min(Math.floor(part * frames.length), frames.length - 1)).join(""));
});

const mutation = fc.oneof(
  ...[cut, drop, duplicate, swap, flip, scatter].map((arbitrary) => ({ weight: 1, arbitrary })),
  { weight: 10, arbitrary: inFrames },
);

/** One to four damages, to be done one after the other. */
export const anyDamage: fc.Arbitrary<Mutation> = fc.array(mutation, { minLength: 1, maxLength: 4 }).map(
  (mutations) => (bytes, framing) => mutations.reduce((damaged, mutate) => mutate(damaged, framing), bytes),
);

/** Cuts bytes anywhere, into any number of pieces. */
export const anySplit: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array[]> = fc.array(part, { maxLength: 6 })
  .map((places) => (bytes) => {
    const cuts = [...places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b), bytes.length];
    return cuts.map((end, at) => bytes.slice(cuts[at - 1] ?? 0, end));
  });

export function framesOf(text: string, framing: Framing): string[] {
  return text.split(framing === "sse" ? /(?<=\n\n|\r\n\r\n)/ : /(?<=\n)/).filter((frame) => frame !== "");
}

/** The frame with junk at one place of its JSON, or without what stands there; as it was if it has none. */
export function withJunk(frame: string, where: number, junk: Json | undefined): string {
  const [, head = "", json = "", end = ""] = /^([^{[]*)([{[][^]*[}\]])(\s*)$/.exec(frame) ?? [];
  try {
    const value: unknown = JSON.parse(json);
    const paths = pathsOf(value);
    const path = paths[Math.min(Math.floor(where * paths.length), paths.length - 1)] ?? [];
    return head + JSON.stringify(replaceAt(value, path, junk) ?? null) + end;
  } catch {
    return frame;
  }
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
