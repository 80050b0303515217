/** Writes the frames of one stream in the order of the grammar, our own and an upstream's, and knows what is open. */

import type { JsonObject } from "../../chat/json.ts";
import { sseText } from "../../streaming/frame.ts";
import { isObject, parseJson } from "../json.ts";
import { jsonLine } from "../json_line.ts";
import type { BlockOperation } from "../open_blocks.ts";
import { emptyDelta, formatBlock, formatDelta } from "./content_blocks.ts";
import { isRelayableEnd, isRelayableStart } from "./relay_rules.ts";

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
}

interface OpenBlock {
  index: number;
  type: string;
  /** Whose it is. One that is not our own is taken over by the next operation that opens one of its type. */
  by: "us" | "upstream" | "keep-alive";
  /** Its signature was relayed, which is the last delta of a thought. */
  isSealed?: boolean;
}

export function frameWriter(): FrameWriter {
  let begun = false;
  let next = 0;
  let open: OpenBlock | undefined;
  /** Whether `message_delta` was written, and `message_stop`. */
  let ended = false;
  let stopped = false;

  function start(content_block: JsonObject, by: OpenBlock["by"]): string {
    open = { index: next++, type: String(content_block.type), by };
    return frame("content_block_start", { index: open.index, content_block });
  }

  function grow(delta: JsonObject | undefined): string[] {
    return open === undefined || delta === undefined
      ? []
      : [frame("content_block_delta", { index: open.index, delta })];
  }

  function stop(): string[] {
    if (open === undefined) return [];
    const { index } = open;
    open = undefined;
    return [frame("content_block_stop", { index })];
  }

  function write(operation: BlockOperation): string[] {
    switch (operation.type) {
      case "open": {
        const { content_block, delta } = formatBlock(operation.block);
        if (open !== undefined && open.by !== "us" && !open.isSealed && open.type === content_block.type) {
          open.by = "us";
          return [];
        }
        return [...stop(), start(content_block, "us"), ...grow(delta)];
      }
      case "delta":
        return grow(formatDelta(operation.delta));
      case "close":
        return stop();
      default:
        return operation satisfies never;
    }
  }

  /** Takes note of an upstream's frame, if it has its place here. */
  function follow(name: string, raw: string, answer: { hasCalls: boolean }): boolean {
    switch (name) {
      case "message_start":
        if (begun) return false;
        begun = true;
        return true;
      case "content_block_start": {
        const { index, content_block } = dataOf(raw);
        if (!begun || open !== undefined || ended || index !== next) return false;
        if (!isObject(content_block) || !isRelayableStart(content_block)) return false;
        open = { index: next++, type: String(content_block.type), by: "upstream" };
        return true;
      }
      case "content_block_delta":
        if (!isOf(open, raw) || open.isSealed) return false;
        open.isSealed = raw.includes('"signature_delta"');
        return true;
      case "content_block_stop":
        if (!isOf(open, raw)) return false;
        open = undefined;
        return true;
      case "message_delta": {
        const { delta, usage } = dataOf(raw);
        if (!begun || open !== undefined || ended || !isObject(delta)) return false;
        ended = isRelayableEnd({ ...delta, ...(usage !== undefined && { usage }) }, answer);
        return ended;
      }
      case "message_stop":
        stopped = ended;
        return ended;
      default:
        return true;
    }
  }

  return {
    begin(message) {
      if (begun) return [];
      begun = true;
      return [frame("message_start", { message: message() })];
    },
    write,
    accepts: (raw, answer) => !stopped && follow(nameOf(raw), raw, answer),
    breathe() {
      if (open !== undefined || ended) return open === undefined || open.isSealed ? [] : grow(emptyDelta(open.type));
      const thought = formatBlock({ kind: "reasoning" }).content_block;
      return [start(thought, "keep-alive"), ...grow(emptyDelta("thinking"))];
    },
    end(members) {
      if (stopped) return [];
      stopped = true;
      const last = frame("message_stop", {});
      return ended ? [last] : [...stop(), frame("message_delta", members()), last];
    },
    openType: () => open?.type,
  };
}

/** Whether an upstream's delta or stop is one of its block that is open; most are not parsed for it. */
function isOf(open: OpenBlock | undefined, raw: string): open is OpenBlock {
  if (open?.by !== "upstream") return false;
  return raw.includes(`"index":${open.index},`) || dataOf(raw).index === open.index;
}

export function frame(type: string, members: JsonObject): string {
  return sseText({ event: type, data: jsonLine({ type, ...members }) });
}

/** The `event:` of a frame in canonical form. */
function nameOf(raw: string): string {
  return raw.slice("event: ".length, raw.indexOf("\n"));
}

/** The data of a frame in canonical form. */
export function dataOf(raw: string): JsonObject {
  const lines = raw.split("\n").filter((line) => line.startsWith("data: "));
  const data = parseJson(lines.map((line) => line.slice("data: ".length)).join("\n"));
  return isObject(data) ? data : {};
}
