/** Writes the frames of one stream in the order of the grammar, our own and an upstream's, and knows what is open. */

import type { JsonObject } from "../../chat/json.ts";
import type { BlockOperation } from "../open_blocks.ts";
import { emptyDelta, formatBlock, formatDelta } from "./content_blocks.ts";
import { followFrame, type OpenBlock, type Written } from "./follow_frame.ts";
import { deltaFrame, frame } from "./frames.ts";

export interface FrameWriter {
  /** `message_start`, unless it was written. */
  begin(message: () => JsonObject): string[];
  write(operation: BlockOperation): string[];
  /** Whether the upstream's frame may be next; then it counts as written. */
  accepts(raw: string, answer: { hasCalls: boolean }): boolean;
  /** An empty delta of the open block, or of a thought opened for it; none where the block takes no deltas. */
  breathe(): string[];
  /** What is missing of the end. */
  end(members: () => JsonObject): string[];
  /** The type of the open block. */
  openType(): string | undefined;
  /** Whether `message_stop` was written. */
  isStopped(): boolean;
}

export function frameWriter(): FrameWriter {
  const written: Written = { begun: false, next: 0, open: undefined, ended: false, stopped: false };
  return {
    begin(message) {
      if (written.begun) return [];
      written.begun = true;
      return [frame("message_start", { message: message() })];
    },
    write: (operation) => writeOperation(written, operation),
    accepts: (raw, answer) => followFrame(written, raw, answer),
    breathe: () => breathe(written),
    end(members) {
      if (written.stopped) return [];
      written.stopped = true;
      const last = frame("message_stop", {});
      return written.ended ? [last] : [...stop(written), frame("message_delta", members()), last];
    },
    openType: () => written.open?.type,
    isStopped: () => written.stopped,
  };
}

function writeOperation(written: Written, operation: BlockOperation): string[] {
  switch (operation.type) {
    case "open":
      return open(written, formatBlock(operation.block));
    case "delta":
      return grow(written, formatDelta(operation.delta));
    case "close":
      return stop(written);
    case "note":
      // Its block is closed, and nobody but Anthropic can make a citation.
      return [];
    default:
      return operation satisfies never;
  }
}

function open(written: Written, { content_block, delta }: ReturnType<typeof formatBlock>): string[] {
  const { open } = written;
  if (open !== undefined && open.by !== "us" && !open.isSealed && open.type === content_block.type) {
    open.by = "us";
    return [];
  }
  return [...stop(written), start(written, content_block, "us"), ...grow(written, delta)];
}

function start(written: Written, content_block: JsonObject, by: OpenBlock["by"]): string {
  const index = written.next++;
  written.open = { index, type: String(content_block.type), by };
  return frame("content_block_start", { index, content_block });
}

function grow({ open }: Written, delta: JsonObject | undefined): string[] {
  return open === undefined || delta === undefined ? [] : [deltaFrame(open.index, delta)];
}

function stop(written: Written): string[] {
  const { open } = written;
  written.open = undefined;
  return open === undefined ? [] : [frame("content_block_stop", { index: open.index })];
}

function breathe(written: Written): string[] {
  const { open, ended } = written;
  if (open !== undefined) return open.isSealed ? [] : grow(written, emptyDelta(open.type));
  if (ended) return [];
  const thought = formatBlock({ kind: "reasoning" }).content_block;
  return [start(written, thought, "keep-alive"), ...grow(written, emptyDelta("thinking"))];
}
