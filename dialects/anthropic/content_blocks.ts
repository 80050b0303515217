/** The content blocks of an answer, as a stream opens and grows them and as a whole answer holds them. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { Tool } from "../../chat/request.ts";
import { formatDataUrl } from "../data_url.ts";
import { isObject } from "../json.ts";
import type { Block, BlockDelta } from "../open_blocks.ts";
import { fitCallId, restoreToolName } from "../tool_ids.ts";
import { formatCallSignature } from "./call_signature.ts";
import { formatCitation } from "./citations.ts";

/** The event in the terms of blocks: what Messages has no block for is told by those it has. */
export function asBlockEvents(event: ChatEvent, tools: readonly Tool[] | undefined): ChatEvent[] {
  switch (event.type) {
    case "tool-call": {
      const { signature, ...call } = event;
      // Clients hand thoughts back as they came, and drop what else is in a call.
      const thought = signature === undefined
        ? []
        : [{ type: "reasoning" as const, text: "", signature: formatCallSignature(signature) }];
      return [...thought, { ...call, id: fitCallId(event.id), name: restoreToolName(event.name, tools) }];
    }
    case "media":
      // There is no block for an image the model made; a client that shows text as Markdown shows it.
      if (!event.mediaType.startsWith("image/")) return [];
      return [{ type: "text", text: `![image](${formatDataUrl(event.mediaType, event.data)})` }];
    case "opaque":
      return event.dialect === "anthropic" ? [event] : [];
    default:
      return [event];
  }
}

/** A block as it starts: empty where it grows by deltas, as clients take nothing but those (CASES A11). */
export function formatBlock(block: Block): { content_block: JsonObject; delta?: JsonObject } {
  switch (block.kind) {
    case "text":
    case "refusal":
      return { content_block: { type: "text", text: "" } };
    case "reasoning":
      return { content_block: { type: "thinking", thinking: "", signature: "" } };
    case "redacted-reasoning":
      return { content_block: { type: "redacted_thinking", data: block.data } };
    case "tool-call":
      return { content_block: { type: "tool_use", id: block.id, name: block.name, input: {} } };
    case "opaque": {
      const { input, type } = block.value;
      // Only what calls a tool grows by its input; any other block is whole at its start.
      if (!isObject(input) || !String(type).endsWith("tool_use")) return { content_block: block.value };
      const delta = { type: "input_json_delta", partial_json: JSON.stringify(input) };
      return { content_block: { ...block.value, input: {} }, delta };
    }
    case "media":
      // Told as text before it gets here.
      return { content_block: { type: "text", text: "" } };
    default:
      return block satisfies never;
  }
}

/** `undefined` for an annotation that is no citation of this dialect. */
export function formatDelta(delta: BlockDelta): JsonObject | undefined {
  switch (delta.kind) {
    case "text":
    case "refusal":
      return { type: "text_delta", text: delta.text };
    case "reasoning":
      return { type: "thinking_delta", thinking: delta.text };
    case "signature":
      return { type: "signature_delta", signature: delta.signature };
    case "json":
      return { type: "input_json_delta", partial_json: delta.json };
    case "annotation": {
      const citation = formatCitation(delta.annotation);
      return citation === undefined ? undefined : { type: "citations_delta", citation };
    }
    default:
      return delta satisfies never;
  }
}

/** A delta that says nothing, for a block that is open: what a client's watchdog takes for a sign of life (CASES V2). */
export function emptyDelta(type: string): JsonObject | undefined {
  switch (type) {
    case "text":
      return { type: "text_delta", text: "" };
    case "thinking":
      return { type: "thinking_delta", thinking: "" };
    case "tool_use":
    case "server_tool_use":
    case "mcp_tool_use":
      return { type: "input_json_delta", partial_json: "" };
    default:
      return undefined;
  }
}
