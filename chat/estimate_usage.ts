/** Counts tokens where an upstream does not: every part of a request and of an answer that costs some. */

import { estimateTexts } from "./estimate_text.ts";
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
  const output = estimateOutput(reply);
  // Of two long texts other samples are looked at; thoughts are part of the output all the same.
  const reasoning = Math.min(countParts(reply, isThought), output);
  return {
    input: estimateInput(request),
    output,
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
  { countText }: { countText?: CountText } = {},
): number {
  const schema = output?.type === "schema" ? [jsonText(output.schema)] : [];
  const costs = [...messages.flatMap(costsOfMessage), ...tools.flatMap(textsOfTool), ...schema];
  return FRAME_TOKENS + countCosts(costs, countText);
}

/** The tokens of an answer, thoughts included. */
export function estimateOutput(reply: Reply): number {
  return countParts(reply, () => true);
}

/** What costs tokens: a text, or a number of them. */
type Cost = string | number;

function countCosts(costs: readonly Cost[], countText?: CountText): number {
  const texts = costs.filter((cost) => typeof cost === "string");
  const counted = countText === undefined ? estimateTexts(texts) : sum(texts, countText);
  return counted + sum(costs, (cost) => typeof cost === "number" ? cost : 0);
}

function countParts(reply: Reply, counts: (part: ReplyPart) => boolean): number {
  return countCosts(reply.choices.flatMap(({ parts }) => parts.filter(counts).flatMap(costsOfPart)));
}

function isThought({ type }: ReplyPart): boolean {
  return type === "reasoning" || type === "redacted-reasoning";
}

function costsOfMessage({ name = "", parts }: Message): Cost[] {
  const costs: Cost[] = [FRAME_TOKENS, name];
  for (const part of parts) costs.push(...costsOfPart(part));
  return costs;
}

function textsOfTool(tool: Tool): string[] {
  switch (tool.type) {
    case "function":
      return [tool.name, tool.description ?? "", jsonText(tool.parameters)];
    case "custom":
      return [tool.name, tool.description ?? "", jsonText(tool.format)];
    case "server":
      return [jsonText(tool.value)];
    default:
      return tool satisfies never;
  }
}

function costsOfPart(part: UserPart | ReplyPart): Cost[] {
  switch (part.type) {
    case "text":
    case "refusal":
    case "reasoning":
      return [part.text];
    case "redacted-reasoning":
      return [part.data];
    case "tool-call":
      return [part.name, part.json];
    case "file":
      return [part.source.kind === "text" ? part.source.text : MEDIA_TOKENS.file];
    case "image":
    case "audio":
    case "video":
      return [MEDIA_TOKENS[part.type]];
    case "media":
      return [part.mediaType.startsWith("audio/") ? MEDIA_TOKENS.audio : MEDIA_TOKENS.image];
    case "opaque":
      return [jsonText(part.value)];
    default:
      return part satisfies never;
  }
}

function jsonText(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value);
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
