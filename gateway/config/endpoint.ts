/** A base URL in the one form that the dialects' paths are put behind. */

import type { ProviderType } from "./provider_schema.ts";

/**
 * The version a base URL ends in where the official clients are given it without: `ANTHROPIC_BASE_URL` is
 * `https://api.anthropic.com`, OpenAI's is `https://api.openai.com/v1`.
 */
const VERSION: Partial<Record<ProviderType, string>> = { anthropic: "/v1", gemini: "/v1beta" };

export interface EndpointOptions {
  type: string;
  /** Put behind an endpoint that is given without a path. */
  path?: string | undefined;
}

/** Without a slash at its end, and with the version where the type needs one. Text that is no URL stays for the schema. */
export function normalizeEndpoint(text: string, { type, path = "" }: EndpointOptions): string {
  const bare = text.trim().replace(/\/+$/, "");
  const url = URL.parse(bare);
  if (url === null) return bare;
  const version = (VERSION as Record<string, string | undefined>)[type];
  if (version !== undefined) return /\/v\d\w*$/.test(url.pathname) ? bare : bare + version;
  return url.pathname === "/" ? bare + path : bare;
}
