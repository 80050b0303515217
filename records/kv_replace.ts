/** One value in place of another in Deno KV: nobody's write is lost, and nothing of the value before is left. */

import type { KvClient } from "./kv_client.ts";
import { inTransactions, isHead, isLive, partKeys, type Stored } from "./kv_value.ts";

export interface KvReplace {
  /** Several small values in one transaction. */
  replace(mutations: readonly Deno.KvMutation[], allows?: Allows): Promise<boolean>;
  /** One value of any size, its head the last. */
  put(mutations: readonly Deno.KvMutation[], allows?: Allows): Promise<boolean>;
}

/** Whether a value may be replaced, by its version: `null` where there is none. */
type Allows = (version: string | null) => boolean;

export function kvReplace(client: KvClient, now: () => number): KvReplace {
  const versionOf = ({ value, versionstamp }: Deno.KvEntryMaybe<Stored>) =>
    value !== null && isLive(value, now()) ? versionstamp : null;

  /**
   * What is there is read first and checked for: its parts are to be removed, and what has expired is nothing to a
   * caller. It is tried again until it succeeds, as each failure is another writer's success.
   */
  async function replace(mutations: readonly Deno.KvMutation[], allows: Allows = () => true): Promise<boolean> {
    while (true) {
      const old = await client.getMany<Stored>(mutations.filter(isHead).map(({ key }) => key));
      if (!old.map(versionOf).every(allows)) return false;
      if (!await client.commit(old, mutations)) continue;
      await removeParts(old.flatMap(({ value }) => partKeys(value)));
      return true;
    }
  }

  /** Parts that do not fit into one transaction with their head go ahead of it: nobody knows of them before. */
  async function put(mutations: readonly Deno.KvMutation[], allows?: Allows): Promise<boolean> {
    const ahead = inTransactions(mutations);
    const last = ahead.pop() ?? [];
    for (const group of ahead) await client.commit([], group);
    const isWritten = await replace(last, allows);
    if (!isWritten) await removeParts(ahead.flat().map(({ key }) => key));
    return isWritten;
  }

  /** What they belonged to is gone already: if this fails, only space is lost, and the write was still done. */
  async function removeParts(keys: readonly Deno.KvKey[]): Promise<void> {
    for (const group of inTransactions(keys.map((key) => ({ type: "delete", key })))) {
      await client.commit([], group).catch(() => {});
    }
  }

  return { replace, put };
}
