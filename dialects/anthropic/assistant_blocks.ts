/** What an assistant said, as the blocks of its turn in a history. */

import type { JsonObject } from "../../chat/json.ts";
import type { AssistantPart, ReasoningPart, ToolCallPart } from "../../chat/request.ts";
import { argumentsObject } from "../call_arguments.ts";
import { wrapInput } from "../custom_tools.ts";
import { given } from "../given.ts";
import { ownSignature } from "../signatures.ts";
import { type CallIds, fitToolName } from "../tool_ids.ts";
import { type BlockOptions, formatPart, formatText } from "./media_blocks.ts";

export interface AssistantOptions extends BlockOptions {
  ids: CallIds;
  /** The upstream takes thoughts that nobody signed. */
  takesUnsigned: boolean;
}

export function formatAssistantPart(part: AssistantPart, options: AssistantOptions): JsonObject | undefined {
  switch (part.type) {
    case "text":
    case "opaque":
      return formatPart(part, options);
    case "refusal":
      return formatText({ type: "text", text: part.text });
    case "reasoning":
      return formatThought(part, options);
    case "redacted-reasoning":
      return formatRedacted(part.data, options);
    case "tool-call":
      return formatCall(part, options);
    case "image":
      return options.lost.add(options.path, "an assistant's turn cannot hold an image");
    default:
      return part satisfies never;
  }
}

const FOREIGN_THOUGHT = "the upstream takes only thoughts that it signed itself";

/** A thought without a signature, or with another vendor's, is refused, and as text would pass for the answer (K7). */
function formatThought(
  { text, signature = "" }: ReasoningPart,
  { lost, path, takesUnsigned }: AssistantOptions,
): JsonObject | undefined {
  const own = ownSignature("anthropic", signature);
  if (own !== undefined) return { type: "thinking", thinking: text, signature: own };
  return takesUnsigned ? { type: "thinking", thinking: text, signature: "" } : lost.add(path, FOREIGN_THOUGHT);
}

function formatRedacted(marked: string, { lost, path }: AssistantOptions): JsonObject | undefined {
  const data = ownSignature("anthropic", marked);
  return data === undefined ? lost.add(path, FOREIGN_THOUGHT) : { type: "redacted_thinking", data };
}

function formatCall({ id, name, json, custom, cache }: ToolCallPart, { ids }: AssistantOptions): JsonObject {
  const input = custom ? wrapInput(json) : inputOf(json);
  return {
    type: "tool_use",
    id: ids.call(id),
    name: fitToolName(name),
    input,
    ...given({ cache_control: cache }),
  };
}

/** Arguments as the object that is wanted here; what is none is kept as text, not passed off as no arguments. */
export function inputOf(json: string): JsonObject {
  return argumentsObject(json) ?? { _raw: json };
}
