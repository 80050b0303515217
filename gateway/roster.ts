/** The providers in use and the catalogue over them, swapped as a whole: what is under way keeps what it started with. */

import type { ProviderPorts } from "../providers/provider.ts";
import { type Catalog, createCatalog, createSource, type Source } from "./catalog/mod.ts";
import type { Config, ProviderConfig } from "./config/mod.ts";
import { createClient } from "./create_client.ts";

export interface Roster {
  /** The gateway's settings; its `providers` are always those in use now. */
  config: Config;
  /** Always of the providers in use now. */
  catalog: Catalog;
  /**
   * Puts these providers behind those of the configuration, in place of those that were put there before. One whose
   * settings stayed the same keeps its client, and with it the turn of its keys, and its model list.
   *
   * @throws {GatewayError} `configuration` for settings that no client can be made of; then nothing changes
   */
  take(added: readonly ProviderConfig[]): void;
}

export function createRoster(boot: Config, ports: ProviderPorts): Roster {
  const shelf = { models: boot.models, ttl: boot.advanced.modelsTtl, now: ports.now };
  let providers: ProviderConfig[] = [];
  let sources = new Map<string, Source>();
  let catalog: Catalog;

  const sourceOf = (config: ProviderConfig): Source => {
    const kept = sources.get(config.name);
    if (kept !== undefined && isSame(kept.config, config)) return kept;
    return createSource({ config, provider: createClient(config, { config: boot, ports }) }, shelf);
  };
  const take = (added: readonly ProviderConfig[]): void => {
    const all = [...boot.providers, ...added];
    sources = new Map(all.map((config) => [config.name, sourceOf(config)]));
    providers = all;
    catalog = createCatalog({ models: boot.models, sources });
  };
  take([]);

  return {
    config: {
      ...boot,
      get providers() {
        return providers;
      },
    },
    catalog: {
      resolve: (id) => catalog.resolve(id),
      list: () => catalog.list(),
      lonelyLangfast: () => catalog.lonelyLangfast(),
      refresh: (provider) => catalog.refresh(provider),
      state: () => catalog.state(),
    },
    take,
  };
}

/** Settings are plain data, always read in the order of their schema. */
function isSame(one: ProviderConfig, other: ProviderConfig): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
