/** How the providers that were added while the gateway runs are stored: all in one document, which changes as a whole. */

import type { JsonObject } from "../../chat/json.ts";
import type { Key } from "../../records/store.ts";

export interface StoredProvider {
  name: string;
  /** Another one with each change. */
  version: string;
  /** Milliseconds since the epoch. */
  changedAt: number;
  /** As they were written, nothing filled in, without a secret. */
  settings: JsonObject;
  /** Sealed, by the path of the setting. */
  secrets: Readonly<Record<string, string>>;
}

export interface ProviderDocument {
  /** What the admin key is mixed with, so that one key opens one gateway's secrets only. */
  salt: string;
  /** In the order in which they were added. */
  providers: readonly StoredProvider[];
}

/** One key: it can be watched, and no instance ever sees half a change. */
export const PROVIDERS_KEY: Key = ["providers", "all"];
