/** A catalogue that waits for the stored providers only where the others do not do. */

import type { Catalog } from "./catalog/mod.ts";

/** A new instance has not read the storage yet, and a slow one must not keep those waiting who do not need it. */
export function patientCatalog(catalog: Catalog, ready: Promise<void>): Catalog {
  let isReady = false;
  void ready.then(() => isReady = true);
  return {
    async resolve(id) {
      try {
        const resolved = await catalog.resolve(id);
        if (isReady || !resolved.isGuess) return resolved;
      } catch (error) {
        if (isReady) throw error;
      }
      await ready;
      return await catalog.resolve(id);
    },
    async list() {
      await ready;
      return await catalog.list();
    },
    lonelyLangfast: () => catalog.lonelyLangfast(),
    refresh: (provider) => catalog.refresh(provider),
    state: () => catalog.state(),
  };
}
