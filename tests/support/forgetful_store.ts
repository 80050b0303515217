/** A store in memory that can be told to be away: it then knows nothing, and says so, but keeps what it has. */

import { createMemoryStore } from "../../records/memory_store.ts";
import type { Store } from "../../records/store.ts";

export function forgetfulStore() {
  const memory = createMemoryStore({ now: Date.now, limit: 1e6 });
  const storage = { isAway: false };
  const store: Store = {
    ...memory,
    get: (key) => storage.isAway ? Promise.resolve(undefined) : memory.get(key),
    state: () => ({ mode: "kv", ...(storage.isAway && { degraded: "gone" }) }),
  };
  return { memory, store, storage };
}
