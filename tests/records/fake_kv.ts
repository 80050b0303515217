/** A Deno KV that can be told to misbehave, over a real one. */

/** `full` reads, and refuses every write. */
export type Trouble = "none" | "hangs" | "throws" | "full";

export interface FakeKv {
  kv: Deno.Kv;
  trouble: Trouble;
  /** Calls of it so far, of any kind. */
  calls: number;
  /** Awaited before each list is read. */
  beforeList: () => Promise<void>;
  /** In place of its own; `undefined` where it has none. */
  watch: Deno.Kv["watch"] | undefined;
}

export function fakeKv(real: Deno.Kv): FakeKv {
  const meet = <T>(work: () => Promise<T>, isWrite = false): Promise<T> => {
    fake.calls++;
    if (fake.trouble === "hangs") return new Promise(() => {});
    if (fake.trouble === "throws") return Promise.reject(new Error("KV is away"));
    if (fake.trouble === "full" && isWrite) return Promise.reject(new Error("KV is full"));
    return work();
  };
  const methods = {
    get: (key: Deno.KvKey) => meet(() => real.get(key)),
    getMany: (keys: Deno.KvKey[]) => meet(() => real.getMany(keys)),
    async *list(selector: Deno.KvListSelector, options: Deno.KvListOptions) {
      await meet(fake.beforeList);
      yield* real.list(selector, options);
    },
    atomic() {
      const operation = real.atomic();
      const commit = operation.commit.bind(operation);
      operation.commit = () => meet(commit, true);
      return operation;
    },
    close: () => real.close(),
  };
  const fake: FakeKv = {
    kv: new Proxy(real, {
      get: (_, name: string) => name === "watch" ? fake.watch : methods[name as keyof typeof methods],
    }),
    trouble: "none",
    calls: 0,
    beforeList: () => Promise.resolve(),
    watch: real.watch.bind(real),
  };
  return fake;
}
