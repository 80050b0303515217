/** Blocks as output items. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { Tool } from "../../chat/request.ts";
import { isCustomTool } from "../custom_tools.ts";
import type { Block, BlockDelta, BlockOperation } from "../open_blocks.ts";
import { restoreToolName } from "../tool_ids.ts";
import { formatEncrypted, type Sealed } from "./encrypted_content.ts";
import { beginPart, endItem, growCall, itemAdded, type ItemStatus, type OpenItem } from "./open_item.ts";
import { annotationAdded, partDelta } from "./part_events.ts";
import { type IdPrefix, itemId } from "./response_object.ts";

export interface ItemWriterOptions {
  /** Random text that the items' ids are made of. */
  id: string;
  tools: readonly Tool[] | undefined;
  /** Items that are there already: ours follow them. */
  output: readonly JsonObject[];
}

export interface ItemWriter {
  /** The events, without their numbers. `status` is for an item that closes now; `logprobs` go with its text. */
  write(operation: BlockOperation, options: { status: ItemStatus; logprobs: Json[] }): JsonObject[];
  /** The items that are done. */
  output(): JsonObject[];
}

export function itemWriter({ id, tools, output: before }: ItemWriterOptions): ItemWriter {
  const output: JsonObject[] = [...before];
  const ids = new Set(before.map((item) => item.id));
  /** The item of the open block; none for a block that this dialect has no item for. */
  let open: OpenItem | undefined;
  /** The signature of the open thought. */
  let signature = "";

  function add(item: JsonObject): JsonObject[] {
    open = { index: output.length, item, part: undefined };
    ids.add(item.id);
    return [itemAdded(open)];
  }

  function close(status: ItemStatus, logprobs: Json[] = []): JsonObject[] {
    if (open === undefined) return [];
    const { item } = open;
    open.part?.logprobs.push(...logprobs);
    if (signature !== "") item.encrypted_content = formatEncrypted({ kind: "thought", text: signature });
    const events = endItem(open, status);
    output.push(item);
    open = undefined;
    signature = "";
    return events;
  }

  function newId(prefix: IdPrefix): string {
    return itemId(prefix, { id, index: output.length });
  }

  function openMessage(type: "output_text" | "refusal"): JsonObject[] {
    const added = add({ id: newId("msg"), type: "message", status: "in_progress", role: "assistant", content: [] });
    return open === undefined ? added : [...added, ...beginPart(open, type)];
  }

  function openThought(sealed?: Sealed): JsonObject[] {
    const encrypted = sealed === undefined ? {} : { encrypted_content: formatEncrypted(sealed) };
    return add({ id: newId("rs"), type: "reasoning", summary: [], ...encrypted });
  }

  function openCall({ id: call_id, name: called, signature }: Extract<Block, { kind: "tool-call" }>): JsonObject[] {
    const sealed = signature === undefined
      ? []
      : [...openThought({ kind: "call", text: signature }), ...close("completed")];
    const name = restoreToolName(called, tools);
    const call = isCustomTool(name, tools)
      ? { id: newId("ctc"), type: "custom_tool_call", status: "in_progress", call_id, name, input: "" }
      : { id: newId("fc"), type: "function_call", status: "in_progress", call_id, name, arguments: "" };
    return [...sealed, ...add(call)];
  }

  function openMedia({ mediaType, data }: Extract<Block, { kind: "media" }>): JsonObject[] {
    const [type, output_format] = mediaType.split("/");
    if (type !== "image") return [];
    return add({ id: newId("ig"), type: "image_generation_call", status: "in_progress", output_format, result: data });
  }

  /** Clients want ids, and each of them once. */
  function openOpaque({ dialect, value }: Extract<Block, { kind: "opaque" }>): JsonObject[] {
    if (dialect !== "openai_responses") return [];
    const isNamed = typeof value.id === "string" && value.id !== "" && !ids.has(value.id);
    return add({ ...value, ...(!isNamed && { id: newId("item") }) });
  }

  function openBlock(block: Block): JsonObject[] {
    switch (block.kind) {
      case "text":
        return openMessage("output_text");
      case "refusal":
        return openMessage("refusal");
      case "reasoning":
        return openThought();
      case "redacted-reasoning":
        return openThought({ kind: "redacted", text: block.data });
      case "tool-call":
        return openCall(block);
      case "media":
        return openMedia(block);
      case "opaque":
        return openOpaque(block);
      default:
        return block satisfies never;
    }
  }

  function grow(delta: BlockDelta, logprobs: Json[]): JsonObject[] {
    if (open === undefined) return [];
    switch (delta.kind) {
      case "text":
      case "refusal":
      case "reasoning": {
        // A thought may be a signature alone, so its part opens with its first text.
        const begun = open.part === undefined ? beginPart(open, "summary_text") : [];
        return open.part === undefined ? begun : [...begun, partDelta(open.part, delta.text, { logprobs })];
      }
      case "annotation":
        return open.part === undefined ? [] : [annotationAdded(open.part, delta.annotation)];
      case "signature":
        signature += delta.signature;
        return [];
      case "json":
        return growCall(open, delta.json);
      default:
        return delta satisfies never;
    }
  }

  return {
    write(operation, { status, logprobs }) {
      if (operation.type === "open") return openBlock(operation.block);
      if (operation.type === "close") return close(status, logprobs);
      return grow(operation.delta, logprobs);
    },
    output: () => [...output],
  };
}
