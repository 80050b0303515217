/** Texts as few bytes: what is kept of requests is much alike. */

/** The fastest: the others take twice the time, and save little. */
const LEVEL = 1;

/** Bytes that are unpacked at a time: mostly all of them, so that they need not be put together. */
const chunkFor = ({ byteLength }: Uint8Array) => 6 * byteLength + 256;

const utf8 = new TextDecoder();

/** Not by zstd, which costs half of it: Deno knows that since 2.7 only. */
export function pack(text: string): Uint8Array {
  return zlib().deflateRawSync(text, { level: LEVEL });
}

export function unpack(bytes: Uint8Array): string {
  return utf8.decode(zlib().inflateRawSync(bytes, { chunkSize: chunkFor(bytes) }));
}

/** Loaded when something is first packed, as a start would wait for it and for all of Node.js's that it needs: 20 ms. */
function zlib() {
  return globalThis.process.getBuiltinModule("node:zlib");
}
