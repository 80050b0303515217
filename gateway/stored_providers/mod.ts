/** The providers that are added, edited, disabled and removed while the gateway runs. */

import type { ProviderConfig } from "../config/mod.ts";
import { type ProviderDocument, PROVIDERS_KEY, type StoredProvider } from "./document.ts";
import { type Base, type Draft, readDraft } from "./draft.ts";
import { createEditor, type EditStored } from "./edit.ts";
import { type Followed, type FollowOptions, followStored } from "./follow.ts";
import { demandVersion, isTaken, isUnknown } from "./refusal.ts";
import type { Sealer } from "./seal.ts";
import { openSecrets, type Standing, standingOf } from "./standing.ts";

export { Refusal, REFUSALS } from "./refusal.ts";
export type { ProviderState, Standing } from "./standing.ts";

export interface Added {
  standing: Standing;
  isNew: boolean;
}

export interface StoredProviders {
  /** Resolves when what was stored at the start is in use, or cannot be read for now. Never rejects. */
  ready: Promise<void>;
  all(): readonly Standing[];
  find(name: string): Standing | undefined;
  /**
   * Adds a provider; the same once more changes nothing. `isNew` tells which it was.
   *
   * @throws {Refusal} with a problem for each field at fault, or as another one has the name
   */
  add(written: unknown): Promise<Added>;
  /**
   * Puts other settings in place of a provider's. Secrets that are not written stay; `null` forgets one. `version` is
   * the one that is to be changed, `*` whatever there is.
   *
   * @throws {Refusal} as above, or as somebody else changed it meanwhile
   */
  change(name: string, written: unknown, version: string | undefined): Promise<Standing>;
  /** Removes it, if it is there. @throws {Refusal} as somebody else changed it meanwhile */
  remove(name: string, version: string | undefined): Promise<void>;
  /**
   * What would be in use, without storing it: over the stored one of its name, if there is one.
   *
   * @throws {Refusal} with a problem for each field at fault
   */
  draft(written: unknown): Promise<ProviderConfig>;
}

interface Shop extends StoreOptions {
  followed: Followed;
  edit: EditStored;
}

export interface StoreOptions extends FollowOptions {
  /** For versions. */
  newId: () => string;
}

export function createStoredProviders(options: StoreOptions): StoredProviders {
  const followed = followStored(options);
  const shop: Shop = { ...options, followed, edit: createEditor({ ...options, ...followed }) };
  return {
    ready: followed.ready,
    all: followed.standings,
    find: followed.find,
    add: (written) => add(shop, written),
    change: (name, written, version) => change(shop, { name, written, version }),
    remove: (name, version) => remove(shop, { name, version }),
    draft: (written) => draft(shop, written),
  };
}

async function add(shop: Shop, written: unknown): Promise<Added> {
  const { boot } = shop;
  const read = await readDraft(written, shop);
  const { name } = read.provider;
  if (boot.providers.some((provider) => provider.name === name)) throw isTaken(name, "in the configuration");
  return await shop.edit<Added>(async (providers, sealer) => {
    const existing = providers.find((provider) => provider.name === name);
    if (existing === undefined) {
      const stored = await toStored(shop, read, sealer);
      return {
        providers: [...providers, stored],
        result: { standing: await standing(shop, stored, sealer), isNew: true },
      };
    }
    if (!await isSame(existing, read, sealer)) throw isTaken(name, "already");
    return { result: { standing: await standing(shop, existing, sealer), isNew: false } };
  });
}

interface Change {
  name: string;
  written: unknown;
  version: string | undefined;
}

async function change(shop: Shop, { name, written, version }: Change): Promise<Standing> {
  return await shop.edit(async (providers, sealer) => {
    const existing = providers.find((provider) => provider.name === name);
    if (existing === undefined) throw isUnknown(name);
    const named = typeof written === "object" && written !== null ? { ...written, name } : written;
    const read = await readDraft(named, { ...shop, base: await baseOf(shop, existing, sealer) });
    // Sent once more, as its answer was lost on the way.
    if (await isSame(existing, read, sealer)) return { result: await standing(shop, existing, sealer) };
    demandVersion(existing, version);
    const stored = await toStored(shop, read, sealer);
    const changed = providers.map((provider) => provider === existing ? stored : provider);
    return { providers: changed, result: await standing(shop, stored, sealer) };
  });
}

async function remove({ edit }: Shop, { name, version }: Omit<Change, "written">): Promise<void> {
  await edit((providers) =>
    Promise.try(() => {
      const existing = providers.find((provider) => provider.name === name);
      if (existing === undefined) return { result: undefined };
      if (version !== undefined) demandVersion(existing, version);
      return { providers: providers.filter((provider) => provider !== existing), result: undefined };
    })
  );
}

async function draft(shop: Shop, written: unknown): Promise<ProviderConfig> {
  const name = typeof written === "object" && written !== null && "name" in written ? written.name : undefined;
  const entry = await shop.store.get<ProviderDocument>(PROVIDERS_KEY);
  const existing = entry?.value.providers.find((provider) => provider.name === name);
  const base = entry && existing && await baseOf(shop, existing, shop.followed.sealerOf(entry.value.salt));
  return (await readDraft(written, { ...shop, base })).provider;
}

async function toStored({ ports, newId }: Shop, draft: Draft, sealer: Sealer): Promise<StoredProvider> {
  const { settings, secrets, provider: { name } } = draft;
  const sealed = [...secrets].map(async ([path, secret]) => [path, await sealer.seal(secret, [name, path])]);
  return {
    name,
    version: newId(),
    changedAt: ports.now(),
    settings,
    secrets: Object.fromEntries(await Promise.all(sealed)),
  };
}

async function isSame(stored: StoredProvider, { settings, secrets }: Draft, sealer: Sealer): Promise<boolean> {
  const { isDeepStrictEqual } = await import("node:util");
  if (!isDeepStrictEqual(stored.settings, settings)) return false;
  const opened = await openSecrets(stored, sealer);
  return "secrets" in opened && isDeepStrictEqual(opened.secrets, secrets);
}

async function baseOf(shop: Shop, stored: StoredProvider, sealer: Sealer): Promise<Base> {
  const opened = await openSecrets(stored, sealer);
  const { provider } = await standing(shop, stored, sealer);
  return "closed" in opened
    ? { secrets: new Map(), closed: opened.closed, provider }
    : { secrets: opened.secrets, closed: [], provider };
}

async function standing(shop: Shop, stored: StoredProvider, sealer: Sealer): Promise<Standing> {
  return await standingOf(stored, { ...shop, sealer });
}
