/** Changes a value that others may change at the same time: nobody's change is lost. */

import type { Key, Store } from "./store.ts";

export interface UpdateOptions<T, R extends T | undefined> {
  /** The value made of the one that is there, or nothing to leave it; called again where that one changed meanwhile. */
  change(value: T | undefined): R;
  /** Milliseconds; for good unless given. */
  expireIn?: number;
}

export async function updateValue<T, R extends T | undefined = T>(
  store: Store,
  key: Key,
  { change, ...options }: UpdateOptions<T, R>,
): Promise<R> {
  while (true) {
    const found = await store.get<T>(key);
    const value = change(found?.value);
    if (value === undefined) return value;
    if (await store.set(key, value, { ...options, check: found?.version ?? null })) return value;
  }
}
