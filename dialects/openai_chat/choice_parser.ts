/** What one choice of an upstream's answer says, delta by delta. */

import type { ChatEvent } from "../../chat/event.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import { parseDataUrl } from "../data_url.ts";
import type { Quirks } from "../dialect.ts";
import { isObject } from "../json.ts";
import { thinkTags } from "../think_tags.ts";
import { type CallDelta, toolCallTracker } from "../tool_call_tracker.ts";
import { upstreamError } from "../upstream_error.ts";
import { parseSignature } from "./assistant_message.ts";
import { finishFailure, parseFinish } from "./finish.ts";
import { readThoughts, type Thought } from "./reasoning.ts";
import type { AnswerChoice, AnswerMessage } from "./schema.ts";

/** `exact`: the events say what the frame says, so that nothing has to be rewritten. */
export interface ChoiceBeat {
  events: ChatEvent[];
  exact: boolean;
}

export interface ChoiceParser {
  push(choice: AnswerChoice): ChoiceBeat;
  /** Text from a line that is no JSON. */
  pushText(text: string): ChatEvent[];
  /** Text that is still held back. */
  flush(): ChatEvent[];
  /** Held-back text and the `finish` that was never sent (CASES F10). */
  close(): ChatEvent[];
  isFinished(): boolean;
}

/** `makeId` makes an id for the call of an index whose upstream gave none. */
export function choiceParser(quirks: Quirks, makeId: (index: number) => string): ChoiceParser {
  const tags = quirks.thinkTags === false ? undefined : thinkTags();
  const calls = toolCallTracker(makeId);
  let begun = false;
  let finished = false;
  /** The thoughts since the last signature, as some vendors repeat them next to it (CASES K13). */
  let thought = "";

  function think(part: Thought): ChatEvent {
    if (part.type === "redacted-reasoning") return part;
    const isRepeated = part.signature !== undefined && part.text === thought;
    thought = part.signature === undefined ? thought + part.text : "";
    return isRepeated ? { ...part, text: "" } : part;
  }

  function say(text: string): ChoiceBeat {
    if (text === "") return { events: [], exact: true };
    const pieces = tags?.push(text) ?? [{ type: "text" as const, text }];
    const [first] = pieces;
    return { events: pieces, exact: pieces.length === 1 && first?.type === "text" && first.text === text };
  }

  function call(deltas: readonly CallDelta[]): ChoiceBeat[] {
    if (deltas.length === 0) return [];
    // A call means that the text before it is whole.
    const held = flush();
    return [{ events: held, exact: held.length === 0 }, ...deltas.map(calls.push)];
  }

  function speak(message: AnswerMessage): ChoiceBeat {
    const beats: ChoiceBeat[] = [
      { events: readThoughts(message).map(think), exact: true },
      ...contentOf(message.content).map((part) =>
        part.type === "text" ? say(part.text) : { events: [part], exact: false }
      ),
      { events: notesOf(message), exact: true },
      ...call(callsOf(message)),
    ];
    return { events: beats.flatMap((beat) => beat.events), exact: beats.every((beat) => beat.exact) };
  }

  function finish(choice: AnswerChoice): ChoiceBeat {
    const word = choice.finish_reason?.trim() ?? "";
    if (word === "") return { events: [], exact: true };
    const held = flush();
    const failure = finishFailure(word);
    finished = true;
    if (failure !== undefined) {
      return { events: [...held, { type: "error", error: upstreamError(failure, word) }], exact: false };
    }
    const parsed = parseFinish(word);
    const isCall = parsed.reason === "stop" && calls.count() > 0;
    const isHit = parsed.reason === "stop" && Boolean(choice.stop_reason);
    const reason = isCall ? "tool-calls" : isHit ? "stop-sequence" : parsed.reason;
    const stop = isHit && !isCall && choice.stop_reason ? { stopSequence: choice.stop_reason } : {};
    const raw = choice.native_finish_reason ?? word;
    return {
      events: [...held, { type: "finish", reason, raw, ...stop }],
      // A call without arguments is given its empty object before the end (CASES T9).
      exact: held.length === 0 && !isCall && !(reason !== "length" && calls.hasEmpty()),
    };
  }

  function flush(): ChatEvent[] {
    return tags?.flush() ?? [];
  }

  return {
    push(choice) {
      // A second end, and what comes after the first, is dropped (CASES O15).
      if (finished) return { events: [], exact: false };
      const message: AnswerMessage = choice.delta ?? choice.message ?? {};
      const opens = begun || message.role === "assistant";
      begun = true;
      const said = speak(message);
      const logprobs = logprobsOf(choice);
      const ended = finish(choice);
      return {
        events: [...said.events, ...logprobs, ...ended.events],
        exact: opens && said.exact && ended.exact,
      };
    },
    pushText: (text) => finished ? [] : say(text).events,
    flush,
    close() {
      if (finished) return [];
      finished = true;
      return [...flush(), { type: "finish", reason: calls.count() > 0 ? "tool-calls" : "stop" }];
    },
    isFinished: () => finished,
  };
}

type ContentEvent = Extract<ChatEvent, { type: "text" | "reasoning" | "media" }>;

/** Content as text, or as the typed parts of some vendors (Mistral's thinking models). */
function contentOf(content: Json | undefined): ContentEvent[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) return [];
  return content.filter(isObject).flatMap((part): ContentEvent[] => {
    if (typeof part.text === "string") return [{ type: "text", text: part.text }];
    if (part.type === "image_url") return imageOf(part);
    return readThoughts(part).filter((thought) => thought.type === "reasoning");
  });
}

/** Whatever is said beside content, thoughts and calls. */
function notesOf(message: AnswerMessage): ChatEvent[] {
  const events: ChatEvent[] = [];
  if (message.refusal) events.push({ type: "refusal", text: message.refusal });
  for (const annotation of message.annotations ?? []) events.push({ type: "annotation", annotation });
  for (const image of message.images ?? []) events.push(...imageOf(image));
  if (message.audio) events.push({ type: "opaque", dialect: "openai_chat", value: { audio: message.audio } });
  return events;
}

function imageOf(part: JsonObject): Extract<ChatEvent, { type: "media" }>[] {
  const image = part.image_url;
  const url = isObject(image) ? image.url : image;
  const media = typeof url === "string" ? parseDataUrl(url) : undefined;
  return media === undefined ? [] : [{ type: "media", ...media }];
}

function callsOf(message: AnswerMessage): CallDelta[] {
  const deltas = (message.tool_calls ?? []).map((call): CallDelta => ({
    index: call.index ?? undefined,
    id: call.id ?? undefined,
    name: call.function?.name ?? call.custom?.name ?? undefined,
    arguments: call.custom?.input ?? fragmentText(call.function?.arguments),
    signature: parseSignature(call.extra_content),
  }));
  const legacy = message.function_call;
  if (!legacy) return deltas;
  return [...deltas, { name: legacy.name ?? undefined, arguments: fragmentText(legacy.arguments) }];
}

/** Some compatible vendors send the arguments whole, as an object (CASES T10). */
function fragmentText(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function logprobsOf({ logprobs }: AnswerChoice): ChatEvent[] {
  const content = logprobs?.content ?? [];
  const refusal = logprobs?.refusal ?? [];
  if (content.length === 0 && refusal.length === 0) return [];
  return [{ type: "logprobs", ...(content.length > 0 && { content }), ...(refusal.length > 0 && { refusal }) }];
}
