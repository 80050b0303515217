/** Whether an upstream's frame has its place behind those that were written, ours or its own. */

import { isObject } from "../json.ts";
import { dataOf, nameOf } from "./frames.ts";
import { isRelayableEnd, isRelayableStart } from "./relay_rules.ts";

/** What was written of one stream. */
export interface Written {
  /** `message_start`. */
  begun: boolean;
  /** The index of the next block. */
  next: number;
  open: OpenBlock | undefined;
  /** `message_delta`, and `message_stop`. */
  ended: boolean;
  stopped: boolean;
}

export interface OpenBlock {
  index: number;
  type: string;
  /** Whose it is. One that is not our own is taken over by the next operation that opens one of its type. */
  by: "us" | "upstream" | "keep-alive";
  /** Its signature was relayed, which is the last delta of a thought. */
  isSealed?: boolean;
}

/** Takes note of the frame, if it has its place here. */
export function followFrame(written: Written, raw: string, answer: { hasCalls: boolean }): boolean {
  if (written.stopped) return false;
  switch (nameOf(raw)) {
    case "message_start":
      return followHead(written);
    case "content_block_start":
      return followStart(written, raw);
    case "content_block_delta":
      return followDelta(written, raw);
    case "content_block_stop":
      return followStop(written, raw);
    case "message_delta":
      return followEnd(written, raw, answer);
    case "message_stop":
      written.stopped = written.ended;
      return written.ended;
    default:
      return true;
  }
}

function followHead(written: Written): boolean {
  if (written.begun) return false;
  written.begun = true;
  return true;
}

function followStart(written: Written, raw: string): boolean {
  const { index, content_block } = dataOf(raw);
  if (!written.begun || written.open !== undefined || written.ended || index !== written.next) return false;
  if (!isObject(content_block) || !isRelayableStart(content_block)) return false;
  written.open = { index: written.next++, type: String(content_block.type), by: "upstream" };
  return true;
}

function followDelta({ open }: Written, raw: string): boolean {
  if (!isOf(open, raw) || open.isSealed) return false;
  open.isSealed = raw.includes('"signature_delta"');
  return true;
}

function followStop(written: Written, raw: string): boolean {
  if (!isOf(written.open, raw)) return false;
  written.open = undefined;
  return true;
}

function followEnd(written: Written, raw: string, answer: { hasCalls: boolean }): boolean {
  const { delta, usage } = dataOf(raw);
  if (!written.begun || written.open !== undefined || written.ended || !isObject(delta)) return false;
  written.ended = isRelayableEnd({ ...delta, ...(usage !== undefined && { usage }) }, answer);
  return written.ended;
}

/** Whether a delta or stop is one of the upstream's block that is open; most are not parsed for it. */
function isOf(open: OpenBlock | undefined, raw: string): open is OpenBlock {
  if (open?.by !== "upstream") return false;
  return raw.includes(`"index":${open.index},`) || dataOf(raw).index === open.index;
}
