/** Neutral messages for an upstream. */

import type { JsonObject } from "../../chat/json.ts";
import type { AssistantMessage, Message, ToolCallPart, ToolMessage } from "../../chat/request.ts";
import { argumentsObject } from "../call_arguments.ts";
import { wrapInput } from "../custom_tools.ts";
import { isHollow } from "../hollow_message.ts";
import type { LossList } from "../losses.ts";
import { unshown } from "../unshown.ts";
import { formatContent, imagesMember, type Place } from "./format_content.ts";

export function formatMessages(messages: readonly Message[], lost: LossList): JsonObject[] {
  /** The names of the calls so far: a result says which tool it is of. */
  const names = new Map<string, string>();
  const formatMessage = (message: Message, place: Place): JsonObject => {
    if (message.role !== "tool" && message.name !== undefined) {
      lost.add(`${place.path}.name`, "Ollama's messages have no name");
    }
    switch (message.role) {
      case "system":
      case "developer":
        return { role: "system", content: formatContent(message.parts, place).texts.join("\n\n") };
      case "user": {
        const content = formatContent(message.parts, place);
        const note = content.texts.length + content.images.length === 0 ? unshown(message.parts) : undefined;
        return { role: "user", content: note ?? content.texts.join("\n\n"), ...imagesMember(content) };
      }
      case "assistant":
        for (const part of message.parts) if (part.type === "tool-call") names.set(part.id, part.name);
        return formatAssistantMessage(message, place);
      case "tool":
        return formatToolMessage({ name: names.get(message.callId) ?? "", ...message }, place);
      default:
        return message satisfies never;
    }
  };
  return messages.flatMap((message, at) => {
    const written = formatMessage(message, { path: `messages[${at}]`, lost });
    return isHollow(message, { written, isLast: at === messages.length - 1 }) ? [] : [written];
  });
}

function formatAssistantMessage({ parts }: AssistantMessage, place: Place): JsonObject {
  const content = formatContent(parts, place);
  const thinking = parts.map((part) => part.type === "reasoning" ? part.text : "").join("");
  const calls = parts.filter((part) => part.type === "tool-call");
  return {
    role: "assistant",
    content: content.texts.join(""),
    ...(thinking !== "" && { thinking }),
    ...imagesMember(content),
    ...(calls.length > 0 && { tool_calls: calls.map(formatPastCall) }),
  };
}

/** Arguments that are no object would be refused; a wrong `{}` would be believed. */
function formatPastCall({ id, name, json, custom }: ToolCallPart, index: number): JsonObject {
  const called = custom ? wrapInput(json) : argumentsObject(json) ?? { _raw: json };
  return { id, type: "function", function: { index, name, arguments: called } };
}

function formatToolMessage({ callId, name, parts, isError }: ToolMessage, place: Place): JsonObject {
  const content = formatContent(parts, place);
  const text = content.texts.join("\n\n");
  return {
    role: "tool",
    // There is no mark for a failed call, so the text says it (CASES T21).
    content: isError ? `Error: ${text}` : text,
    ...imagesMember(content),
    ...(name && { tool_name: name }),
    tool_call_id: callId,
  };
}
