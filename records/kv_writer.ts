/** Writes values to Deno KV, no more at once than it takes: big ones in parts, small ones many in one transaction. */

import { assertAmount, assertKey, idOfKey } from "./keys.ts";
import type { KvClient } from "./kv_client.ts";
import { draftOf, inTransactions, isLive, kvKey, partKeys, type Stored } from "./kv_value.ts";
import type { Store, Write } from "./store.ts";

/** Checks that one transaction may carry. */
const CHECK_LIMIT = 100;

export function kvWriter(client: KvClient, now: () => number): Pick<Store, "set" | "setAll" | "delete" | "add"> {
  function draft({ key, value, expireIn }: Write): Deno.KvMutation[] {
    assertKey(key);
    return draftOf(key, value, { now: now(), ...(expireIn !== undefined && { expireIn }) });
  }

  /**
   * In one transaction. What is there is read first and checked for: its parts are to be removed, and what has expired
   * is nothing to a caller. It is tried again until it succeeds, as each failure is another writer's success.
   */
  async function replace(
    keys: readonly Deno.KvKey[],
    mutations: readonly Deno.KvMutation[],
    allows: (version: string | null) => boolean = () => true,
  ): Promise<boolean> {
    while (true) {
      const old = await client.getMany<Stored>(keys);
      const versions = old.map(({ value, versionstamp }) =>
        value !== null && isLive(value, now()) ? versionstamp : null
      );
      if (!versions.every(allows)) return false;
      if (!await client.commit(old, mutations)) continue;
      await removeParts(old.flatMap(({ value }) => partKeys(value)));
      return true;
    }
  }

  /** Parts that do not fit into one transaction with their head go ahead of it: nobody knows of them before. */
  async function put(
    mutations: readonly Deno.KvMutation[],
    allows?: (version: string | null) => boolean,
  ): Promise<boolean> {
    const ahead = inTransactions(mutations);
    const last = ahead.pop() ?? [];
    for (const group of ahead) await client.commit([], group);
    const isWritten = await replace(last.slice(-1).map(({ key }) => key), last, allows);
    if (!isWritten) await removeParts(ahead.flat().map(({ key }) => key));
    return isWritten;
  }

  /** What they belonged to is gone already: if this fails, only space is lost, and the write was still done. */
  async function removeParts(keys: readonly Deno.KvKey[]): Promise<void> {
    for (const group of inTransactions(keys.map((key) => ({ type: "delete", key })))) {
      await client.commit([], group).catch(() => {});
    }
  }

  return {
    set: async (key, value, { check, ...options } = {}) =>
      await put(draft({ key, value, ...options }), check === undefined ? undefined : (version) => version === check),
    async setAll(writes) {
      // Of each key the last: its writes may come to stand in different transactions.
      const drafts = [...new Map(writes.map((write) => [idOfKey(write.key), draft(write)])).values()];
      // The big ones first: what leads to others, as a summary does, is small.
      for (const big of drafts.filter(({ length }) => length > 1)) await put(big);
      const small = drafts.filter(({ length }) => length === 1).flat();
      for (const group of inTransactions(small, CHECK_LIMIT)) await replace(group.map(({ key }) => key), group);
    },
    async delete(key) {
      assertKey(key);
      const at = kvKey(key);
      await replace([at], [{ type: "delete", key: at }], (version) => version !== null);
    },
    async add(key, amount) {
      assertKey(key);
      assertAmount(amount);
      // KV adds without a sign, and wraps around: that is how it adds with one.
      const value = new Deno.KvU64(BigInt.asUintN(64, BigInt(amount)));
      await client.commit([], [{ type: "sum", key: kvKey(key), value }]);
    },
  };
}
