/** Request fields that the catalogue sets for a candidate, in the words of OpenAI's chat body. */

import { GatewayError, toGatewayError } from "../chat/error.ts";
import type { DialectName } from "../chat/event.ts";
import type { JsonObject } from "../chat/json.ts";
import { alterRequest, type ChatRequest, type Loss } from "../chat/request.ts";
import { openaiChat } from "../dialects/openai_chat/mod.ts";

export interface Parametrized {
  request: ChatRequest;
  /** What the upstream is sent as it stands. */
  fields?: JsonObject;
  lost: Loss[];
}

/** What the route and the client decide, whatever the catalogue says. */
const DECIDED: ReadonlySet<string> = new Set(["model", "messages", "stream", "stream_options"]);

/** All that the parser wants of a body. */
const BODY = { model: "any", messages: [{ role: "user", content: "" }] };

/**
 * The request with the parameters over its own. An upstream of OpenAI's chat dialect is sent them as they are written,
 * beside a body that may be the client's own; all others are as far as the neutral request knows them.
 *
 * @throws {GatewayError} `configuration` where a parameter is not what its name wants
 */
export function withParameters(
  request: ChatRequest,
  { parameters, dialect }: { parameters: JsonObject; dialect: DialectName | undefined },
): Parametrized {
  const fields = Object.fromEntries(Object.entries(parameters).filter(([name]) => !DECIDED.has(name)));
  if (Object.keys(fields).length === 0) return { request, lost: [] };
  if (dialect === "openai_chat") return { request, fields, lost: [] };
  const { extra, ...known } = parseFields(fields);
  const lost = Object.keys(extra).map((path) => ({ path, reason: "only OpenAI's chat has such a parameter" }));
  return { request: alterRequest(request, known), lost };
}

function parseFields(fields: JsonObject) {
  try {
    const { model: _model, messages: _messages, stream: _stream, includeUsage: _usage, source: _source, ...known } =
      openaiChat.parseRequest({ ...fields, ...BODY }, { text: "" });
    return known;
  } catch (cause) {
    // The catalogue's fault, not the client's: another candidate may have better ones.
    const { message } = toGatewayError(cause);
    throw new GatewayError("configuration", "Cannot ask the provider as a parameter of its model is set wrong", {
      cause,
      detail: message,
    });
  }
}
