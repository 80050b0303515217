/** Changes a value that others may change at the same time: nobody's change is lost. */

import type { Key, Store } from "./store.ts";

export interface UpdateOptions<T> {
  /** The value made of the one that is there; called again where that one changed meanwhile. */
  change(value: T | undefined): T;
  /** Milliseconds. */
  expireIn: number;
}

export async function updateValue<T>(store: Store, key: Key, { change, expireIn }: UpdateOptions<T>): Promise<T> {
  while (true) {
    const found = await store.get<T>(key);
    const value = change(found?.value);
    if (await store.set(key, value, { expireIn, check: found?.version ?? null })) return value;
  }
}
