/** The end of a stream whose writer is gone, as that writer would have told it. */

import type { GatewayError } from "../../chat/error.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Dialect } from "../../dialects/dialect.ts";

/**
 * The failure behind the frames that are there. A formatter that relayed them knows what it needs to go on: the number of
 * the next event, say.
 */
export function lastWords(dialect: Dialect, written: readonly string[], error: GatewayError): string[] {
  const formatter = dialect.eventFormatter(unknownRequest(dialect), {
    model: "",
    id: "",
    created: 0,
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
