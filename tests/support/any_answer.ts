/** Answers of any shape: what an upstream's parser could give, in orders that no upstream should choose. */

import fc from "fast-check";
import { type ChatEvent, DIALECT_NAMES } from "../../chat/event.ts";
import { FINISH_REASONS, type FinishReason } from "../../chat/finish.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { Usage } from "../../chat/usage.ts";

/** The events that stand for themselves wherever they come. */
type Loose = Exclude<ChatEvent, { type: "tool-call" | "tool-arguments" | "finish" | "error" }>;

type Move =
  | { kind: "say"; event: Loose }
  | { kind: "call"; id: string; name: string; signature: string | undefined; json: string; cuts: number[] }
  /** The next fragment of some call's arguments. */
  | { kind: "go-on"; call: number }
  | { kind: "finish"; reason: FinishReason; raw: string | undefined; stopSequence: string | undefined };

/** Ends after which the last call may be half of what it was to be. */
const CUT: ReadonlySet<FinishReason> = new Set(["length", "context-window", "content-filter", "refusal", "malformed"]);

/** Short words, what breaks writers of frames, lone halves of pairs, and a text longer than any buffer. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("", "a", "Hello ", " ", "\n", "🙂") },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "\ud83d",
      "\ude00",
      "\r\n\r\n",
      "\u2028",
      "\0",
      "data: [DONE]\n\n",
      '"}',
      "<think>",
      "```",
    ),
  },
  { weight: 1, arbitrary: fc.constant("long ".repeat(300)) },
);

const word = fc.constantFrom("f", "get_weather", "mcp__x.y/z", "naïve tool", "n".repeat(80));
const base64 = fc.base64String({ minLength: 4, maxLength: 8 });
const anySignature = fc.oneof(base64, fc.constantFrom("", "gemini:ab==", "openai_responses:x-y", "~ no base64"));
const count = fc.nat(2_000_000);

export const anyUsage = fc.record({
  ...{ input: count, output: count, cached: count, cacheWrite: count, cacheWriteHour: count, reasoning: count },
  estimated: fc.boolean(),
}, { requiredKeys: ["input", "output"], noNullPrototype: true }) as fc.Arbitrary<Usage>;

const annotation = fc.constantFrom<JsonObject[]>(
  { type: "url_citation", url: "https://a.example", title: "A", start_index: 0, end_index: 1 },
  { type: "url_citation", url_citation: { url: "https://a.example", title: "A", start_index: 9, end_index: 1e9 } },
  { type: "file_citation" },
  { type: "url_citation", anthropic_citation: { type: "char_location", cited_text: "a" } },
);

const token = fc.constantFrom<Json[]>(
  { token: "a", logprob: -1, bytes: [97], top_logprobs: [] },
  { token: "\ud83d" },
  {},
);

const opaqueValues = {
  openai_chat: { audio: { id: "audio_1", data: "AAAA" } },
  openai_completions: { x: 1 },
  openai_responses: { type: "web_search_call", id: "ws_1", status: "completed" },
  anthropic: { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "x" } },
  gemini: { executableCode: { language: "PYTHON", code: "1" } },
  ollama: { x: 1 },
  ollama_generate: { x: 1 },
} as const satisfies Record<typeof DIALECT_NAMES[number], object>;

const anyLoose: fc.Arbitrary<Loose> = fc.oneof(
  { weight: 6, arbitrary: anyText.map((text) => ({ type: "text" as const, text })) },
  {
    weight: 4,
    arbitrary: fc.tuple(anyText, fc.option(anySignature, { nil: undefined })).map(([text, signature]) => ({
      type: "reasoning" as const,
      text,
      ...(signature !== undefined && { signature }),
    })),
  },
  { weight: 1, arbitrary: base64.map((data) => ({ type: "redacted-reasoning" as const, data })) },
  { weight: 1, arbitrary: anyText.map((text) => ({ type: "refusal" as const, text })) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom("image/png", "image/webp", "audio/wav"), base64)
      .map(([mediaType, data]) => ({ type: "media" as const, mediaType, data })),
  },
  { weight: 1, arbitrary: annotation.map((annotation) => ({ type: "annotation" as const, annotation })) },
  {
    weight: 1,
    arbitrary: fc.record({ content: fc.array(token), refusal: fc.array(token) }, { requiredKeys: [] })
      .map((logprobs) => ({ type: "logprobs" as const, ...logprobs })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...DIALECT_NAMES)
      .map((dialect) => ({ type: "opaque" as const, dialect, value: opaqueValues[dialect] })),
  },
  { weight: 2, arbitrary: anyUsage.map((usage) => ({ type: "usage" as const, usage })) },
  {
    weight: 1,
    arbitrary: fc.record({ id: anyText, model: anyText, created: fc.nat() }, { requiredKeys: ["id", "model"] })
      .map((start) => ({ type: "start" as const, ...start })),
  },
);

const anyJson = fc.oneof(
  fc.constantFrom("", "{}", ' {"a": "}"}\n'),
  fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
    .map((value) => JSON.stringify(value)),
);

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 12, arbitrary: anyLoose.map((event) => ({ kind: "say" as const, event })) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("call" as const),
      id: fc.constantFrom("call_", "é/", "i".repeat(70)),
      name: word,
      signature: fc.option(base64, { nil: undefined, freq: 1 }),
      json: anyJson,
      cuts: fc.array(fc.nat(20), { maxLength: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.nat(5).map((call) => ({ kind: "go-on" as const, call })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("finish" as const),
      reason: fc.constantFrom(...FINISH_REASONS),
      raw: fc.constantFrom(undefined, "STOP", "odd word", "length"),
      stopSequence: fc.constantFrom(undefined, "END", ""),
    }),
  },
);

/** What may be said between the frames of an upstream without breaking what it says: nothing that has a place there. */
export const anyNote: fc.Arbitrary<ChatEvent> = anyLoose.filter(({ type, ...event }) =>
  ["text", "usage", "annotation", "logprobs"].includes(type) || (type === "reasoning" && !("signature" in event))
);

