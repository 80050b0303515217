/** The content of an answer as the events of its items, which lack their numbers. */

import type { ChatEvent } from "../../chat/event.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import { customCalls } from "../custom_calls.ts";
import { type BlockOperation, openBlocks } from "../open_blocks.ts";
import type { Ending } from "./finish.ts";
import { itemWriter, type ItemWriterOptions } from "./item_writer.ts";

export interface ContentWriter {
  push(event: ChatEvent): JsonObject[];
  /** Closes what is open. Not called for an answer that failed: half a call must not look whole (CASES T12, G5). */
  end(ending: Ending): JsonObject[];
  /** Logprobs of the text that comes next, or of the one before it. */
  note(logprobs: readonly Json[]): void;
  hasRefusal(): boolean;
  /** The items that are done. */
  output(): JsonObject[];
}

export function contentWriter(options: ItemWriterOptions): ContentWriter {
  const blocks = openBlocks();
  const customs = customCalls(options.tools);
  const items = itemWriter(options);
  let hasRefusal = false;
  /** Logprobs that wait for the text they belong to, or for its end where they came behind it. */
  let logprobs: Json[] = [];
  /** Only a text that ends takes what came behind it: a thought before it has no logprobs. */
  let isTextOpen = false;

  function told(event: ChatEvent): ChatEvent[] {
    return event.type === "tool-call" || event.type === "tool-arguments" ? customs.push(event) : [event];
  }

  function write(operation: BlockOperation, status: "completed" | "incomplete" = "completed"): JsonObject[] {
    if (operation.type === "open") isTextOpen = operation.block.kind === "text";
    const isText = (operation.type === "close" && isTextOpen) ||
      (operation.type === "delta" && operation.delta.kind === "text");
    const taken = isText ? logprobs : [];
    if (isText) logprobs = [];
    return items.write(operation, { status, logprobs: taken });
  }

  return {
    push(event) {
      hasRefusal ||= event.type === "refusal" && event.text !== "";
      return told(event).flatMap(blocks.push).flatMap((operation) => write(operation));
    },
    end({ status }) {
      const operations = [...customs.flush().flatMap(blocks.push), ...blocks.end()];
      // Of a cut answer the last item is the one that is not whole.
      const isCut = (at: number) => status !== "completed" && at === operations.length - 1;
      return operations.flatMap((operation, at) => write(operation, isCut(at) ? "incomplete" : "completed"));
    },
    note(told) {
      for (const logprob of told) logprobs.push(logprob);
    },
    hasRefusal: () => hasRefusal,
    output: items.output,
  };
}
