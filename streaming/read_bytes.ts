/** The first stage of reading: a body's bytes, as a pull source. */

import type { Pull } from "./pull.ts";

/** Bytes of the first buffer, for the frames of a stream, and of the largest: thousands of streams may be silent at once. */
const FIRST_SIZE = 4_096;
const LARGEST_SIZE = 65_536;

/**
 * Reads a body with a BYOB reader where it is a byte stream (a fetch body is): a third of the default reader's cost on
 * Deno 2.9.6 (DESIGN.md §3). A chunk is valid until the next call of `next`, as its buffer is used again. What reading
 * fails with is thrown as `failure` makes of it.
 */
export function readBytes(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  failure: (error: unknown) => unknown = (error) => error,
): Pull<Uint8Array> {
  const read = byobRead(body) ?? defaultRead(body);
  let ended = false;
  // One promise a chunk and no more: each frame of each stream passes here.
  const take = ({ value, done }: Chunk): Uint8Array | undefined => {
    if (!done) return read.take(value);
    ended = true;
    read.reader.releaseLock();
    return undefined;
  };
  const fail = (error: unknown) => {
    throw failure(error);
  };
  return {
    next: () => ended ? Promise.resolve(undefined) : read.start().then(take, fail),
    cancel(reason) {
      if (ended) return;
      ended = true;
      void read.reader.cancel(reason).catch(ignore);
    },
  };
}

type Bytes = Uint8Array<ArrayBuffer>;
type Chunk = ReadableStreamReadResult<Bytes>;

interface Read {
  reader: ReadableStreamBYOBReader | ReadableStreamDefaultReader<Bytes>;
  start(): Promise<Chunk>;
  take(bytes: Bytes): Bytes;
}

function byobRead(body: ReadableStream<Bytes>): Read | undefined {
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
    reader,
    start() {
      if (isFull) buffer = new ArrayBuffer(Math.min(buffer.byteLength * 4, LARGEST_SIZE));
      return reader.read(new Uint8Array(buffer));
    },
    take(bytes) {
      buffer = bytes.buffer;
      isFull = bytes.byteLength === buffer.byteLength && buffer.byteLength < LARGEST_SIZE;
      return bytes;
    },
  };
}

function defaultRead(body: ReadableStream<Bytes>): Read {
  const reader = body.getReader();
  return { reader, start: () => reader.read(), take: (bytes) => bytes };
}

/** A body that fails while it is being cancelled has nothing left to tell. */
function ignore(): void {}
