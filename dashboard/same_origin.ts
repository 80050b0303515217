/** Whether a browser's request comes from a page of ours: what a cookie alone does not tell. */

import type { Context } from "hono";
import { GatewayError } from "../chat/error.ts";

/**
 * Refuses what another site, or another port of this host, made the browser send: `SameSite` takes the latter for us.
 *
 * @throws {GatewayError} `forbidden`
 */
export function demandSameOrigin({ req }: Context): void {
  const site = req.header("sec-fetch-site");
  if (isReading(req.method) && (site === undefined || site === "none")) return;
  if (
    site === undefined
      ? isOwn(req.header("origin"), req.header("host") ?? new URL(req.url).host)
      : site === "same-origin"
  ) return;
  throw new GatewayError("forbidden", "Cannot use the session as the request comes from another site");
}

function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** Hosts only: behind a proxy that ends TLS the scheme is another. A browser without either header is not served. */
function isOwn(origin: string | undefined, host: string): boolean {
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
