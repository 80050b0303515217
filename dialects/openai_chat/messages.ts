/** The messages of a history, both ways. */

import type { JsonObject } from "../../chat/json.ts";
import {
  type Message,
  type OpaquePart,
  type SystemMessage,
  textOf,
  type TextPart,
  type ToolMessage,
  type UserPart,
} from "../../chat/request.ts";
import { isHollow } from "../hollow_message.ts";
import type { LossList } from "../losses.ts";
import { unshown } from "../unshown.ts";
import { formatAssistantMessage, legacyCallId, parseAssistantMessage } from "./assistant_message.ts";
import { formatPart, type FormattablePart, parseContent } from "./content_parts.ts";
import type { RequestMessage } from "./schema.ts";

export function parseMessages(messages: readonly RequestMessage[]): Message[] {
  /** The names of the calls so far: results of other dialects need them. */
  const names = new Map<string, string>();
  /** The ids made for calls of the older form, which its results name by their function. */
  const legacyIds = new Map<string, string>();

  return messages.map((message, at): Message => {
    switch (message.role) {
      case "system":
      case "developer":
        return { role: message.role, parts: textParts(message.content), ...nameOf(message) };
      case "user":
        return { role: "user", parts: parseContent(message.content).map(asUserPart), ...nameOf(message) };
      case "assistant": {
        const parsed = parseAssistantMessage(message, at);
        for (const part of parsed.parts) if (part.type === "tool-call") names.set(part.id, part.name);
        if (message.function_call) legacyIds.set(message.function_call.name, legacyCallId(at));
        return parsed;
      }
      case "tool":
        return parseToolMessage(message, names);
      case "function": {
        const callId = legacyIds.get(message.name) ?? legacyCallId(at);
        return { role: "tool", callId, name: message.name, parts: parseContent(message.content).map(asUserPart) };
      }
      default:
        return message satisfies never;
    }
  });
}

function parseToolMessage(
  message: Extract<RequestMessage, { role: "tool" }>,
  names: ReadonlyMap<string, string>,
): ToolMessage {
  const name = message.name || names.get(message.tool_call_id);
  return {
    role: "tool",
    callId: message.tool_call_id,
    parts: parseContent(message.content).map(asUserPart),
    ...(name !== undefined && { name }),
    ...(message.cache_control && { cache: message.cache_control }),
  };
}

function nameOf({ name }: { name?: string | null | undefined }): { name?: string } {
  return name ? { name } : {};
}

type Parsed = ReturnType<typeof parseContent>;

function textParts(content: Parameters<typeof parseContent>[0]): TextPart[] {
  return parseContent(content).filter((part) => part.type === "text");
}

function asUserPart(part: Parsed[number]): UserPart {
  return part.type === "refusal" ? { type: "text", text: part.text } : part;
}

export interface MessageOptions {
  lost: LossList;
  isOwn: boolean;
  marks: boolean;
  flatContent: boolean;
  replayReasoning: boolean;
  /** The model whose vendor wants its signed thoughts back, by way of OpenRouter. */
  detailsFor?: string | undefined;
  developerRole: boolean;
  /** Those that are written as they came. */
  own?: ReadonlyMap<Message, JsonObject> | undefined;
}

/** The messages for an upstream. A run of tool results is followed by one user message with their images (CASES T19). */
export function formatMessages(messages: readonly Message[], options: MessageOptions): JsonObject[] {
  const formatted: JsonObject[] = [];
  let shown: ShownPart[] = [];
  messages.forEach((message, at) => {
    const own = options.own?.get(message);
    const placed = { ...options, path: `messages[${at}]` };
    const written = own ?? formatMessage(message, placed);
    const isLast = at === messages.length - 1;
    if (options.isOwn || !isHollow(message, { written, isLast })) formatted.push(written);
    if (message.role !== "tool") return;
    // A message that is written as it came has its images in it.
    if (own === undefined) shown.push(...message.parts.filter(isShown));
    if (messages[at + 1]?.role === "tool" || shown.length === 0) return;
    formatted.push({ role: "user", content: formatContent(shown, placed) });
    shown = [];
  });
  return formatted;
}

/** What a tool gave back that a tool message cannot hold. */
type ShownPart = Exclude<UserPart, TextPart | OpaquePart>;

function isShown(part: UserPart): part is ShownPart {
  return part.type !== "text" && part.type !== "opaque";
}

type PlacedOptions = MessageOptions & { path: string };

function formatMessage(message: Message, options: PlacedOptions): JsonObject {
  switch (message.role) {
    case "system":
    case "developer":
      return { role: systemRole(message, options), content: formatTexts(message.parts, options), ...nameOf(message) };
    case "user":
      return { role: "user", content: formatUser(message.parts, options), ...nameOf(message) };
    case "assistant":
      return formatAssistantMessage(message, options);
    case "tool":
      return formatToolMessage(message, options);
    default:
      return message satisfies never;
  }
}

function formatUser(parts: readonly UserPart[], options: PlacedOptions): string | JsonObject[] {
  const content = formatContent(parts, options);
  return content === "" ? unshown(parts) ?? content : content;
}

function systemRole({ role }: SystemMessage, { developerRole }: MessageOptions): string {
  return role === "developer" && !developerRole ? "system" : role;
}

function formatToolMessage(message: ToolMessage, options: PlacedOptions): JsonObject {
  const said = message.parts.filter((part) => !isShown(part));
  const content = formatTexts(options.isOwn ? said : withMark(said, message), options);
  const isSilent = content === "" && message.parts.some(isShown);
  return {
    role: "tool",
    tool_call_id: message.callId,
    content: isSilent ? "The result is in the next message" : asError(content, message),
    ...(options.isOwn && message.cache !== undefined && { cache_control: message.cache }),
  };
}

/** A mark on a result of another dialect's is one on its text. */
function withMark<P extends TextPart | OpaquePart>(parts: P[], { cache }: ToolMessage): P[] {
  const last = cache === undefined ? -1 : parts.findLastIndex(({ type }) => type === "text");
  return parts.map((part, at) => at === last ? { ...part, cache } : part);
}

/** This dialect has no mark for a failed call, so the text says it (CASES T21). */
function asError(content: string | JsonObject[], { isError }: ToolMessage): string | JsonObject[] {
  if (!isError) return content;
  return typeof content === "string" ? `Error: ${content}` : [{ type: "text", text: "Error:" }, ...content];
}

/** Text as one string, which every vendor takes, unless a part bears a cache mark that the upstream may know. */
function formatTexts(parts: readonly FormattablePart[], options: PlacedOptions): string | JsonObject[] {
  const isPlain = !parts.some((part) => part.type !== "text" || (options.marks && part.cache !== undefined));
  return isPlain ? joinTexts(parts) : formatContent(parts, options);
}

function joinTexts(parts: readonly FormattablePart[]): string {
  return parts.map((part) => textOf([part])).join("\n\n");
}

function formatContent(parts: readonly FormattablePart[], options: PlacedOptions): string | JsonObject[] {
  const content = parts
    .map((part, at) => formatPart(part, { ...options, path: `${options.path}.content[${at}]` }))
    .filter((part) => part !== undefined);
  const [first] = content;
  const isOneText = content.length === 1 && first?.type === "text" && first.cache_control === undefined;
  if (content.length === 0 || isOneText) return String(first?.text ?? "");
  if (!options.flatContent) return content;
  const texts = content.filter((part) => part.type === "text");
  if (texts.length < content.length) options.lost.add(`${options.path}.content`, "the upstream takes text only");
  return texts.map((part) => part.text).join("\n\n");
}
