/** The first stage of reading: a body's bytes, as a pull source. */

import type { Pull } from "./pull.ts";

/** Bytes of the first buffer, for the frames of a stream, and of the largest: thousands of streams may be silent at once. */
const FIRST_SIZE = 4_096;
const LARGEST_SIZE = 65_536;

/**
 * Reads a body with a BYOB reader where it is a byte stream (a fetch body is): a third of the default reader's cost on
 * Deno 2.9.6 (DESIGN.md §3). A chunk is valid until the next call of `next`, as its buffer is used again.
 */
export function readBytes(body: ReadableStream<Uint8Array<ArrayBuffer>>): Pull<Uint8Array> {
  const read = byobRead(body) ?? defaultRead(body);
  let ended = false;
  return {
    async next() {
      if (ended) return undefined;
      const chunk = await read.chunk();
      if (chunk === undefined) read.release();
      ended ||= chunk === undefined;
      return chunk;
    },
    cancel(reason) {
      if (ended) return;
      ended = true;
      read.cancel(reason);
    },
  };
}

interface Read {
  chunk(): Promise<Uint8Array | undefined>;
  release(): void;
  cancel(reason: unknown): void;
}

function byobRead(body: ReadableStream<Uint8Array<ArrayBuffer>>): Read | undefined {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: "byob" });
  } catch {
    // Not a byte stream: a TransformStream's readable (decompression), or a test's.
    return undefined;
  }
  let buffer = new ArrayBuffer(FIRST_SIZE);
  /** What came filled the buffer: there is more than it holds. */
  let isFull = false;
  return {
    async chunk() {
      if (isFull) buffer = new ArrayBuffer(Math.min(buffer.byteLength * 4, LARGEST_SIZE));
      const { value, done } = await reader.read(new Uint8Array(buffer));
      if (value !== undefined) buffer = value.buffer;
      isFull = value?.byteLength === buffer.byteLength && buffer.byteLength < LARGEST_SIZE;
      return done ? undefined : value;
    },
    release: () => reader.releaseLock(),
    cancel: (reason) => void reader.cancel(reason).catch(ignore),
  };
}

function defaultRead(body: ReadableStream<Uint8Array>): Read {
  const reader = body.getReader();
  return {
    chunk: async () => (await reader.read()).value,
    release: () => reader.releaseLock(),
    cancel: (reason) => void reader.cancel(reason).catch(ignore),
  };
}

/** A body that fails while it is being cancelled has nothing left to tell. */
function ignore(): void {}
