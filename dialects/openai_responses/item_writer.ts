/** Blocks as output items. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { Tool } from "../../chat/request.ts";
import { isObject } from "../json.ts";
import type { Block, BlockDelta, BlockOperation } from "../open_blocks.ts";
import { formatAnnotation, moveAnnotation } from "./annotations.ts";
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
  /** How long all the text is so far, and was where the open item began. */
  const text = { length: 0, begin: 0 };
  /** The place of the last item that is done and ends with a text, and where that text began. */
  let spoken: { at: number; begin: number } | undefined;

  /** What is noted late of a text is told where the whole answer is: the item was told already, and stays as it was then. */
  function note(annotation: JsonObject): void {
    if (spoken === undefined) return;
    const { at, begin } = spoken;
    output[at] = annotated(output[at]!, formatAnnotation(moveAnnotation(annotation, -begin)));
  }

  function begin(block: Block): JsonObject[] {
    return newItems(block, tools).flatMap((item) => [...close("completed"), ...add(item)]);
  }

  /** Clients want ids, and each of them once. */
  function add({ prefix, item: { id: own, ...members }, part }: NewItem): JsonObject[] {
    const index = output.length;
    const isFree = typeof own === "string" && own !== "" && !ids.has(own);
    const id = isFree ? own : itemId(prefix, { id: random, index });
    ids.add(id);
    text.begin = text.length;
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
    if (endsWithText(item)) spoken = { at: output.length, begin: text.begin };
    output.push(item);
    open = undefined;
    signature = "";
    return events;
  }

  return {
    write(operation, { status, logprobs }) {
      if (operation.type === "open") return begin(operation.block);
      if (operation.type === "close") return close(status, logprobs);
      if (operation.type === "note") note(operation.annotation);
      if (operation.type === "note" || open === undefined) return [];
      if (operation.delta.kind === "signature") signature += operation.delta.signature;
      if (operation.delta.kind === "text") text.length += operation.delta.text.length;
      return grow(open, operation.delta, { logprobs, begin: text.begin });
    },
    output: () => [...output],
  };
}

function lastPartOf({ content }: JsonObject): Json | undefined {
  return Array.isArray(content) ? content.at(-1) : undefined;
}

function endsWithText(item: JsonObject): boolean {
  const part = lastPartOf(item);
  return isObject(part) && part.type === "output_text";
}

/** An item with one more note of its last part. */
function annotated(item: JsonObject, annotation: JsonObject): JsonObject {
  const [content, part] = [item.content, lastPartOf(item)];
  if (!Array.isArray(content) || !isObject(part) || !Array.isArray(part.annotations)) return item;
  return { ...item, content: content.with(-1, { ...part, annotations: [...part.annotations, annotation] }) };
}

function grow(
  open: OpenItem,
  delta: BlockDelta,
  { logprobs, begin }: { logprobs: Json[]; begin: number },
): JsonObject[] {
  switch (delta.kind) {
    case "text":
    case "refusal":
    case "reasoning": {
      // A thought may be a signature alone, so its part opens with its first text.
      const begun = open.part === undefined ? beginPart(open, "summary_text") : [];
      return [...begun, ...growPart(open, delta.text, { logprobs })];
    }
    case "annotation":
      return annotatePart(open, formatAnnotation(moveAnnotation(delta.annotation, -begin)));
    case "json":
      return growCall(open, delta.json);
    case "signature":
      return [];
    default:
      return delta satisfies never;
  }
}
