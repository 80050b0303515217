/** A body as it is kept: without secrets, and no more of it than the limit allows. */

import { utf8Length } from "../streaming/utf8_length.ts";
import type { StoredBody } from "./request_record.ts";

export interface StoreBodyOptions {
  /** Bytes of UTF-8; a character is never cut in two. */
  limit: number;
  redact: (text: string) => string;
}

/** A secret at the limit must be seen whole to be found. */
const LONGEST_SECRET = 4096;

export function storeBody(text: string, { limit, redact }: StoreBodyOptions): StoredBody {
  const bytes = utf8Length(text);
  // Only the beginning of a long text is searched: bodies of megabytes are mostly pictures.
  const clean = redact(text.slice(0, limit + LONGEST_SECRET));
  if (bytes <= limit && utf8Length(clean) <= limit) return { text: clean, bytes };
  const { read } = new TextEncoder().encodeInto(clean, new Uint8Array(limit));
  return { text: clean.slice(0, read), bytes, capped: true };
}
