/** Messages as the `instructions` and `input` items for an upstream. */

import type { JsonObject } from "../../chat/json.ts";
import type {
  AssistantMessage,
  AssistantPart,
  Message,
  RefusalPart,
  TextPart,
  ToolCallPart,
  ToolMessage,
} from "../../chat/request.ts";
import type { LossList } from "../losses.ts";
import { type CallIds, callIds, fitToolName } from "../tool_ids.ts";
import { unshown } from "../unshown.ts";
import { formatPart, type FormattablePart } from "./content_parts.ts";
import { formatThought } from "./reasoning_items.ts";

export interface InputOptions {
  lost: LossList;
  isOwn: boolean;
  replayReasoning: boolean;
}

interface Context extends InputOptions {
  ids: CallIds;
  /** The ids of calls with free text, whose results have an item type of their own. */
  customCalls: Set<string>;
  path: string;
}

/** A plain system message at the head is `instructions`, which is what clients of this dialect make of theirs. */
export function formatInput(messages: readonly Message[], options: InputOptions): JsonObject {
  const [first, ...rest] = messages;
  const [part, ...more] = first?.role === "system" && first.name === undefined ? first.parts : [];
  const leads = part !== undefined && more.length === 0 && rest.length > 0;
  const shared = { ...options, ids: callIds(), customCalls: new Set<string>() };
  const input = messages.slice(leads ? 1 : 0).flatMap((message, at) => {
    const path = `messages[${leads ? at + 1 : at}]`;
    if ("name" in message && message.role !== "tool") options.lost.add(`${path}.name`, "messages have no name here");
    return formatMessage(message, { ...shared, path });
  });
  return { ...(leads && { instructions: part.text }), input };
}

function formatMessage(message: Message, context: Context): JsonObject[] {
  switch (message.role) {
    case "system":
    case "developer":
    case "user":
      return formatContentMessage(message, context);
    case "assistant":
      return formatAssistantMessage(message, context);
    case "tool":
      return [formatResult(message, context)];
    default:
      return message satisfies never;
  }
}

/** One message item, cut in two where something stands between that only this dialect knows: that is an item itself. */
function formatContentMessage({ role, parts }: Exclude<Message, AssistantMessage | ToolMessage>, context: Context) {
  const items: JsonObject[] = [];
  let content: JsonObject[] = [];
  const close = () => {
    if (content.length > 0) items.push({ type: "message", role, content });
    content = [];
  };
  parts.forEach((part, at) => {
    const formatted = formatPart(part, { ...context, path: `${context.path}.content[${at}]` });
    if (formatted === undefined) return;
    if (part.type !== "opaque") return void content.push(formatted);
    close();
    items.push(formatted);
  });
  close();
  const note = role === "user" && items.length === 0 ? unshown(parts) : undefined;
  return note === undefined ? items : [{ type: "message", role, content: [{ type: "input_text", text: note }] }];
}

function formatAssistantMessage({ parts }: AssistantMessage, context: Context): JsonObject[] {
  const items: JsonObject[] = [];
  /** The content of the message item that texts in a row go into. */
  let content: JsonObject[] | undefined;
  parts.forEach((part, at) => {
    const place = { ...context, path: `${context.path}.content[${at}]` };
    if (part.type === "text" || part.type === "refusal") {
      if (content === undefined) items.push({ type: "message", role: "assistant", content: content = [] });
      content.push(formatSpoken(part));
      return;
    }
    const item = formatAssistantItem(part, place);
    if (item === undefined) return;
    content = undefined;
    items.push(item);
  });
  return items;
}

function formatSpoken(part: TextPart | RefusalPart): JsonObject {
  if (part.type === "refusal") return { type: "refusal", refusal: part.text };
  return { type: "output_text", text: part.text, annotations: [] };
}

type ItemPart = Exclude<AssistantPart, TextPart | RefusalPart>;

function formatAssistantItem(part: ItemPart, context: Context): JsonObject | undefined {
  switch (part.type) {
    case "reasoning":
    case "redacted-reasoning":
      return formatThought(part, context);
    case "tool-call":
      return formatCall(part, context);
    case "image":
      return context.lost.add(context.path, "the Responses API takes no image from the assistant");
    case "opaque":
      return formatPart(part, context);
    default:
      return part satisfies never;
  }
}

/** A call's own signature is Gemini's, and of no meaning here. */
function formatCall({ id, name, json, custom }: ToolCallPart, { ids, customCalls }: Context): JsonObject {
  const head = { call_id: ids.call(id), name: fitToolName(name) };
  if (!custom) return { type: "function_call", ...head, arguments: json };
  customCalls.add(id);
  return { type: "custom_tool_call", ...head, input: json };
}

function formatResult(message: ToolMessage, context: Context): JsonObject {
  const type = context.customCalls.has(message.callId) ? "custom_tool_call_output" : "function_call_output";
  return { type, call_id: context.ids.result(message.callId), output: formatOutput(message, context) };
}

/** This dialect has no mark for a failed call, so the text says it (CASES T21). */
function formatOutput({ parts, isError }: ToolMessage, context: Context): string | JsonObject[] {
  const [first] = parts;
  if (first === undefined || (parts.length === 1 && first.type === "text")) {
    const text = first?.type === "text" ? first.text : "";
    return isError ? `Error: ${text}` : text;
  }
  const content = formatResultParts(parts, context);
  return isError ? [{ type: "input_text", text: "Error:" }, ...content] : content;
}

function formatResultParts(parts: readonly FormattablePart[], context: Context): JsonObject[] {
  return parts
    .map((part, at) => formatPart(part, { ...context, path: `${context.path}.content[${at}]` }))
    .filter((part) => part !== undefined);
}
