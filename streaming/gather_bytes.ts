/** Joins the chunks of a fast body that are there already: the runtime hands over one frame a read, however many have come. */

import type { Pull } from "./pull.ts";

/** A chunk that is there so many milliseconds after the one before was given is one of many. Most models are slower. */
const FAST = 5;
/** Turns of the event loop in which the runtime hands over what its sockets have received. */
const TURNS = 2;
/** Bytes that are not added to, and milliseconds for which the first of them is held at most. */
const ENOUGH = 32_768;
const LONGEST = 4;
/** Chunks that are given at once however fast they come: nobody waits longer for an answer's first words. */
const FIRST = 4;

/**
 * Gives each chunk of a slow body at once, and those of a fast one together with what has arrived when the event loop has
 * turned: no timer is waited for, and every stage behind is passed once for many frames. As in its source a chunk is valid
 * until the next call of `next`.
 */
export function gatherBytes(source: Pull<Uint8Array>): Pull<Uint8Array> {
  const gathered = growingBytes();
  let isGathering = false;
  /** The read under way: it may outlive the call that began it. */
  let reading: Promise<void> | undefined;
  /** A chunk that came while nothing was gathered. */
  let alone: Uint8Array | undefined;
  let end: { error?: unknown } | undefined;
  let arrivals = 0;
  /** When the last chunk was given. */
  let gaveAt = -Infinity;

  const readOn = () => reading = source.next().then(take, fail);

  function take(chunk: Uint8Array | undefined): void {
    reading = undefined;
    arrivals++;
    if (chunk === undefined) end = {};
    else if (isGathering) gather(chunk);
    else alone = chunk;
  }

  function gather(chunk: Uint8Array): void {
    gathered.add(chunk);
    if (gathered.size() < ENOUGH) readOn();
  }

  function fail(error: unknown): void {
    reading = undefined;
    end = { error };
  }

  async function gatherFrom(first: Uint8Array): Promise<Uint8Array> {
    gathered.restart();
    isGathering = true;
    gather(first);
    const until = performance.now() + LONGEST;
    for (let quiet = 0, seen = arrivals; quiet < TURNS && reading !== undefined; seen = arrivals) {
      await nextTurn();
      quiet = arrivals === seen ? quiet + 1 : 0;
      if (performance.now() >= until) break;
    }
    isGathering = false;
    return gathered.bytes();
  }

  return {
    async next() {
      if (alone === undefined && end === undefined) await (reading ?? readOn());
      const first = alone;
      alone = undefined;
      // Its end or failure is told behind all that came before.
      if (first === undefined) return ended(end);
      const isFast = arrivals > FIRST && performance.now() - gaveAt < FAST;
      const chunk = isFast ? await gatherFrom(first) : first;
      gaveAt = performance.now();
      return chunk;
    },
    cancel: (reason) => source.cancel(reason),
  };
}

/** @throws what the source failed with */
function ended(end: { error?: unknown } | undefined): undefined {
  if (end !== undefined && "error" in end) throw end.error;
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
  restart(): void;
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
    restart() {
      size = 0;
    },
    add,
    size: () => size,
    bytes: () => buffer.subarray(0, size),
  };
}
