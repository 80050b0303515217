/** Deltas of one choice into blocks that open, grow and close one after the other: shared by all dialects with blocks. */

import type { ChatEvent } from "../chat/event.ts";
import { type Block, type BlockDelta, isLooseThought, type QueuedBlock, queuedBlock } from "./queued_block.ts";

export type { Block, BlockDelta };

/** What to write next. Indices count from 0 without gaps; a block closes before the next one opens. */
export type BlockOperation =
  | { type: "open"; index: number; block: Block }
  | { type: "delta"; index: number; delta: BlockDelta }
  | { type: "close"; index: number };

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
  const queue: QueuedBlock[] = [];
  const calls = new Map<number, QueuedBlock>();
  /** The open block, or else the last one that was. */
  let index = -1;
  /** Whether the first of the queue is open: between two pushes it is. */
  let isOpen = false;
  /** Whether a thought was written: decides on one that is left at the end. */
  let thought = false;
  let ended = false;

  function change(event: ChatEvent): void {
    switch (event.type) {
      case "text":
      case "refusal":
        if (event.text !== "") textFor(event.type).grow({ kind: event.type, text: event.text });
        break;
      case "reasoning":
        think(event.text, event.signature ?? "");
        break;
      case "tool-call": {
        const { id, name, signature } = event;
        calls.set(event.index, add({ kind: "tool-call", id, name, ...(signature !== undefined && { signature }) }));
        break;
      }
      case "tool-arguments": {
        const call = calls.get(event.index);
        if (event.json !== "" && call !== undefined) call.grow({ kind: "json", json: event.json });
        break;
      }
      case "annotation":
        queue.findLast(({ block }) => block.kind === "text")?.grow({
          kind: "annotation",
          annotation: event.annotation,
        });
        break;
      case "redacted-reasoning":
        add({ kind: event.type, data: event.data });
        break;
      case "media":
        add({ kind: event.type, mediaType: event.mediaType, data: event.data });
        break;
      case "opaque":
        add({ kind: event.type, dialect: event.dialect, value: event.value });
        break;
      case "start":
      case "usage":
      case "logprobs":
      case "finish":
      case "error":
        break;
      default:
        event satisfies never;
    }
  }

  function add(block: Block): QueuedBlock {
    const added = queuedBlock(block);
    queue.push(added);
    return added;
  }

  /** The text that is still to be closed, unless something with a place of its own has come behind it. */
  function textFor(kind: "text" | "refusal"): QueuedBlock {
    const at = queue.findLastIndex(({ block }) => block.kind === kind);
    const behind = queue.slice(at + 1);
    const goesOn = at !== -1 && behind.every((other) => isLooseThought(other) || other.block.kind === "tool-call");
    return goesOn ? queue[at]! : add({ kind });
  }

  function think(text: string, signature: string): void {
    if (text === "" && signature === "") return;
    const last = queue.findLast(({ block }) => block.kind === "reasoning");
    const goesOn = last !== undefined && (last.signature === "" || (text === "" && last === queue.at(-1)));
    const block = goesOn ? last : add({ kind: "reasoning" });
    if (text !== "") block.grow({ kind: "reasoning", text });
    block.signature += signature;
  }

  /** Writes what may be written: the first of the queue as far as it came, and those after it if it gave way. */
  function* advance(): Generator<BlockOperation> {
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      yield* write(first);
      if (!ended && !first.yieldsTo(queue.slice(1))) return;
      yield* close(first);
    }
  }

  function* write(first: QueuedBlock): Generator<BlockOperation> {
    if (!isOpen) {
      isOpen = true;
      yield { type: "open", index: ++index, block: first.block };
    }
    for (const delta of first.take()) yield { type: "delta", index, delta };
  }

  function* close(first: QueuedBlock): Generator<BlockOperation> {
    const { signature, block } = first;
    if (signature !== "") yield { type: "delta", index, delta: { kind: "signature", signature } };
    if (block.kind === "reasoning" || block.kind === "redacted-reasoning") thought = true;
    isOpen = false;
    queue.shift();
    yield { type: "close", index };
  }

  return {
    push(event) {
      if (ended) return [];
      change(event);
      return [...advance()];
    },
    end() {
      if (ended) return [];
      ended = true;
      const last = queue.at(-1);
      if (queue.length > 1 && last !== undefined && isLooseThought(last) && thought) queue.pop();
      return [...advance()];
    },
    current: () => isOpen ? { index, block: queue[0]!.block } : undefined,
  };
}
