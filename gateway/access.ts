/** Who may ask, and what they may use: the keys of the configuration and of the storage, compared by digest. */

import { GatewayError } from "../chat/error.ts";
import type { KeyLimits } from "./config/key_limits.ts";
import type { ClientKey } from "./config/schema.ts";
import { digestOf, formatDigest, isSameDigest } from "./keys/secret.ts";
import type { StoredKey, StoredKeys } from "./keys/stored_keys.ts";
import type { Log } from "./log.ts";

export interface ClientIdentity {
  /** What its use is counted by: the name of a key of the configuration, the id of a stored one, which may be renamed. */
  id: string;
  /** What logs and records call it: never the key itself. */
  name: string;
  limits: KeyLimits;
  source: "configuration" | "storage";
}

export interface Access {
  /**
   * Whose key the request carries; `undefined` where the gateway is open, as there never was a key.
   *
   * @throws {GatewayError} `unauthorized`; `overloaded` where the keys cannot be read
   */
  identify(request: Request): Promise<ClientIdentity | undefined>;
  /** Whether anybody may ask without a key. */
  isOpen(): Promise<boolean>;
}

export interface AccessOptions {
  keys: readonly ClientKey[];
  stored: StoredKeys;
  /** Whether somebody can have added keys to the storage. */
  isAdministered: boolean;
  /** Milliseconds since the epoch. */
  now: () => number;
  log: Pick<Log, "warn">;
}

/** Milliseconds after which the storage may be back. */
const SOON = 1000;

export function createAccess({ keys, stored, isAdministered, now, log }: AccessOptions): Access {
  const configured = keys.map(({ name, secret, limits }) => ({
    digest: digestOf(secret),
    identity: { id: name, name, limits, source: "configuration" } satisfies ClientIdentity,
  }));

  let isTold = false;

  /** A gateway that is closed must not be open to all for as long as its storage is away. */
  const isLocked = () => !stored.areKnown() && isAdministered;

  /** Every key is compared, so that the time taken tells nothing about which came near. */
  function findConfigured(digest: Uint8Array): ClientIdentity | undefined {
    let found: ClientIdentity | undefined;
    for (const known of configured) if (isSameDigest(known.digest, digest)) found = known.identity;
    return found;
  }

  async function findStored(digest: Uint8Array | undefined): Promise<StoredKey | undefined> {
    await stored.ready();
    if (isLocked()) {
      const message = "Cannot tell whose key it is as the storage of the keys is away";
      if (!isTold) {
        log.warn(`${message}: see storageProblem in GET /health, or set USER_SET_KEY, which needs no storage`);
      }
      isTold = true;
      throw new GatewayError("overloaded", message, { retryAfter: SOON });
    }
    return digest && stored.byDigest(formatDigest(digest));
  }

  return {
    async identify(request) {
      const presented = credentialOf(request);
      const digest = presented === undefined ? undefined : digestOf(presented);
      const identity = digest && findConfigured(digest);
      if (identity !== undefined) return identity;
      const key = await findStored(digest);
      if (key !== undefined) return identityOf(key, now());
      if (configured.length === 0 && !stored.wereMade()) return undefined;
      if (presented === undefined) {
        throw new GatewayError("unauthorized", "Cannot answer as no API key of this gateway was sent", {
          code: "missing_api_key",
        });
      }
      throw new GatewayError("unauthorized", "Cannot answer as the API key is none of this gateway's");
    },
    async isOpen() {
      await stored.ready();
      return configured.length === 0 && !stored.wereMade() && !isLocked();
    },
  };
}

/** @throws {GatewayError} `unauthorized` for a key that is no longer good */
function identityOf({ id, name, limits, disabled, expiresAt }: StoredKey, now: number): ClientIdentity {
  if (disabled) throw new GatewayError("unauthorized", "Cannot answer as the API key is disabled");
  if (expiresAt !== undefined && expiresAt <= now) {
    throw new GatewayError("unauthorized", "Cannot answer as the API key has expired");
  }
  return { id, name, limits, source: "storage" };
}

/** Every official client's way of sending a key (DIALECTS.md §3); `?key=` is Gemini's. */
function credentialOf({ headers, url }: Request): string | undefined {
  const bearer = headers.get("authorization")?.match(/^Bearer\s+(.+)$/i)?.[1]?.trim();
  const header = bearer ?? headers.get("x-api-key") ?? headers.get("api-key") ?? headers.get("x-goog-api-key");
  // Few have a query at all, and none is looked for where there is none.
  return header ?? (url.includes("?") ? new URL(url).searchParams.get("key") : undefined) ?? undefined;
}
