/** Reads the beginning of a text, as far as it comes within a time and a size: of what went wrong nobody needs to know more. */

import { clearDeadline, setDeadline } from "./deadlines.ts";
import { readBytes } from "./read_bytes.ts";

export interface ReadStartOptions {
  /** Bytes; the chunk in which the last of them stands is the last that is read. */
  limit: number;
  /** Milliseconds. */
  patience: number;
}

/** Never fails: what breaks off says as much as had come. The body is cancelled where it goes on. */
export async function readStart({ body }: Pick<Body, "body">, { limit, patience }: ReadStartOptions): Promise<string> {
  if (body === null) return "";
  const source = readBytes(body);
  const decoder = new TextDecoder();
  const deadline = setDeadline(patience, source.cancel);
  let size = 0;
  let text = "";
  try {
    for (let chunk = await source.next(); chunk !== undefined; chunk = await source.next()) {
      size += chunk.byteLength;
      text += decoder.decode(chunk, { stream: true });
      if (size >= limit) break;
    }
  } catch {
    // It broke off.
  } finally {
    clearDeadline(deadline);
    source.cancel();
  }
  return text + decoder.decode();
}
