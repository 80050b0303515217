/** Joins the chunks of a fast body that are there already: the runtime hands over one frame a read, however many have come. */

import { setImmediate } from "node:timers";
import type { Pull } from "./pull.ts";

/** A chunk that follows the one before within so many milliseconds is one of many. Most models are slower. */
const FAST = 5;
/** Turns of the event loop in which the runtime hands over what its sockets have received. */
const TURNS = 2;
/** Bytes that are not added to. */
const ENOUGH = 32_768;

/**
 * Gives each chunk of a slow body at once, and those of a fast one together with what has arrived when the event loop has
 * turned: no timer is waited for, and every stage behind is passed once for many frames. As in its source a chunk is valid
 * until the next call of `next`.
 */
export function gatherBytes(source: Pull<Uint8Array>): Pull<Uint8Array> {
  const gathered = growingBytes();
  /** A read under way whose chunk belongs to the next call. */
  let reading: Read | undefined;
  let cameAt = -Infinity;

  async function gatherFrom(first: Uint8Array): Promise<Uint8Array> {
    gathered.restart(first);
    while (gathered.size() < ENOUGH) {
      reading = startRead(source);
      for (let turn = 0; turn < TURNS && !reading.isSettled; turn++) await nextTurn();
      // Its end or failure is told by the next call.
      if (reading.value === undefined) break;
      gathered.add(reading.value);
      reading = undefined;
    }
    cameAt = performance.now();
    return gathered.bytes();
  }

  return {
    async next() {
      const first = await (reading?.chunk ?? source.next());
      reading = undefined;
      const isFast = performance.now() - cameAt < FAST;
      if (first !== undefined && isFast) return await gatherFrom(first);
      cameAt = performance.now();
      return first;
    },
    cancel: (reason) => source.cancel(reason),
  };
}

interface Read {
  chunk: Promise<Uint8Array | undefined>;
  isSettled: boolean;
  /** The chunk, once it is there. */
  value: Uint8Array | undefined;
}

function startRead(source: Pull<Uint8Array>): Read {
  const read: Read = { chunk: source.next(), isSettled: false, value: undefined };
  read.chunk.then((value) => {
    read.isSettled = true;
    read.value = value;
  }, () => {
    read.isSettled = true;
  });
  return read;
}

/** One for all streams that wait. */
let turning: Promise<void> | undefined;

function nextTurn(): Promise<void> {
  turning ??= new Promise((resolve) => {
    setImmediate(() => {
      turning = undefined;
      resolve();
    });
  });
  return turning;
}

interface GrowingBytes {
  restart(bytes: Uint8Array): void;
  add(bytes: Uint8Array): void;
  size(): number;
  /** All of them, valid until the next change. */
  bytes(): Uint8Array;
}

/** Begins with nothing: most streams are never fast. */
function growingBytes(): GrowingBytes {
  let buffer = new Uint8Array(0);
  let size = 0;
  const add = (bytes: Uint8Array) => {
    if (size + bytes.length > buffer.length) {
      const larger = new Uint8Array(Math.max(2 * buffer.length, size + bytes.length, 4096));
      larger.set(buffer.subarray(0, size));
      buffer = larger;
    }
    buffer.set(bytes, size);
    size += bytes.length;
  };
  return {
    restart(bytes) {
      size = 0;
      add(bytes);
    },
    add,
    size: () => size,
    bytes: () => buffer.subarray(0, size),
  };
}
