/** A client key as the admin routes show it: where it comes from, how it stands, what it has used; never its secret. */

import type { KeyLimits } from "../../config/key_limits.ts";
import type { Gateway } from "../../gateway.ts";
import type { StoredKey } from "../../keys/stored_keys.ts";
import type { Gauge } from "../../limits/mod.ts";

export interface ShownKey {
  /** What the routes call it; absent where it cannot be changed here. */
  id?: string;
  name: string;
  origin: "configuration" | "stored";
  state: "active" | "disabled" | "expired";
  /** The secret's first characters. */
  prefix?: string;
  /** Milliseconds since the epoch, as all times here. */
  createdAt?: number;
  expiresAt?: number;
  limits: KeyLimits;
  /** By limit, how much of it is used; money in USD. */
  use: Partial<Record<Gauge["name"], { used: number; resetAt: number }>>;
}

const MICRO = 1_000_000;

/** Those of the configuration, then those of the storage, the newest first. */
export async function showKeys(gateway: Gateway): Promise<ShownKey[]> {
  const { config, keys } = gateway;
  const stored = keys.all().sort((a, b) => b.createdAt - a.createdAt);
  return await Promise.all([
    ...config.keys.map(async ({ name, limits }) => ({
      name,
      origin: "configuration" as const,
      state: "active" as const,
      limits,
      use: await useOf(gateway, { id: name, limits }),
    })),
    ...stored.map((key) => showKey(key, gateway)),
  ]);
}

export async function showKey(key: StoredKey, gateway: Gateway): Promise<ShownKey> {
  const { id, name, prefix, createdAt, expiresAt, limits } = key;
  return {
    id,
    name,
    origin: "stored",
    state: stateOf(key, gateway.ports.now()),
    prefix,
    createdAt,
    ...(expiresAt !== undefined && { expiresAt }),
    limits,
    use: await useOf(gateway, key),
  };
}

function stateOf({ disabled, expiresAt }: StoredKey, now: number): ShownKey["state"] {
  if (disabled) return "disabled";
  return expiresAt !== undefined && expiresAt <= now ? "expired" : "active";
}

async function useOf({ limits }: Gateway, key: { id: string; limits: KeyLimits }): Promise<ShownKey["use"]> {
  const gauges = await limits.currentGauges(key);
  return Object.fromEntries(
    gauges.map(({ name, used, resetAt }) => [name, { used: name.startsWith("money") ? used / MICRO : used, resetAt }]),
  );
}
