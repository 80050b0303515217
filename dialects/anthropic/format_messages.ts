/** A neutral history as `system` and the turns of `messages`, in the order that an upstream insists on. */

import { countLeading, isInstruction, reminder } from "../../chat/instructions.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { Message, SystemMessage, TextPart, ToolMessage, UserPart } from "../../chat/request.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import type { LossList } from "../losses.ts";
import { type CallIds, callIds } from "../tool_ids.ts";
import { unshown } from "../unshown.ts";
import { formatAssistantPart } from "./assistant_blocks.ts";
import { formatPart, formatText } from "./media_blocks.ts";

export interface MessagesOptions {
  lost: LossList;
  /** The client spoke this dialect itself. */
  isOwn: boolean;
  /** The upstream knows a turn for instructions, and the client wrote some itself. */
  hasSystemTurns: boolean;
  /** Whether the model goes on with an answer that was begun for it. */
  takesPrefill: boolean;
  /** The upstream takes thoughts that nobody signed. */
  takesUnsigned: boolean;
}

type Role = "user" | "assistant" | "system";

interface Turn {
  role: Role;
  content: JsonObject[];
}

/** A turn that still grows. */
interface GrowingTurn {
  role: Role;
  /** They come first, as they must directly follow their calls. */
  results: JsonObject[];
  rest: JsonObject[];
}

/** What a turn is made with. */
interface Place extends MessagesOptions {
  ids: CallIds;
  path: string;
}

export function formatMessages(
  messages: readonly Message[],
  options: MessagesOptions,
): { system?: JsonObject[]; messages: JsonObject[] } {
  const leading = messages.slice(0, countLeading(messages));
  const system = leading.filter(isInstruction).flatMap(({ parts }) => formatTexts(parts));
  const ids = callIds();
  const turns = joinTurns(
    messages.slice(leading.length).map((message, at) =>
      formatTurn(message, { ...options, ids, path: `messages[${leading.length + at}]` })
    ),
  );
  // Instructions alone are no conversation: they are then the question.
  if (turns.length === 0) return { messages: [formatJson({ role: "user", content: system })] };
  return {
    ...(system.length > 0 && { system }),
    messages: endWithUser(options.isOwn ? turns : beginWithUser(trimEnd(turns)), options).map(formatJson),
  };
}

function formatJson({ role, content }: Turn): JsonObject {
  return { role, content };
}

function formatTurn(message: Message, place: Place): Turn {
  if ("name" in message && message.role !== "tool") place.lost.add(`${place.path}.name`, "messages have no name here");
  switch (message.role) {
    case "system":
    case "developer":
      return formatInstruction(message, place);
    case "user":
      return { role: "user", content: formatUser(message.parts, place) };
    case "assistant":
      return {
        role: "assistant",
        content: formatEach(message.parts, (part, path) => formatAssistantPart(part, { ...place, path }), place),
      };
    case "tool":
      return { role: "user", content: [formatResult(message, place)] };
    default:
      return message satisfies never;
  }
}

function formatUser(parts: readonly UserPart[], place: Place): JsonObject[] {
  const content = formatEach(parts, (part, path) => formatPart(part, { ...place, path }), place);
  const note = content.length === 0 ? unshown(parts) : undefined;
  return note === undefined ? content : [{ type: "text", text: note }];
}

function formatEach<P>(
  parts: readonly P[],
  format: (part: P, path: string) => JsonObject | undefined,
  { path }: Place,
): JsonObject[] {
  return parts.map((part, at) => format(part, `${path}.content[${at}]`)).filter((block) => block !== undefined);
}

function formatTexts(parts: readonly TextPart[]): JsonObject[] {
  return parts.map(formatText).filter((block) => block !== undefined);
}

/**
 * Instructions amid the conversation (CASES Q7). Only new models know a turn for them, so that a client that did not
 * write one itself has them sent as a tagged text of the user: never as the assistant's, and always in their place.
 */
function formatInstruction({ parts }: SystemMessage, { hasSystemTurns }: Place): Turn {
  const blocks = formatTexts(parts);
  if (hasSystemTurns) return { role: "system", content: blocks };
  const content = blocks.map((block) => ({ ...block, text: reminder(String(block.text)) }));
  return { role: "user", content };
}

function formatResult(message: ToolMessage, place: Place): JsonObject {
  const content = formatEach(message.parts, (part, path) => formatPart(part, { ...place, path }), place);
  return {
    type: "tool_result",
    tool_use_id: place.ids.result(message.callId),
    ...(content.length > 0 && { content }),
    ...given({ is_error: message.isError, cache_control: message.cache }),
  };
}

/** Turns of one role that follow each other are one turn. */
function joinTurns(turns: readonly Turn[]): Turn[] {
  const joined: GrowingTurn[] = [];
  for (const { role, content } of turns) {
    if (content.length === 0) continue;
    if (joined.at(-1)?.role !== role) joined.push({ role, results: [], rest: [] });
    const { results, rest } = joined.at(-1)!;
    for (const block of content) (isResult(block) ? results : rest).push(block);
  }
  return joined.map(({ role, results, rest }) => ({ role, content: [...results, ...rest] }));
}

function isResult({ type }: JsonObject): boolean {
  return type === "tool_result";
}

/** A conversation that the assistant began (a greeting of a chat character, say) is refused. */
function beginWithUser(turns: readonly Turn[]): Turn[] {
  if (turns[0]?.role === "user") return [...turns];
  return [{ role: "user", content: [{ type: "text", text: "." }] }, ...turns];
}

/**
 * From 4.6 on an answer that was begun is refused: the model is asked to go on with it.
 * https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-6#prefill-removal (2026-11-26)
 */
function endWithUser(turns: readonly Turn[], { takesPrefill, lost }: MessagesOptions): Turn[] {
  if (takesPrefill || turns.at(-1)?.role !== "assistant") return [...turns];
  lost.add("messages", "the model is asked to go on with the answer that was begun, as it takes none itself");
  return [...turns, { role: "user", content: [{ type: "text", text: "Continue." }] }];
}

/** White space at the end of words put into the assistant's mouth is refused. */
function trimEnd(turns: readonly Turn[]): Turn[] {
  const last = turns.at(-1);
  const block = last?.content.at(-1);
  if (last?.role !== "assistant" || !isObject(block) || typeof block.text !== "string") return [...turns];
  const trimmed = { ...last, content: [...last.content.slice(0, -1), { ...block, text: block.text.trimEnd() }] };
  return [...turns.slice(0, -1), trimmed];
}
