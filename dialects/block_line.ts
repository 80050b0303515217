/** Blocks in line, first in, first out, with the last of each kind at hand: no push looks through the line. */

import { type Block, type BlockKind, type IsWaiting, type QueuedBlock, queuedBlock } from "./queued_block.ts";

export interface BlockLine {
  /** Puts a new block at the end. */
  add(block: Block): QueuedBlock;
  first(): QueuedBlock | undefined;
  /** Whether one of those behind the first is such. Looks no further than to the first of them. */
  isWaiting: IsWaiting;
  shift(): void;
  /** The last of the kind that is still in line. */
  last(kind: BlockKind): QueuedBlock | undefined;
  isAtEnd(block: QueuedBlock): boolean;
  /** Notes that the block has a place of its own, which the text before it must keep. */
  fix(block: QueuedBlock): void;
  /** Whether such a block has come behind this one. */
  isBehindFixed(block: QueuedBlock): boolean;
  /** Takes blocks off the end as long as they are late. The first stays. */
  dropLast(isLate: (block: QueuedBlock) => boolean): void;
}

/** Linked, as `shift` of a long array copies it. */
interface Link {
  block: QueuedBlock;
  next: Link | undefined;
}

export function blockLine(): BlockLine {
  let first: Link | undefined;
  let end: Link | undefined;
  const lasts = new Map<BlockKind, QueuedBlock>();
  /** Counted from the first block there ever was. */
  const places = new WeakMap<QueuedBlock, number>();
  let count = 0;
  let lastFixed = -1;

  function isWaiting(isMeant: (block: QueuedBlock) => boolean): boolean {
    for (let link = first?.next; link !== undefined; link = link.next) if (isMeant(link.block)) return true;
    return false;
  }

  function placeOf(block: QueuedBlock): number {
    return places.get(block) ?? -1;
  }

  return {
    add(made) {
      const block = queuedBlock(made);
      const link: Link = { block, next: undefined };
      if (end === undefined) first = link;
      else end.next = link;
      end = link;
      places.set(block, count++);
      lasts.set(made.kind, block);
      return block;
    },
    first: () => first?.block,
    isWaiting,
    shift() {
      if (first === undefined) return;
      const { kind } = first.block.block;
      if (lasts.get(kind) === first.block) lasts.delete(kind);
      first = first.next;
      if (first === undefined) end = undefined;
    },
    last: (kind) => lasts.get(kind),
    isAtEnd: (block) => end?.block === block,
    fix(block) {
      lastFixed = Math.max(lastFixed, placeOf(block));
    },
    isBehindFixed: (block) => lastFixed > placeOf(block),
    dropLast(isLate) {
      let kept = first;
      for (let link = first?.next; link !== undefined; link = link.next) if (!isLate(link.block)) kept = link;
      if (kept !== undefined) kept.next = undefined;
      end = kept;
    },
  };
}
