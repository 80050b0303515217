/** Deltas of one choice into blocks that open, grow and close one after the other: shared by all dialects with blocks. */

import type { ChatEvent } from "../chat/event.ts";
import type { JsonObject } from "../chat/json.ts";
import { flatMap } from "../chat/lists.ts";
import { blockQueue } from "./block_queue.ts";
import type { Block, BlockDelta, QueuedBlock } from "./queued_block.ts";

export type { Block, BlockDelta };

/** What to write next. Indices count from 0 without gaps; a block closes before the next one opens. */
export type BlockOperation =
  | { type: "open"; index: number; block: Block }
  | { type: "delta"; index: number; delta: BlockDelta }
  | { type: "close"; index: number }
  /** What was found out of the last text, once that was closed: for who still tells of it. */
  | { type: "note"; annotation: JsonObject };

export interface OpenBlocks {
  /** What the event does to the blocks. Events that are no content do nothing; nor do those after the end. */
  push(event: ChatEvent): BlockOperation[];
  /** Writes what is held and closes all. Not called after a failure: half a call must never look whole (T12). */
  end(): BlockOperation[];
  /** The open block, for a keep-alive in its form. */
  current(): { index: number; block: Block } | undefined;
}

/**
 * The blocks of one choice: a queue, of which the first is open and written as it grows, and the others are held.
 *
 * - A thought ends when anything else comes. Its signature is its last delta, in one piece (K4, K5).
 * - A call ends once its arguments are whole and something waits: interleaved calls leave one by one (T5).
 * - A text ends when something comes that has a place of its own. An unsigned thought has none: coming late it is held,
 *   with those after it, until the text is over (A8). A call that ends the text is preceded by it; at the end of the
 *   answer it is written only if it is the first, and left out otherwise. Clients want at most one thought before one
 *   text (farion1231/cc-switch#5692), and Anthropic refuses a history in which a message ends with a thought.
 */
export function openBlocks(): OpenBlocks {
  const queue = blockQueue();
  /** The first of the queue, once it was written of: between two pushes it always was. */
  let open: QueuedBlock | undefined;
  /** The open block's, or else that of the last one that was open. */
  let index = -1;
  /** Whether a thought was written: decides on one that is left at the end. */
  let thought = false;
  let ended = false;

  /** Writes what may be written: the first of the queue as far as it came, and those after it if it gave way. */
  function advance(): BlockOperation[] {
    const late = queue.takeLate();
    const written: BlockOperation[][] = late === undefined ? [] : [late.map(noteOf)];
    for (let first = queue.first(); first !== undefined; first = queue.first()) {
      written.push(write(first));
      if (!ended && !queue.givesWay()) break;
      written.push(close(first));
    }
    return flatMap(written, (operations) => operations);
  }

  function write(first: QueuedBlock): BlockOperation[] {
    const isNew = open === undefined;
    if (isNew) index++;
    open = first;
    const grown = first.take().map((delta): BlockOperation => ({ type: "delta", index, delta }));
    return isNew ? [{ type: "open", index, block: first.block }, ...grown] : grown;
  }

  function close({ signature, block }: QueuedBlock): BlockOperation[] {
    if (block.kind === "reasoning" || block.kind === "redacted-reasoning") thought = true;
    open = undefined;
    queue.shift();
    const closed: BlockOperation = { type: "close", index };
    return signature === "" ? [closed] : [{ type: "delta", index, delta: { kind: "signature", signature } }, closed];
  }

  return {
    push(event) {
      if (ended) return [];
      queue.push(event);
      return advance();
    },
    end() {
      if (ended) return [];
      ended = true;
      queue.dropLate({ thought });
      return advance();
    },
    current: () => open && { index, block: open.block },
  };
}

function noteOf(annotation: JsonObject): BlockOperation {
  return { type: "note", annotation };
}
