/** Writes values to Deno KV, no more at once than it takes: big ones in parts, small ones many in one transaction. */

import { assertAmount, assertKey, idOfKey } from "./keys.ts";
import type { KvClient } from "./kv_client.ts";
import { kvReplace } from "./kv_replace.ts";
import { draftOf, inTransactions, kvKey } from "./kv_value.ts";
import type { Store, Write } from "./store.ts";

/** Checks that one transaction may carry. */
const CHECK_LIMIT = 100;

interface Draft {
  mutations: Deno.KvMutation[];
  isNew: boolean;
}

export function kvWriter(client: KvClient, now: () => number): Pick<Store, "set" | "setAll" | "delete" | "add"> {
  const { replace, put } = kvReplace(client, now);

  function draft({ key, value, expireIn, isNew = false }: Write): Draft {
    assertKey(key);
    return { mutations: draftOf(key, value, { now: now(), ...(expireIn !== undefined && { expireIn }) }), isNew };
  }

  /** What is new needs no look at what was there, and no check. */
  async function commitNew(mutations: readonly Deno.KvMutation[]): Promise<void> {
    for (const group of inTransactions(mutations)) await client.commit([], group);
  }

  async function writeAll(drafts: readonly Draft[]): Promise<void> {
    const of = (isNew: boolean) => drafts.filter((draft) => draft.isNew === isNew).map(({ mutations }) => mutations);
    // The big ones first: what leads to others, as a summary does, is small.
    const [big, small] = [(all: unknown[]) => all.length > 1, (all: unknown[]) => all.length === 1];
    await commitNew(of(true).filter(big).flat());
    for (const mutations of of(false).filter(big)) await put(mutations);
    await commitNew(of(true).filter(small).flat());
    for (const group of inTransactions(of(false).filter(small).flat(), CHECK_LIMIT)) await replace(group);
  }

  return {
    set: async (key, value, { check, ...options } = {}) =>
      await put(
        draft({ key, value, ...options }).mutations,
        check === undefined ? undefined : (version) => version === check,
      ),
    // Of each key the last: its writes may come to stand in different transactions.
    setAll: (writes) =>
      Promise.try(() => writeAll([...new Map(writes.map((write) => [idOfKey(write.key), draft(write)])).values()])),
    async delete(key) {
      assertKey(key);
      await replace([{ type: "delete", key: kvKey(key) }], (version) => version !== null);
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
