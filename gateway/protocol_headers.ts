/** The client's headers that are part of its dialect: they go with its body to an upstream of the same (CASES Q4, Q5). */

import type { ChatRequest } from "../chat/request.ts";
import type { Dialect } from "../dialects/dialect.ts";

/** The request with those of the client's headers. */
export function withProtocolHeaders(
  request: ChatRequest,
  { protocolHeaders = [] }: Dialect,
  headers: Headers,
): ChatRequest {
  const given = protocolHeaders.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return given.length === 0
    ? request
    : { ...request, source: { ...request.source, headers: Object.fromEntries(given) } };
}
