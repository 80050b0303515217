/** Failures, which Ollama tells in one string: what an upstream's mean, and ours for a client. */

import type { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { kindOfStatus, upstreamError, type UpstreamKind } from "../upstream_error.ts";

/** Sentences of the server that say more than its status does; the first that fits. */
const KIND_BY_TEXT: readonly (readonly [words: RegExp, kind: UpstreamKind])[] = [
  [/context (?:length|window|size)/i, "context-length"],
  [/does not support (?:thinking|tools|chat|generate|insert|images?|vision)/i, "invalid-request"],
  [/\bmodel\b.*\bnot found\b/i, "unknown-model"],
  [/server busy|maximum pending requests/i, "overloaded"],
  [/(?:usage|rate) limit|too many requests/i, "rate-limit"],
];

export function parseError(status: number, body: unknown): GatewayError {
  // The router's own answer where nothing is served: the address is wrong, not the model.
  if (status === 404 && textOf(body).startsWith("404 page")) return upstreamError("upstream-failure", body);
  const hasOwnWord = status === 400 || status === 404 || status >= 500;
  return upstreamError((hasOwnWord ? kindOfText(body) : undefined) ?? kindOfStatus(status), body);
}

/** What an `{error}` means that came with a good status, in a stream or alone. */
export function parseInBandError(body: unknown): GatewayError {
  return upstreamError(kindOfText(body) ?? "upstream-failure", body);
}

function kindOfText(body: unknown): UpstreamKind | undefined {
  const text = textOf(body);
  return KIND_BY_TEXT.find(([words]) => words.test(text))?.[1];
}

/** The string; relays in front of Ollama wrap it in an object of their own. */
function textOf(body: unknown): string {
  if (typeof body === "string") return body;
  if (!isObject(body)) return "";
  const { error = body } = body;
  if (typeof error === "string") return error;
  return isObject(error) && typeof error.message === "string" ? error.message : "";
}

/** A client's own quota is a matter of payment here (DIALECTS.md §2.3); every other status is the error's. */
export function formatError(error: GatewayError): { status: number; body: JsonObject } {
  return { status: error.kind === "quota" ? 402 : error.status, body: errorBody(error) };
}

/** A string: every client shows an object as `[object Object]`. */
export function errorBody(error: GatewayError): JsonObject {
  return { error: error.message };
}
