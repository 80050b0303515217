/** A store that counts what is read from it. */

import type { Key, ListOptions, Store } from "../../records/store.ts";

export interface Counted {
  store: Store;
  /** Entries that lists gave since it was last asked. */
  entries(): number;
}

export function countReads(store: Store): Counted {
  let entries = 0;
  return {
    store: {
      ...store,
      async list<T>(prefix: Key, options: ListOptions) {
        const found = await store.list<T>(prefix, options);
        entries += found.length;
        return found;
      },
    },
    entries() {
      const read = entries;
      entries = 0;
      return read;
    },
  };
}
