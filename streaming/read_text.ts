/** Reads a whole body as text, up to a limit on the decompressed bytes. */

import { GatewayError } from "../chat/error.ts";
import { readBytes } from "./read_bytes.ts";

export interface ReadTextOptions {
  /** Bytes, counted after decompression: a small zip bomb is as large as what it unpacks to. */
  limit: number;
  /** The body's `content-encoding`, if the runtime has not decoded it already. */
  encoding?: string | undefined;
}

/** A request or a response. */
export type Message = Pick<Body, "body" | "text"> & { headers: Headers };

const DECOMPRESSIONS: Readonly<Record<string, CompressionFormat>> = {
  "gzip": "gzip",
  "x-gzip": "gzip",
  "deflate": "deflate",
};

/** @throws {GatewayError} `too-large`, or `unsupported-media-type` for an encoding or bytes that cannot be read */
export async function readText(message: Message, options: ReadTextOptions): Promise<string> {
  // The runtime reads a body whole at a fraction of what its chunks cost, and holds it to the length that was declared.
  if (isShort(message, options)) return await message.text();
  const { body } = message;
  if (body === null) return "";
  const source = readBytes(decompressed(body, options.encoding));
  const decoder = new TextDecoder();
  let size = 0;
  let text = "";
  try {
    for (let chunk = await source.next(); chunk !== undefined; chunk = await source.next()) {
      size += chunk.byteLength;
      if (size > options.limit) {
        throw new GatewayError("too-large", `Cannot read the body as it is larger than ${options.limit} bytes`);
      }
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    source.cancel(error);
    if (options.encoding !== undefined && error instanceof TypeError) {
      throw new GatewayError("invalid-request", "Cannot read the body as its compression is damaged", { cause: error });
    }
    throw error;
  }
}

/** Whether the body says that it is within the limit, and is what it will be. */
function isShort({ headers }: Message, { limit, encoding }: ReadTextOptions): boolean {
  const length = headers.get("content-length");
  return length !== null && Number(length) <= limit && encoding === undefined && !headers.has("content-encoding");
}

function decompressed(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  encoding: string | undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const name = encoding?.trim().toLowerCase();
  if (name === undefined || name === "" || name === "identity") return body;
  const format = DECOMPRESSIONS[name];
  if (format === undefined) {
    throw new GatewayError("unsupported-media-type", `Cannot read the body as its encoding is not gzip or deflate`);
  }
  return body.pipeThrough(new DecompressionStream(format));
}
