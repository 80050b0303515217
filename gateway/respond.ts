/** The heads of responses: what proxies may not do with them, and what the client should know. */

import type { Dialect } from "../dialects/dialect.ts";
import type { Observation } from "./observation.ts";

export function jsonResponse(body: BodyInit, more: Record<string, string> = {}): Response {
  const headers = { "content-type": "application/json", "cache-control": "no-store", ...more };
  return new Response(body, { headers });
}

/** What the upstream's dialect could not express, as far as it is known when the head is sent: paths, in the client's words. */
export function lostHeader({ lost }: Observation): Record<string, string> {
  // A path may hold a client's own words; a header holds visible ASCII only.
  const paths = [...new Set(lost.map(({ path }) => path.replace(/[^\x21-\x7e]/g, "?")))];
  return paths.length === 0 ? {} : { "x-anystream-lost": paths.join(",").slice(0, 1000) };
}

/** No proxy on the way may hold a stream back, keep it, or compress it (CASES F19). */
export function streamHeaders(dialect: Dialect): Record<string, string> {
  return {
    "content-type": dialect.streamType,
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  };
}
