/** Blocks as output items. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { Tool } from "../../chat/request.ts";
import type { Block, BlockDelta, BlockOperation } from "../open_blocks.ts";
import { formatAnnotation } from "./annotations.ts";
import { formatEncrypted } from "./encrypted_content.ts";
import { type NewItem, newItems } from "./new_items.ts";
import {
  annotatePart,
  beginPart,
  endItem,
  growCall,
  growPart,
  itemAdded,
  type ItemStatus,
  type OpenItem,
} from "./open_item.ts";
import { itemId } from "./response_object.ts";

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

export function itemWriter({ id: random, tools, output: before }: ItemWriterOptions): ItemWriter {
  const output: JsonObject[] = [...before];
  const ids = new Set(before.map((item) => item.id));
  /** The item of the open block; none for a block that this dialect has no item for. */
  let open: OpenItem | undefined;
  /** The signature of the open thought. */
  let signature = "";

  function begin(block: Block): JsonObject[] {
    return newItems(block, tools).flatMap((item) => [...close("completed"), ...add(item)]);
  }

  /** Clients want ids, and each of them once. */
  function add({ prefix, item: { id: own, ...members }, part }: NewItem): JsonObject[] {
    const index = output.length;
    const isFree = typeof own === "string" && own !== "" && !ids.has(own);
    const id = isFree ? own : itemId(prefix, { id: random, index });
    ids.add(id);
    const begun: OpenItem = { index, item: { id, ...members }, part: undefined };
    open = begun;
    return [itemAdded(begun), ...(part === undefined ? [] : beginPart(begun, part))];
  }

  function close(status: ItemStatus, logprobs: Json[] = []): JsonObject[] {
    if (open === undefined) return [];
    const { item } = open;
    for (const logprob of logprobs) open.part?.logprobs.push(logprob);
    if (signature !== "") item.encrypted_content = formatEncrypted({ kind: "thought", text: signature });
    const events = endItem(open, status);
    output.push(item);
    open = undefined;
    signature = "";
    return events;
  }

  return {
    write(operation, { status, logprobs }) {
      if (operation.type === "open") return begin(operation.block);
      if (operation.type === "close") return close(status, logprobs);
      if (open === undefined) return [];
      if (operation.delta.kind === "signature") signature += operation.delta.signature;
      return grow(open, operation.delta, { logprobs });
    },
    output: () => [...output],
  };
}

function grow(open: OpenItem, delta: BlockDelta, { logprobs }: { logprobs: Json[] }): JsonObject[] {
  switch (delta.kind) {
    case "text":
    case "refusal":
    case "reasoning": {
      // A thought may be a signature alone, so its part opens with its first text.
      const begun = open.part === undefined ? beginPart(open, "summary_text") : [];
      return [...begun, ...growPart(open, delta.text, { logprobs })];
    }
    case "annotation":
      return annotatePart(open, formatAnnotation(delta.annotation));
    case "json":
      return growCall(open, delta.json);
    case "signature":
      return [];
    default:
      return delta satisfies never;
  }
}
