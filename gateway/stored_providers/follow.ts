/** Follows what is stored: reads it at the start and after each change, and puts it to use. */

import type { ProviderPorts } from "../../providers/provider.ts";
import type { Entry, Store } from "../../records/store.ts";
import type { Config } from "../config/mod.ts";
import type { Log } from "../log.ts";
import type { Redactor } from "../redact.ts";
import type { Roster } from "../roster.ts";
import { secretsOfProvider } from "../secrets_of.ts";
import { type ProviderDocument, PROVIDERS_KEY } from "./document.ts";
import { createSealer, type Sealer } from "./seal.ts";
import { type Standing, standingOf } from "./standing.ts";

export interface FollowOptions {
  store: Store;
  boot: Config;
  roster: Roster;
  ports: ProviderPorts & { log: Log; redactor: Redactor; closing: AbortSignal };
}

export interface Followed {
  /** Resolves when what was stored at the start is in use, or cannot be read for now. Never rejects. */
  ready: Promise<void>;
  standings(): readonly Standing[];
  find(name: string): Standing | undefined;
  /** Reads again, after whatever reading is under way. Never rejects. */
  reload(): Promise<void>;
  sealerOf(salt: string): Sealer;
}

export function followStored({ store, boot, roster, ports }: FollowOptions): Followed {
  let standings: readonly Standing[] = [];
  let version: string | undefined;
  let sealer: { salt: string; of: Sealer } | undefined;
  let reading: Promise<void> = Promise.resolve();

  /** Deriving the key takes a while: it is done once. */
  const sealerOf = (salt: string): Sealer => {
    if (sealer?.salt !== salt) sealer = { salt, of: createSealer({ adminKey: boot.adminKey, salt }) };
    return sealer.of;
  };

  async function read(): Promise<void> {
    const entry = await store.get<ProviderDocument>(PROVIDERS_KEY);
    // Memory knows nothing of what the storage holds: what is known stays in use until that is back.
    if (store.state().degraded !== undefined || entry?.version === version) return;
    await use(entry);
    version = entry?.version;
  }

  async function use(entry: Entry<ProviderDocument> | undefined): Promise<void> {
    const { salt = "", providers = [] } = entry?.value ?? {};
    const known = new Map(standings.map((standing) => [standing.stored.version, standing]));
    const found = await Promise.all(
      providers.map((stored) =>
        known.get(stored.version) ?? standingOf(stored, { boot, sealer: sealerOf(salt), ports })
      ),
    );
    ports.redactor.learn(found.flatMap(({ provider }) => provider === undefined ? [] : secretsOfProvider(provider)));
    roster.take(found.flatMap(({ state, provider }) => state === "used" && provider !== undefined ? [provider] : []));
    for (const standing of found) if (known.get(standing.stored.version) !== standing) tell(standing);
    standings = found;
  }

  function tell({ stored: { name }, state, problem }: Standing): void {
    if (problem === undefined) ports.log.info("stored provider", { provider: name, state });
    else ports.log.warn("Cannot use a stored provider", { provider: name, state, problem });
  }

  const reload = (): Promise<void> => {
    reading = reading.then(read).catch((error) => {
      ports.log.warn("Cannot read the stored providers", { cause: String(error) });
    });
    return reading;
  };

  const ready = reload();
  const stop = store.watch([PROVIDERS_KEY], () => void reload());
  ports.closing.addEventListener("abort", stop, { once: true });
  const find = (name: string) => standings.find(({ stored }) => stored.name === name);
  return { ready, standings: () => standings, find, reload, sealerOf };
}
