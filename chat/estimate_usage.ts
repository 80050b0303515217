/** Counts tokens where an upstream does not: every part of a request and of an answer that costs some. */

import { estimateTokenCount } from "tokenx";
import type { Reply, ReplyPart } from "./reply.ts";
import type { ChatRequest, Message, Tool, UserPart } from "./request.ts";
import type { Usage } from "./usage.ts";

/** What a message's role and borders cost in the common chat templates, and the beginning of the answer once more. */
const FRAME_TOKENS = 3;

/**
 * What media cost whose size in tokens is not known without looking into them: a picture of a megapixel, a document of
 * about one page, half a minute of sound, ten seconds of film. Vendors differ by a factor of two.
 */
const MEDIA_TOKENS = { image: 800, file: 1500, audio: 800, video: 2600 } as const;

/** How many tokens a text has. */
export type CountText = (text: string) => number;

export function estimateUsage(request: ChatRequest, reply: Reply): Usage {
  const reasoning = countParts(reply, isThought);
  return {
    input: estimateInput(request),
    output: estimateOutput(reply),
    ...(reasoning > 0 && { reasoning }),
    estimated: true,
  };
}

/**
 * What an answer cost so far. Some upstreams count in the head of an answer, and again at its end: of one that did not
 * come to its end they have counted the first token (CASES U8).
 */
export function usageSoFar(request: ChatRequest, reply: Reply): Usage {
  const { usage, choices } = reply;
  if (usage === undefined) return estimateUsage(request, reply);
  if (choices.every(({ finish }) => finish !== undefined)) return usage;
  const output = estimateOutput(reply);
  return output > usage.output ? { ...usage, output, estimated: true } : usage;
}

/**
 * The tokens of a prompt: instructions, messages, media, thoughts, tools and the schema of the answer. `countText` is an
 * estimate without a vendor's vocabulary unless a better one is at hand.
 */
export function estimateInput(
  { messages, tools = [], output }: ChatRequest,
  { countText = estimateText }: { countText?: CountText } = {},
): number {
  const schema = output?.type === "schema" ? countJson(output.schema, countText) : 0;
  return FRAME_TOKENS + schema + sum(messages, (message) => countMessage(message, countText)) +
    sum(tools, (tool) => countTool(tool, countText));
}

/** The tokens of an answer, thoughts included. */
export function estimateOutput(reply: Reply): number {
  return countParts(reply, () => true);
}

function countParts(reply: Reply, counts: (part: ReplyPart) => boolean): number {
  return sum(reply.choices, ({ parts }) => sum(parts.filter(counts), (part) => countPart(part, estimateText)));
}

function isThought({ type }: ReplyPart): boolean {
  return type === "reasoning" || type === "redacted-reasoning";
}

function countMessage(message: Message, countText: CountText): number {
  const parts: readonly (UserPart | ReplyPart)[] = message.parts;
  return FRAME_TOKENS + countText(message.name ?? "") + sum(parts, (part) => countPart(part, countText));
}

function countTool(tool: Tool, countText: CountText): number {
  switch (tool.type) {
    case "function":
      return countText(tool.name) + countText(tool.description ?? "") + countJson(tool.parameters, countText);
    case "custom":
      return countText(tool.name) + countText(tool.description ?? "") + countJson(tool.format, countText);
    case "server":
      return countJson(tool.value, countText);
    default:
      return tool satisfies never;
  }
}

function countPart(part: UserPart | ReplyPart, countText: CountText): number {
  switch (part.type) {
    case "text":
    case "refusal":
    case "reasoning":
      return countText(part.text);
    case "redacted-reasoning":
      return countText(part.data);
    case "tool-call":
      return countText(part.name) + countText(part.json);
    case "file":
      return part.source.kind === "text" ? countText(part.source.text) : MEDIA_TOKENS.file;
    case "image":
    case "audio":
    case "video":
      return MEDIA_TOKENS[part.type];
    case "media":
      return part.mediaType.startsWith("audio/") ? MEDIA_TOKENS.audio : MEDIA_TOKENS.image;
    case "opaque":
      return countJson(part.value, countText);
    default:
      return part satisfies never;
  }
}

function countJson(value: unknown, countText: CountText): number {
  return value === undefined ? 0 : countText(JSON.stringify(value));
}

/** At least 1 for any text: the library counts white space as nothing. */
export function estimateText(text: string): number {
  if (text === "") return 0;
  return Math.max(1, text.length > WHOLE ? estimateLong(text) : estimateTokenCount(text));
}

/** Characters up to which a text is looked at as a whole. */
const WHOLE = 2_000;
/** Of a longer one these many characters are, in each of its parts of four times as many. */
const SAMPLE = 200;

/**
 * Some percent off, as the estimate itself is. The prompt of a coding agent has 150 KB, which took 8 ms: for as long
 * nothing else ran, and its answer had no head.
 */
function estimateLong(text: string): number {
  const samples = Math.ceil(text.length / (4 * SAMPLE)) + 1;
  const stride = (text.length - SAMPLE) / (samples - 1);
  let tokens = 0;
  for (let at = 0; at < samples; at++) {
    const start = Math.floor(at * stride);
    tokens += estimateTokenCount(text.slice(start, start + SAMPLE));
  }
  return Math.round(tokens * text.length / (samples * SAMPLE));
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
