/** The items that a block of an answer is told by, as they begin. */

import type { JsonObject } from "../../chat/json.ts";
import type { Tool } from "../../chat/request.ts";
import type { Block } from "../open_blocks.ts";
import { restoreToolName } from "../tool_ids.ts";
import { asksForSearch } from "../web_search.ts";
import { formatEncrypted, type Sealed } from "./encrypted_content.ts";
import { splitName } from "./namespaces.ts";
import type { PartType } from "./part_events.ts";
import type { IdPrefix } from "./response_object.ts";

export interface NewItem {
  prefix: IdPrefix;
  /** Without an id, unless it is one that its upstream made. */
  item: JsonObject;
  /** The part that it begins with. */
  part?: PartType;
}

/** One item, of which the block's deltas are, and before it what else there is to say; none for what has no item here. */
export function newItems(block: Block, tools: readonly Tool[] | undefined): NewItem[] {
  switch (block.kind) {
    case "text":
      return [message("output_text")];
    case "refusal":
      return [message("refusal")];
    case "reasoning":
      return [thought()];
    case "redacted-reasoning":
      return [thought({ kind: "redacted", text: block.data })];
    case "tool-call": {
      // A call has no member for its signature.
      const sealed = block.signature === undefined ? [] : [thought({ kind: "call", text: block.signature })];
      return [...sealed, call(block, tools)];
    }
    case "media":
      return media(block);
    case "opaque":
      if (block.dialect !== "openai_responses") return search(block, tools);
      return [{ prefix: block.value.type === "compaction" ? "cmp" : "item", item: block.value }];
    default:
      return block satisfies never;
  }
}

function message(part: PartType): NewItem {
  return { prefix: "msg", item: { type: "message", status: "in_progress", role: "assistant", content: [] }, part };
}

function thought(sealed?: Sealed): NewItem {
  const encrypted = sealed === undefined ? {} : { encrypted_content: formatEncrypted(sealed) };
  return { prefix: "rs", item: { type: "reasoning", summary: [], ...encrypted } };
}

function call(
  { id, name: called, custom }: Extract<Block, { kind: "tool-call" }>,
  tools: readonly Tool[] | undefined,
): NewItem {
  const name = restoreToolName(called, tools);
  const head = { status: "in_progress", call_id: id, ...splitName(name, tools) };
  return custom
    ? { prefix: "ctc", item: { type: "custom_tool_call", ...head, input: "" } }
    : { prefix: "fc", item: { type: "function_call", ...head, arguments: "" } };
}

/** Another vendor's search, for a client that asked for one: it shows what was looked for. */
function search(
  { queries: [query, ...others] = [] }: Extract<Block, { kind: "opaque" }>,
  tools: readonly Tool[] | undefined,
): NewItem[] {
  if (query === undefined || !asksForSearch(tools, "openai_responses")) return [];
  const action = { type: "search", query, ...(others.length > 0 && { queries: [query, ...others] }) };
  return [{ prefix: "ws", item: { type: "web_search_call", status: "completed", action } }];
}

function media({ mediaType, data }: Extract<Block, { kind: "media" }>): NewItem[] {
  const [type, output_format] = mediaType.split("/");
  if (type !== "image") return [];
  return [{
    prefix: "ig",
    item: { type: "image_generation_call", status: "in_progress", output_format, result: data },
  }];
}
