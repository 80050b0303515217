/** Whatever bytes an upstream sends, each client's stream is legal and ends. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Beat } from "../../chat/event.ts";
import type { ReplyChoice, ReplyPart } from "../../chat/reply.ts";
import { textOf } from "../../chat/request.ts";
import { argumentsObject } from "../../dialects/call_arguments.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { isObject, parseJson } from "../../dialects/json.ts";
import { drain, type Pull, pullFrom } from "../../streaming/pull.ts";
import { frameDecoder } from "../../streaming/decode_frames.ts";
import { readBeats } from "../../streaming/read_beats.ts";
import { writeReply } from "../../streaming/write_reply.ts";
import { CLIENT_FORMS, type ClientForm } from "../support/client_forms.ts";
import { eventsOf, foldEvents, foreign, readStream } from "../support/codec.ts";
import { DIALECTS } from "../support/dialects.ts";
import { runs } from "../support/fuzz.ts";
import { anyDamage, anySplit, framesOf, JUNK, type Path, pathsOf, replaceAt } from "../support/mutate.ts";
import { fixturesOf, OPTIONS, requestOf } from "../support/replay.ts";
import { type GatewayError, toGatewayError } from "../../chat/error.ts";

interface Read {
  beats: Beat[];
  /** Why the stream broke off. */
  failure: GatewayError | undefined;
}

/** What the bytes say; nothing but a `GatewayError` may end it before its end. */
async function read(from: Dialect, pieces: readonly Uint8Array[]): Promise<Read> {
  const source = readBeats(pullFrom(pieces), frameDecoder(from.framing), from.eventParser({}));
  const beats: Beat[] = [];
  try {
    for (let batch = await source.next(); batch !== undefined; batch = await source.next()) beats.push(...batch);
    return { beats, failure: undefined };
  } catch (error) {
    const failure = toGatewayError(error);
    assert.notEqual(failure.kind, "internal", String(failure.cause));
    return { beats, failure };
  }
}

/** What a client of another dialect is sent for it, checked. */
async function translate(said: Read, form: ClientForm): Promise<void> {
  const { choices, usage } = foldEvents(eventsOf(said.beats));
  // Arguments that are told as they came are no JSON where they came as none.
  if (form.tellsArguments && !choices.flatMap(({ parts }) => parts).every(isSoundCall)) return;
  const frames = await write({ ...said, beats: foreign(said.beats).map(withoutGeminiParts) }, form);
  form.read(frames, { n: choices.length, includeUsage: usage !== undefined });
}

/** A client of the same dialect is relayed what is wrong with the frames, too: it must say the same, and end as it did. */
async function relay(said: Read, form: ClientForm): Promise<void> {
  const frames = await write(said, form);
  const { choices, error } = foldEvents(eventsOf(readStream(form.dialect, frames.join(""))));
  const told = foldEvents(eventsOf(said.beats)).choices;
  // A failure behind the end of an answer may be told, or not.
  const isOver = told.every(({ finish }) => finish !== undefined);
  if (!isOver) assert.equal(error !== undefined, said.failure !== undefined, error?.detail ?? "");
  if (error === undefined) assert.deepEqual(choices.map(textIn), told.map(textIn));
}

async function write({ beats, failure }: Read, { dialect, request }: ClientForm): Promise<string[]> {
  const n = foldEvents(eventsOf(beats)).choices.length;
  const source = pullFrom([beats]);
  const failing: Pull<Beat[]> = {
    ...source,
    async next() {
      const batch = await source.next();
      if (batch === undefined && failure !== undefined) throw failure;
      return batch;
    },
  };
  const writer = dialect.eventFormatter({ ...requestOf(dialect, request), n }, OPTIONS);
  return (await drain(writeReply(failing, writer))).flat();
}

function textIn({ parts }: ReplyChoice): string {
  return textOf(parts);
}

/** Parts that only Gemini knows are passed on as they are, be they newer than the grammar. */
function withoutGeminiParts(beat: Beat): Beat {
  return { ...beat, events: beat.events.filter((event) => event.type !== "opaque" || event.dialect !== "gemini") };
}

function isSoundCall(part: ReplyPart): boolean {
  return part.type !== "tool-call" || argumentsObject(part.json) !== undefined;
}

interface Sent {
  from: Dialect;
  /** What it was made of. */
  name: string;
  pieces: Uint8Array[];
  [fc.toStringMethod](): string;
}

function sent(from: Dialect, name: string, pieces: Uint8Array[]): Sent {
  const texts = () => pieces.map((piece) => new TextDecoder().decode(piece));
  return { from, name, pieces, [fc.toStringMethod]: () => `${name} ${JSON.stringify(texts())}` };
}

for (const { dialect } of DIALECTS) {
  const fixtures = fixturesOf(dialect.name);
  const noise = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }).map((pieces) => sent(dialect, "", pieces));
  const damaged = fc.tuple(fc.constantFrom(...fixtures), anyDamage, anySplit).map(([{ name, bytes }, damage, split]) =>
    sent(dialect, name, split(damage(bytes, dialect.framing)))
  );
  const property = fc.asyncProperty(
    fc.oneof({ weight: 1, arbitrary: noise }, { weight: 4, arbitrary: damaged }),
    async ({ pieces }) => {
      const said = await read(dialect, pieces);
      for (const form of CLIENT_FORMS) await translate(said, form);
      const own = CLIENT_FORMS.find((form) => form.dialect === dialect);
      if (own !== undefined) await relay(said, own);
    },
  );

  Deno.test(`whatever bytes an upstream of ${dialect.name} sends, each client's stream is legal`, async () => {
    await fc.assert(property, runs(300));
  });
}

for (const { dialect } of DIALECTS) {
  Deno.test(`a wrong type at any place in a stream of ${dialect.name} breaks no client's stream`, async () => {
    let turn = 0;
    for (const { frames, at, path, head, value, end } of placesIn(dialect)) {
      for (const junk of [...JUNK, undefined]) {
        const frame = head + (JSON.stringify(replaceAt(value, path, junk)) ?? "null") + end;
        const said = await read(dialect, [new TextEncoder().encode(frames.with(at, frame).join(""))]);
        // One client after the other: each gets enough of them all.
        await translate(said, CLIENT_FORMS[turn++ % CLIENT_FORMS.length]!);
      }
    }
  });
}

interface Place {
  frames: string[];
  at: number;
  head: string;
  value: unknown;
  path: Path;
  end: string;
}

/** Every place in the JSON of the recorded streams, once for each kind of frame. */
function placesIn(dialect: Dialect): Place[] {
  const places = new Map<string, Place>();
  for (const { bytes } of fixturesOf(dialect.name)) {
    const frames = framesOf(new TextDecoder().decode(bytes), dialect.framing);
    for (const [at, frame] of frames.entries()) {
      const [, head = "", json = "", end = ""] = /^([^{]*)(\{[^]*\})(\s*)$/.exec(frame) ?? [];
      const value: unknown = parseJson(json);
      if (value === undefined) continue;
      for (const path of pathsOf(value)) places.set(kindOf(value, path), { frames, at, head, value, path, end });
    }
  }
  return [...places.values()];
}

/** What the place is, wherever its like stands: the names on the way, and the types of what it is in. */
function kindOf(value: unknown, path: Path): string {
  let inner = value;
  return path.map((key) => {
    const type = isObject(inner) && typeof inner.type === "string" ? inner.type : "";
    inner = (inner as Record<string, unknown>)[key];
    return typeof key === "number" || /^\d+$/.test(key) ? "*" : `${type}.${key}`;
  }).join("/");
}
