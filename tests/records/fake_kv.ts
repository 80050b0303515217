/** A Deno KV that can be told to misbehave, over a real one. */

import { createKvStore } from "../../records/kv_store.ts";
import type { Store } from "../../records/store.ts";

/** `full` reads, and refuses every write. `mute` writes, and its word of that is lost. */
export type Trouble = "none" | "hangs" | "throws" | "full" | "mute";

export interface FakeKv {
  kv: Deno.Kv;
  trouble: Trouble;
  /** Calls that the real one is at. */
  busy: number;
  /** Calls of it so far, of any kind, and how often it was closed. */
  calls: number;
  closed: number;
  /** Awaited before it is opened, before each list is read, and before each commit. */
  beforeOpen: () => Promise<void>;
  beforeList: () => Promise<void>;
  beforeCommit: () => Promise<void>;
  /** In place of its own; `undefined` where it has none. */
  watch: Deno.Kv["watch"] | undefined;
  /** Goes on over another. */
  attach(kv: Deno.Kv): void;
}

export function fakeKv(first: Deno.Kv): FakeKv {
  let real = first;
  const nothing = () => Promise.resolve();
  const meet = async <T>(work: () => Promise<T>, before = nothing): Promise<T> => {
    fake.calls++;
    await before();
    if (fake.trouble === "hangs") return await new Promise(() => {});
    if (fake.trouble === "throws") throw new Error("KV is away");
    if (fake.trouble === "full" && before === fake.beforeCommit) throw new Error("KV is full");
    if (fake.trouble === "mute" && before === fake.beforeCommit) {
      await work();
      throw new Error("KV is cut off");
    }
    fake.busy++;
    return await work().finally(() => fake.busy--);
  };
  const methods = {
    get: (key: Deno.KvKey) => meet(() => real.get(key)),
    getMany: (keys: Deno.KvKey[]) => meet(() => real.getMany(keys)),
    async *list(selector: Deno.KvListSelector, options: Deno.KvListOptions) {
      await meet(nothing, fake.beforeList);
      yield* real.list(selector, options);
    },
    atomic() {
      const operation = real.atomic();
      const commit = operation.commit.bind(operation);
      operation.commit = () => meet(commit, fake.beforeCommit);
      return operation;
    },
    close() {
      real.close();
      fake.closed++;
    },
  };
  const fake: FakeKv = {
    kv: new Proxy(first, {
      get: (_, name: string) => name === "watch" ? fake.watch : methods[name as keyof typeof methods],
    }),
    trouble: "none",
    busy: 0,
    calls: 0,
    closed: 0,
    beforeOpen: nothing,
    beforeList: nothing,
    beforeCommit: () => Promise.resolve(),
    watch: (keys, options) => real.watch(keys, options),
    attach(kv) {
      real = kv;
    },
  };
  return fake;
}

/** A store over a fake, which is closed with it. */
export async function withStore(test: (store: Store, fake: FakeKv) => Promise<void>, pollInterval = 0): Promise<void> {
  const fake = fakeKv(await Deno.openKv(":memory:"));
  const store = createKvStore(fake.kv, { now: () => 1, pollInterval });
  try {
    await test(store, fake);
  } finally {
    await store.close();
  }
}
