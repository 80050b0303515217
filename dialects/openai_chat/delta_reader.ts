/** What the deltas of one choice say: thoughts, text, calls and the rest, in that order within a delta. */

import type { ChatEvent } from "../../chat/event.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import { flatMap, joined } from "../../chat/lists.ts";
import { parseDataUrl } from "../data_url.ts";
import type { Quirks } from "../dialect.ts";
import { isObject } from "../json.ts";
import { type MediaEvent, mediaEvent } from "../media_event.ts";
import { thinkTags } from "../think_tags.ts";
import { type CallDelta, toolCallTracker } from "../tool_call_tracker.ts";
import { parseSignature } from "./assistant_message.ts";
import { readThoughts, type Thought } from "./reasoning.ts";
import type { AnswerMessage } from "./answer_schema.ts";

/** `exact`: the events say what the frame says, so that nothing has to be rewritten. */
export interface ReadDelta {
  events: ChatEvent[];
  exact: boolean;
}

export interface DeltaReader {
  /** A delta of a stream, or the message of a whole answer. */
  read(message: AnswerMessage): ReadDelta;
  readText(text: string): ReadDelta;
  /** Text that is held back. */
  flush(): ChatEvent[];
  hasCalls(): boolean;
  hasRefusal(): boolean;
  /** Whether a call has no arguments so far. */
  hasEmptyCall(): boolean;
}

/** `makeId` makes an id for the call of an index whose upstream gave none. */
export function deltaReader(quirks: Quirks, makeId: (index: number) => string): DeltaReader {
  const tags = quirks.thinkTags === false ? undefined : thinkTags();
  const calls = toolCallTracker(makeId);
  const think = thoughtReader();
  let hasRefusal = false;

  function readText(text: string): ReadDelta {
    if (text === "") return NOTHING;
    const pieces = tags?.push(text) ?? [{ type: "text" as const, text }];
    const [first] = pieces;
    return { events: pieces, exact: pieces.length === 1 && first?.type === "text" && first.text === text };
  }

  function flush(): ChatEvent[] {
    return tags?.flush() ?? [];
  }

  function readContent(content: Json | undefined): ReadDelta {
    if (typeof content === "string") return readText(content);
    return inOne(
      contentOf(content).map((part) => part.type === "text" ? readText(part.text) : { events: [part], exact: true }),
    );
  }

  function readCalls(deltas: readonly CallDelta[]): ReadDelta {
    if (deltas.length === 0) return NOTHING;
    // A call means that the text before it is whole.
    const held = flush();
    return inOne([{ events: held, exact: held.length === 0 }, ...deltas.map(calls.push)]);
  }

  return {
    read(message) {
      const thoughts: ChatEvent[] = readThoughts(message).map(think);
      const said = readContent(message.content);
      if (message.refusal) hasRefusal = true;
      const calls = readCalls(callsOf(message));
      return {
        events: joined(joined(joined(thoughts, said.events), notesOf(message)), calls.events),
        exact: said.exact && calls.exact,
      };
    },
    readText,
    flush,
    hasCalls: () => calls.count() > 0,
    hasRefusal: () => hasRefusal,
    hasEmptyCall: () => calls.hasEmpty(),
  };
}

/** What says nothing. */
export const NOTHING: ReadDelta = { events: [], exact: true };

function inOne(deltas: readonly ReadDelta[]): ReadDelta {
  return { events: flatMap(deltas, ({ events }) => events), exact: deltas.every(({ exact }) => exact) };
}

/** Some vendors repeat a whole thought next to its signature (CASES K13). */
function thoughtReader(): (thought: Thought) => ChatEvent {
  /** The text since the last signature. */
  let unsigned = "";
  return function think(thought) {
    if (thought.type === "redacted-reasoning") return thought;
    const isRepeated = thought.signature !== undefined && thought.text === unsigned;
    unsigned = thought.signature === undefined ? unsigned + thought.text : "";
    return isRepeated ? { ...thought, text: "" } : thought;
  };
}

type ContentEvent = Extract<ChatEvent, { type: "text" | "reasoning" | "media" }>;

/** Content as the typed parts of some vendors (Mistral's thinking models). */
function contentOf(content: Json | undefined): ContentEvent[] {
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

function imageOf(part: JsonObject): MediaEvent[] {
  const image = part.image_url;
  const url = isObject(image) ? image.url : image;
  const media = typeof url === "string" ? parseDataUrl(url) : undefined;
  return media === undefined ? [] : mediaEvent(media.mediaType, media.data);
}

function callsOf(message: AnswerMessage): CallDelta[] {
  const deltas = (message.tool_calls ?? []).map((call): CallDelta => ({
    index: call.index ?? undefined,
    id: call.id ?? undefined,
    name: call.function?.name ?? call.custom?.name ?? undefined,
    arguments: call.custom?.input ?? fragmentText(call.function?.arguments),
    signature: parseSignature(call.extra_content),
    custom: Boolean(call.custom),
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
