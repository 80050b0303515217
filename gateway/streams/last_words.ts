/** The end of a stream whose writer is gone, as that writer would have told it. */

import type { GatewayError } from "../../chat/error.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Dialect } from "../../dialects/dialect.ts";

export interface LastWordsOptions {
  error: GatewayError;
  /** The stream's id. */
  id: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * The failure behind the frames that are there. A formatter that relayed them knows what it needs to go on: the number of
 * the next event, say.
 */
export function lastWords(
  dialect: Dialect,
  written: readonly string[],
  { error, id, now }: LastWordsOptions,
): string[] {
  const formatter = dialect.eventFormatter(unknownRequest(dialect), {
    model: "",
    // Where nothing was kept of it yet, the answer has its stream's id, without what stands before that in its own dialect.
    id: id.replace(/^[a-z]+_/, "").replaceAll(/\W/g, ""),
    created: Math.floor(now / 1000),
    keepAlive: "comment",
  });
  for (const raw of written) formatter.push({ events: [], raw });
  return formatter.fail(error);
}

/** The request itself is not kept. */
function unknownRequest({ name }: Dialect): ChatRequest {
  return {
    model: "",
    messages: [],
    stream: true,
    includeUsage: false,
    extra: {},
    source: { dialect: name, body: {} },
  };
}
