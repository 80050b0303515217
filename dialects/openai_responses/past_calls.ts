/** The calls of a client's history, and their results. */

import type { ToolCallPart, ToolMessage } from "../../chat/request.ts";
import { argumentsText } from "../call_arguments.ts";
import { asUserPart, parseContent } from "./content_parts.ts";
import { joinName } from "./namespaces.ts";
import type { RequestItem } from "./schema.ts";

type Item<T extends RequestItem["type"]> = Extract<RequestItem, { type: T }>;

export interface PastCalls {
  /** The signature of the call that comes next, if it has one. */
  sign(signature: string | undefined): void;
  call(item: Item<"function_call" | "custom_tool_call">): ToolCallPart;
  result(item: Item<"function_call_output" | "custom_tool_call_output">): ToolMessage;
}

export function pastCalls(): PastCalls {
  /** Results of other dialects need the name of their call. */
  const names = new Map<string, string>();
  let signature: string | undefined;

  return {
    sign(given) {
      signature = given;
    },
    call(item) {
      const { call_id: id } = item;
      const name = joinName(item.name, item.namespace);
      names.set(id, name);
      const signed = signature === undefined ? {} : { signature };
      signature = undefined;
      return item.type === "custom_tool_call"
        ? { type: "tool-call", id, name, json: item.input, custom: true, ...signed }
        : { type: "tool-call", id, name, json: argumentsText(item.arguments), ...signed };
    },
    result({ call_id: callId, output }) {
      const name = names.get(callId);
      const parts = parseContent(output).map(asUserPart);
      return { role: "tool", callId, parts, ...(name !== undefined && { name }) };
    },
  };
}
