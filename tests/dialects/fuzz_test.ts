/** Whatever an upstream's parser says, in whatever order and beats, each client's stream is legal and says it. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { GatewayError } from "../../chat/error.ts";
import type { Beat, ChatEvent } from "../../chat/event.ts";
import type { ReplyPart } from "../../chat/reply.ts";
import type { FormatOptions } from "../../dialects/dialect.ts";
import { anyAnswer, anyNote } from "../support/any_answer.ts";
import { CLIENT_FORMS, type ClientForm, type Seen } from "../support/client_forms.ts";
import { eventsOf, foldEvents, readStream, writeStream } from "../support/codec.ts";
import { runs } from "../support/fuzz.ts";
import { fixturesOf, OPTIONS, requestOf } from "../support/replay.ts";

const FAILURE = new GatewayError("upstream-cut", "Cannot answer as the provider's stream ended");

/** How a stream ends: well, by a failure of the gateway's, or by one that the upstream told. */
type End = "end" | "fail" | "error";

/** What is done to a formatter: a beat, then pings of these silences. */
interface Step {
  beat: Beat;
  pings: readonly number[];
}

const anyEnd = fc.constantFrom<End>("end", "fail", "error");
const anyPings = fc.oneof(
  { weight: 4, arbitrary: fc.constant<number[]>([]) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(0, 1000, 70_000), { maxLength: 3 }) },
);
/** Sizes of beats, repeated as long as there are events, and the pings behind each. */
const anyBeats = fc.array(fc.tuple(fc.nat(4), anyPings), { minLength: 1, maxLength: 12 });
const anyOptions = fc.record({
  includeUsage: fc.boolean(),
  keepAlive: fc.constantFrom<FormatOptions["keepAlive"][]>("comment", "chunk"),
});

interface Play {
  form: ClientForm;
  steps: readonly Step[];
  end: End;
  options: { includeUsage: boolean; keepAlive: FormatOptions["keepAlive"] };
  /** How many choices the client asked for. */
  n: number;
  relayed?: boolean;
}

/** What a client reads; fails where that is not legal, or anything follows the end. */
function play({ form, steps, end, options: { includeUsage, keepAlive }, n, relayed = false }: Play): Seen {
  const request = { ...requestOf(form.dialect, form.request), n, includeUsage };
  const writer = form.dialect.eventFormatter(request, { ...OPTIONS, keepAlive });
  const frames = steps.flatMap(({ beat, pings }) => [...writer.push(beat), ...pings.flatMap(writer.ping)]);
  if (end === "error") frames.push(...writer.push({ events: [{ type: "error", error: FAILURE }] }));
  frames.push(...end === "fail" ? writer.fail(FAILURE) : writer.end());
  const late: Beat = { events: [{ type: "text", text: "late" }] };
  assert.deepEqual([...writer.end(), ...writer.fail(FAILURE), ...writer.ping(70_000), ...writer.push(late)], []);
  const hasUsage = steps.some(({ beat }) => beat.events.some(({ type }) => type === "usage"));
  return form.read(frames, { n, includeUsage: includeUsage && hasUsage, relayed });
}

for (const form of CLIENT_FORMS) {
  Deno.test(`whatever comes, in whatever beats and with whatever pings, a stream for ${form.name} is legal`, () => {
    fc.assert(
      fc.property(anyAnswer({ choices: 3 }), anyBeats, anyEnd, anyOptions, (events, beats, end, options) => {
        const seen = play({ form, steps: stepsOf(events, beats), end, options, n: 3 });
        if (end === "end" && !events.some(isMalformed)) assert.equal(seen.failed, false);
        checkTexts(form, events, seen);
      }),
      runs(150),
    );
  });

  Deno.test(`a stream for ${form.name} and a whole answer say the same`, () => {
    const request = { ...requestOf(form.dialect, form.request), n: 2, includeUsage: false };
    const tellsApart = form.dialect.name === "openai_responses" || form.dialect.name === "openai_chat";
    fc.assert(
      fc.property(anyAnswer({ choices: 2, whole: true }), (answer) => {
        // Where words of a refusal and images are told as text, only a stream keeps their places.
        const told = answer.filter(({ type }) => tellsApart || (type !== "refusal" && type !== "media"));
        const events = [0, 1].flatMap((choice) => untilFinish(told, choice));
        events.push(...[0, 1].map((choice): ChatEvent => ({ type: "finish", reason: "stop", choice })));
        const frames = writeStream(form.dialect.eventFormatter(request, OPTIONS), [{ events }]);
        const seen = form.read(frames, { n: 2, includeUsage: false });
        const text = JSON.stringify(form.dialect.formatResponse(foldEvents(events), request, OPTIONS));
        const { choices } = foldEvents(form.dialect.parseResponse(JSON.parse(text), text, { thinkTags: false }).events);
        choices.forEach(({ parts }, index) => {
          const { text, calls } = seen.choices[index] ?? { text: "", calls: [] };
          assert.equal(text, parts.map((part) => part.type === "text" ? part.text : "").join(""));
          if (form.tellsCalls) assert.deepEqual(calls.map(valueOf), parts.flatMap(callIn).map(valueOf));
        });
      }),
      runs(100),
    );
  });
}

