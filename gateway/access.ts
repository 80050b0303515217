/** Who may ask: client keys, compared by digest in constant time. */

import { createHash, timingSafeEqual } from "node:crypto";
import { GatewayError } from "../chat/error.ts";

export interface ClientKey {
  /** What logs and records call it: never the key itself. */
  name: string;
  secret: string;
}

export interface Access {
  /**
   * The name of the key the request carries; `undefined` where the gateway is open.
   *
   * @throws {GatewayError} `unauthorized`
   */
  identify(request: Request): string | undefined;
}

export function createAccess(keys: readonly ClientKey[]): Access {
  const digests = keys.map(({ name, secret }) => ({ name, digest: digestOf(secret) }));
  return {
    identify(request) {
      if (digests.length === 0) return undefined;
      const presented = credentialOf(request);
      if (presented === undefined) {
        throw new GatewayError("unauthorized", "Cannot answer as no API key was sent", { code: "missing_api_key" });
      }
      const digest = digestOf(presented);
      // Every key is compared, so that the time taken tells nothing about which came near.
      let found: string | undefined;
      for (const known of digests) if (timingSafeEqual(known.digest, digest)) found = known.name;
      if (found === undefined) throw new GatewayError("unauthorized", "Cannot answer as the API key is not known");
      return found;
    },
  };
}

/** Every official client's way of sending a key (DIALECTS.md §3); `?key=` is Gemini's. */
function credentialOf({ headers, url }: Request): string | undefined {
  const bearer = headers.get("authorization")?.match(/^Bearer\s+(.+)$/i)?.[1]?.trim();
  const header = bearer ?? headers.get("x-api-key") ?? headers.get("api-key") ?? headers.get("x-goog-api-key");
  return header ?? new URL(url).searchParams.get("key") ?? undefined;
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
