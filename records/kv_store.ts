/** A store over Deno KV. Its failures reach the caller: the resilient store stands in front of it. */

import { kvClient } from "./kv_client.ts";
import { kvReader } from "./kv_reader.ts";
import { kvKey } from "./kv_value.ts";
import { followKeys } from "./kv_watch.ts";
import { kvWriter } from "./kv_writer.ts";
import type { Store } from "./store.ts";

export interface KvStoreOptions {
  now: () => number;
  /** Milliseconds after which a call of KV that has not answered has failed. */
  timeout?: number;
  /**
   * Milliseconds between looks at watched keys besides `kv.watch`. A database in a file needs them, as `kv.watch` does
   * not see there what another process writes (Deno 2.9.6); elsewhere 0, the default.
   */
  pollInterval?: number;
}

/** The database is the store's from now on: closing the store closes it. */
export function createKvStore(kv: Deno.Kv, { now, timeout = 2_000, pollInterval = 0 }: KvStoreOptions): Store {
  const client = kvClient(kv, timeout);
  const closing = new AbortController();
  const following = new Set<Promise<void>>();

  return {
    ...kvReader(client, now),
    ...kvWriter(client, now),
    watch(keys, changed) {
      const stopping = new AbortController();
      const stop = () => stopping.abort();
      closing.signal.addEventListener("abort", stop, { once: true });
      const watched = { kv, client, keys: keys.map(kvKey), changed };
      const ended = followKeys(watched, { pollInterval, signal: stopping.signal }).finally(() =>
        following.delete(ended)
      );
      following.add(ended);
      return () => {
        closing.signal.removeEventListener("abort", stop);
        stop();
      };
    },
    state: () => ({ mode: "kv" }),
    async close() {
      closing.abort();
      kv.close();
      await Promise.all(following);
    },
  };
}
