/** The one small interface over what keeps things: Deno KV where there is one, memory where there is none. */

/** Ordered as in Deno KV: part by part, texts by their code points and before numbers. At most 2,000 bytes. */
export type Key = readonly (string | number)[];

export interface Entry<T> {
  key: Key;
  value: T;
  /** Changes with every write of the key; what `check` compares. */
  version: string;
}

export interface SetOptions {
  /** Milliseconds after which the value is gone; it is never read later, whenever the storage removes it. */
  expireIn?: number;
  /** Write only if the key's version is still this one (`null`: only if there is none). */
  check?: string | null;
}

export interface Write extends Pick<SetOptions, "expireIn"> {
  key: Key;
  value: unknown;
  /**
   * Nothing is known to be under the key, or nothing but a small value of the same writer, so that nobody looks. Was there
   * a large value, its space is lost until it expires.
   */
  isNew?: boolean;
}

export interface ListOptions {
  limit: number;
  /** The last key of the page before, of the same prefix; what follows it in the list's direction comes next. */
  after?: Key;
  /** From the last key to the first. */
  reverse?: boolean;
}

/**
 * Values are what JSON holds, and come back as it holds them: a date as a text, NaN as null; or a `Uint8Array`. What is over the storage's
 * limit for one value (64 KiB) is split and joined here, so that nobody else knows of the limit. No method ever fails
 * because the storage did: it degrades to memory, says so once in the log, and `state` tells it. It rejects where the
 * caller is wrong: a key that is too long, a value that JSON does not hold.
 */
export interface Store {
  get<T>(key: Key): Promise<Entry<T> | undefined>;
  /** Resolves to false where `check` did not hold. */
  set(key: Key, value: unknown, options?: SetOptions): Promise<boolean>;
  /**
   * Sets them all, in as few transactions as the storage allows: first each value over its limit, then the others, up
   * to 100 at a time.
   */
  setAll(writes: readonly Write[]): Promise<void>;
  delete(key: Key): Promise<void>;
  /** The entries whose keys begin with the prefix and are longer; a counter's value is its sum. */
  list<T>(prefix: Key, options: ListOptions): Promise<Entry<T>[]>;
  /**
   * Adds a whole number, which may be negative, to a counter without contention, across instances; resolves to nothing,
   * as the sum is read with `counter`. A key is a counter's or a value's, not both.
   */
  add(key: Key, amount: number): Promise<void>;
  counter(key: Key): Promise<number>;
  /**
   * Calls back soon after any of the keys changed in any instance, and perhaps where nothing did, as when watching
   * begins; the returned function ends it.
   */
  watch(keys: readonly Key[], changed: () => void): () => void;
  /**
   * `degraded`: the storage is away for now, so that what is there is not seen. `missing`: there is none to be opened, as on
   * a platform where none was assigned; then memory is all there is, and what is not in it does not exist.
   */
  state(): { mode: "kv" | "memory"; degraded?: string; missing?: string };
  close(): Promise<void>;
}
