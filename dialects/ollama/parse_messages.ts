/** A client's history as neutral messages. */

import type { AssistantPart, ImagePart, Message, TextPart } from "../../chat/request.ts";
import { argumentsText } from "../call_arguments.ts";
import { type CallLedger, callLedger } from "./call_ledger.ts";
import { parseImage } from "./images.ts";
import type { RequestMessage } from "./schema.ts";

export function parseMessages(messages: readonly RequestMessage[]): Message[] {
  const ledger = callLedger();
  return messages.map((message): Message => {
    ledger.turn(message.role);
    switch (message.role) {
      case "system":
      case "developer":
        return { role: message.role, parts: textParts(message.content) };
      case "user":
        return { role: "user", parts: contentParts(message) };
      case "assistant":
        return { role: "assistant", parts: assistantParts(message, ledger) };
      case "tool": {
        const name = message.tool_name || message.name || undefined;
        const { id, ...called } = ledger.result({ id: message.tool_call_id || undefined, name });
        return { role: "tool", callId: id, ...called, parts: contentParts(message) };
      }
      default:
        return message.role satisfies never;
    }
  });
}

export function textParts(content: string | null | undefined): TextPart[] {
  return content ? [{ type: "text", text: content }] : [];
}

type Content = Pick<RequestMessage, "content" | "images">;

/** Images first: the server puts them before the text. */
export function contentParts({ content, images }: Content): (ImagePart | TextPart)[] {
  return [...(images ?? []).map(parseImage), ...textParts(content)];
}

function assistantParts(message: RequestMessage, ledger: CallLedger): AssistantPart[] {
  const { thinking, tool_calls: calls } = message;
  return [
    ...(thinking ? [{ type: "reasoning" as const, text: thinking }] : []),
    ...contentParts(message),
    ...(calls ?? []).map(({ id, function: called }): AssistantPart => ({
      type: "tool-call",
      id: ledger.call(called.name, id || undefined),
      name: called.name,
      json: argumentsText(called.arguments),
    })),
  ];
}
