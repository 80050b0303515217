/** One HTTP call to LangFast: JSON there and back, a clock, and a typed error for everything else. */

import { timeoutError, withRetryAfter } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { parseJson } from "../../dialects/json.ts";
import { kindOfStatus, upstreamError, type UpstreamKind } from "../../dialects/upstream_error.ts";
import { readText } from "../../streaming/read_text.ts";
import { within } from "../../streaming/timer.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { unreachable } from "../unreachable.ts";
import type { LangfastPorts } from "./ports.ts";
import { refusedSession } from "./refused_session.ts";

export interface JsonCall {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: JsonObject;
  /** To be aborted once the call has failed: an answer that is too late is not waited for. */
  signal: AbortSignal;
  /** Milliseconds until the whole answer is there; 0 for no limit. */
  limit: number;
  /** With a session a 401 is about that, and a 400 about the client's request; without one both are about our key. */
  inSession: boolean;
}

/** The answers are ids and tokens, the errors a sentence. */
const BODY_LIMIT = 1024 * 1024;

/** @throws {GatewayError} by the status, `upstream-malformed`, `upstream-timeout`; or the signal's reason */
export async function postJson(call: JsonCall, ports: Pick<LangfastPorts, "fetch" | "now">): Promise<unknown> {
  const { limit, signal } = call;
  try {
    return await within(exchange(call, ports), limit, () => timeoutError("headers", limit));
  } catch (error) {
    throw signal.aborted ? signal.reason : unreachable(error);
  }
}

async function exchange(call: JsonCall, ports: Pick<LangfastPorts, "fetch" | "now">): Promise<unknown> {
  const response = await ports.fetch(call.url, {
    method: "POST",
    headers: { "content-type": "application/json", "accept": "application/json", ...call.headers },
    body: JSON.stringify(call.body),
    // A redirect would carry the token to wherever it points.
    redirect: "manual",
    signal: call.signal,
  });
  const text = await readText(response, { limit: BODY_LIMIT }).catch(() => "");
  if (response.status === 401 && call.inSession) throw refusedSession(text);
  if (!response.ok) {
    const error = upstreamError(kindOf(response.status, call), text);
    throw withRetryAfter(error, parseRetryAfter(response.headers, ports.now()));
  }
  const body = parseJson(text);
  if (body !== undefined) return body;
  throw upstreamError("upstream-malformed", text);
}

function kindOf(status: number, { inSession }: JsonCall): UpstreamKind {
  // Nothing in these URLs names a model.
  if (status === 404) return "upstream-failure";
  const kind = kindOfStatus(status);
  return !inSession && (kind === "invalid-request" || kind === "unprocessable") ? "upstream-auth" : kind;
}
