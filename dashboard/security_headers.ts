/** The headers of everything the dashboard answers: nothing but our own files runs, and nobody else frames or keeps it. */

import type { MiddlewareHandler } from "hono";
import { IMPORT_MAP_HASH } from "./assets.ts";

const POLICY = [
  "default-src 'none'",
  `script-src 'self' '${IMPORT_MAP_HASH}'`,
  "style-src 'self'",
  // What a model drew comes as data; a picture from elsewhere would tell that place who reads here.
  "img-src 'self' data:",
  "media-src data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  // Not less: a browser without Sec-Fetch-Site tells by Origin where a form came from, and hides it with the referrer.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-robots-tag": "noindex",
  "cache-control": "no-store",
};

export const securityHeaders: MiddlewareHandler = async function securityHeaders(context, next) {
  for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  await next();
};
