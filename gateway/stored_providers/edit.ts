/** Changes the stored providers as one: what was read is what is replaced, or it is read again. */

import type { Store } from "../../records/store.ts";
import { type ProviderDocument, PROVIDERS_KEY, type StoredProvider } from "./document.ts";
import { Refusal } from "./refusal.ts";
import { newSalt, type Sealer } from "./seal.ts";

/** What is to be stored; nothing where all is as it should be. */
export interface Edited<T> {
  providers?: readonly StoredProvider[];
  result: T;
}

export type Edit<T> = (providers: readonly StoredProvider[], sealer: Sealer) => Promise<Edited<T>>;

export interface EditOptions {
  store: Store;
  sealerOf: (salt: string) => Sealer;
  /** Puts what is stored now to use. */
  reload: () => Promise<void>;
}

/** Somebody else may store something between reading and writing. */
const TRIES = 10;

/** @throws {Refusal} `storage_away`, and what the edit refuses; then nothing has changed */
export type EditStored = <T>(edit: Edit<T>) => Promise<T>;

/** The edits of one instance wait for each other; those of others are found out by the version. */
export function createEditor(options: EditOptions): EditStored {
  // One for as long as there is none in the storage: a key is derived for each.
  const freshSalt = newSalt();
  let last: Promise<unknown> = Promise.resolve();
  return <T>(edit: Edit<T>): Promise<T> => {
    const mine = last.catch(() => {}).then(() => editOnce(edit, { ...options, freshSalt }));
    last = mine;
    return mine;
  };
}

async function editOnce<T>(
  edit: Edit<T>,
  { store, sealerOf, reload, freshSalt }: EditOptions & { freshSalt: string },
): Promise<T> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const entry = await store.get<ProviderDocument>(PROVIDERS_KEY);
    demandStorage(store);
    const document = entry?.value ?? { salt: freshSalt, providers: [] };
    const { providers, result } = await edit(document.providers, sealerOf(document.salt));
    if (providers === undefined) return result;
    const check = entry?.version ?? null;
    if (await store.set(PROVIDERS_KEY, { ...document, providers }, { check })) {
      await reload();
      return result;
    }
    demandStorage(store);
  }
  throw new Refusal("provider_changed", "Cannot save the provider as others are being saved all the time");
}

/** @throws {Refusal} where what would be written would not be kept */
function demandStorage(store: Store): void {
  if (store.state().degraded === undefined) return;
  throw new Refusal("storage_away", "Cannot save the provider as the storage is away for now");
}