/**
 * Answers of up to `choices` choices. Calls are numbered and named as the contract has it, their fragments come in any
 * order between anything, and all are whole before an end that says so, or before any if `whole`. An answer may lack its
 * start and its finish, and go on after the finish.
 */
export function anyAnswer({ choices, whole = false }: { choices: number; whole?: boolean }): fc.Arbitrary<ChatEvent[]> {
  const move = fc.tuple(anyMove, fc.nat(choices - 1));
  const opening = fc.option(fc.constant<ChatEvent>({ type: "start", id: "up-1", model: "up-model", created: 7 }), {
    freq: 4,
  });
  return fc.tuple(opening, fc.array(move, { maxLength: 24, size: "max" })).map(([start, moves]) => {
    const teller = answerTeller({ whole });
    const events = moves.flatMap(([move, choice]) => teller.tell(move, choice));
    return [...(start === null ? [] : [start]), ...events, ...teller.rest()];
  });
}

interface Call {
  index: number;
  pieces: string[];
}

function answerTeller(options: { whole: boolean }) {
  const told = new Map<number, { calls: Call[]; finished: boolean }>();
  let ids = 0;

  function at(choice: number) {
    const known = told.get(choice) ?? { calls: [], finished: false };
    told.set(choice, known);
    return known;
  }

  function goOn(call: Call): ChatEvent[] {
    const json = call.pieces.shift();
    return json === undefined ? [] : [{ type: "tool-arguments", index: call.index, json }];
  }

  function complete(calls: readonly Call[]): ChatEvent[] {
    return calls.flatMap((call) => call.pieces.length === 0 ? [] : [...goOn(call), ...complete([call])]);
  }

  function eventsOf(move: Move, choice: number): ChatEvent[] {
    const state = at(choice);
    switch (move.kind) {
      case "say":
        return [move.event];
      case "call": {
        const { id, name, signature, json, cuts } = move;
        const call = { index: state.calls.length, pieces: cutText(json, cuts) };
        state.calls.push(call);
        return [{ type: "tool-call", index: call.index, id: `${id}${ids++}`, name, ...(signature && { signature }) }];
      }
      case "go-on": {
        const call = state.calls[move.call % Math.max(1, state.calls.length)];
        // Arguments of no call, and empty ones, are told by upstreams, too.
        return call === undefined ? [{ type: "tool-arguments", index: 7, json: "{}" }] : goOn(call);
      }
      case "finish": {
        const { kind: _, ...finish } = move;
        const isCut = CUT.has(finish.reason) && !options.whole;
        const whole = state.finished ? [] : isCut ? state.calls.slice(0, -1) : state.calls;
        state.finished = true;
        return [...complete(whole), { type: "finish", ...defined(finish) } as ChatEvent];
      }
      default:
        return move satisfies never;
    }
  }

  return {
    tell: (move: Move, choice: number) => eventsOf(move, choice).map((event) => placed(event, choice)),
    /** What makes the calls whole of choices that were not finished. */
    rest: () =>
      [...told].flatMap(([choice, { calls, finished }]) =>
        finished ? [] : complete(calls).map((event) => placed(event, choice))
      ),
  };
}

function defined<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function placed(event: ChatEvent, choice: number): ChatEvent {
  if (choice === 0 || event.type === "start" || event.type === "usage" || event.type === "error") return event;
  return { ...event, choice };
}

function cutText(text: string, cuts: readonly number[]): string[] {
  const ends = [...cuts].sort((a, b) => a - b);
  return [0, ...ends].map((begin, at) => text.slice(begin, ends[at]));
}