function callIn(part: ReplyPart): { name: string; json: string }[] {
  return part.type === "tool-call" ? [part] : [];
}

/** A call's arguments as they are read: white space around them is nothing. */
function valueOf({ name, json }: { name: string; json: string }) {
  return { name, arguments: JSON.parse(json || "{}") };
}

for (const form of CLIENT_FORMS.filter(({ dialect }) => dialect.name !== "openai_completions")) {
  const fixtures = fixturesOf(form.dialect.name.replace("_generate", ""))
    .filter(({ name }) => name.includes("generate") === (form.dialect.name === "ollama_generate"))
    .filter(({ name }) => !name.endsWith("relayed.ndjson"));
  for (const { name, bytes } of fixtures) {
    Deno.test(`R10 ${name} for ${form.name}, relayed in part, with notes and pings between, is legal`, () => {
      const beats = readStream(form.dialect, new TextDecoder().decode(bytes));
      const n = foldEvents(eventsOf(beats)).choices.length;
      const change = fc.record({ keeps: fc.boolean(), note: fc.option(noteFor(form), { freq: 6 }), pings: anyPings });
      const changes = fc.array(change, { minLength: beats.length, maxLength: beats.length });
      fc.assert(
        fc.property(changes, fc.nat(beats.length), anyEnd, anyOptions, (changes, length, end, options) => {
          const kept = beats.slice(0, length);
          // Of this dialect a parser relays a beginning, as what comes then may belong to what was not relayed.
          const relays = form.name === "openai_responses" ? changes.findIndex(({ keeps }) => !keeps) : Infinity;
          const steps = kept.flatMap((beat, at): Step[] => {
            const { keeps = true, note = null, pings = [] } = changes[at] ?? {};
            const { raw: _, ...repaired } = beat;
            const own = { beat: keeps && at <= relays ? beat : repaired, pings };
            return note === null ? [own] : [own, { beat: { events: [note] }, pings: [] }];
          });
          // An upstream that breaks off is a failure, whatever it said so far.
          const isCut = length < beats.length && end === "end";
          const seen = play({ form, steps, end: isCut ? "fail" : end, options, n, relayed: true });
          checkTexts(form, steps.flatMap(({ beat }) => beat.events), seen);
        }),
        runs(20),
      );
    });
  }
}

function stepsOf(events: readonly ChatEvent[], sizes: readonly (readonly [size: number, pings: number[]])[]): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < events.length || steps.length < sizes.length;) {
    const [size, pings] = sizes[steps.length % sizes.length]!;
    // One round without events is enough for the keep-alives of a silent stream.
    const length = steps.length >= sizes.length ? Math.max(1, size) : size;
    steps.push({ beat: { events: events.slice(at, at + length) }, pings });
    at += length;
  }
  return steps;
}

/** What a client reads is what was said until the choice's end; of a stream that failed, a part of it. */
function checkTexts(form: ClientForm, events: readonly ChatEvent[], { choices, failed }: Seen): void {
  choices.forEach(({ text }, index) => {
    const said = untilFinish(events, index).map(form.textOf).join("");
    assert.equal(text, failed ? said.slice(0, text.length) : said);
  });
}

function untilFinish(events: readonly ChatEvent[], choice: number): ChatEvent[] {
  const own = events.filter((event) => ("choice" in event ? event.choice : 0) === choice);
  const end = own.findIndex(({ type }) => type === "finish");
  return end === -1 ? own : own.slice(0, end);
}

function isMalformed(event: ChatEvent): boolean {
  return event.type === "finish" && event.reason === "malformed";
}

/** In Messages a thought has a place: it would close a text that an upstream had only opened. */
function noteFor({ name }: ClientForm): fc.Arbitrary<ChatEvent> {
  return name === "anthropic" ? anyNote.filter(({ type }) => type !== "reasoning") : anyNote;
}
