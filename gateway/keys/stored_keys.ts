/** The client keys that are kept in the storage, known to every instance: in memory, and read anew when one has changed. */

import { GatewayError } from "../../chat/error.ts";
import type { Key, Store } from "../../records/store.ts";
import { updateValue } from "../../records/update_value.ts";
import type { KeyLimits } from "../config/key_limits.ts";

export interface StoredKey {
  id: string;
  /** What logs and records call it. */
  name: string;
  /** SHA-256 of the secret, in hexadecimal. */
  digest: string;
  /** The secret's first characters. */
  prefix: string;
  limits: KeyLimits;
  /** Milliseconds since the epoch, as all times here. */
  createdAt: number;
  disabled?: boolean;
  expiresAt?: number;
}

export interface StoredKeys {
  /** Waits until they are known, or cannot be. */
  ready(): Promise<void>;
  /** False while the storage could not be asked yet. */
  areKnown(): boolean;
  /** Whether any was ever made: a gateway does not open to all when the last one is deleted. */
  wereMade(): boolean;
  all(): StoredKey[];
  byDigest(digest: string): StoredKey | undefined;
  /**
   * A new one: known here at once, and elsewhere within seconds.
   *
   * @throws {GatewayError} `overloaded` while they are not known: what is written then might never be seen
   */
  add(key: StoredKey): Promise<void>;
  /**
   * Changes the key as it is in the storage, and not as it was known here: a secret that was replaced meanwhile stays
   * replaced. `undefined` where there is none, or `change` leaves it.
   *
   * @throws {GatewayError} `overloaded`
   */
  change(id: string, change: (key: StoredKey) => StoredKey | undefined): Promise<StoredKey | undefined>;
  remove(id: string): Promise<void>;
}

export interface StoredKeysOptions {
  store: Store;
  now: () => number;
  /** Once aborted, nothing is watched any more. */
  closing: AbortSignal;
}

const PREFIX = ["client-keys", "key"] as const;
/** Written by every change, and never deleted: there may be more keys than one can watch. */
const CHANGED: Key = ["client-keys", "changed"];
const PAGE = 500;

const keyOf = (id: string): Key => [...PREFIX, id];

function cannotChange(): GatewayError {
  return new GatewayError("overloaded", "Cannot change a key as the storage is away");
}

export function createStoredKeys({ store, now, closing }: StoredKeysOptions): StoredKeys {
  const known = createKnownKeys();
  const changes = createChanges();
  const ready = createReading({ store, closing, known, changes });

  async function write(change: () => Promise<unknown>, learned: (keys: Map<string, StoredKey>) => void): Promise<void> {
    await ready();
    const before = known.byId();
    if (before === undefined) throw cannotChange();
    const keys = new Map(before);
    learned(keys);
    known.learn(keys.values(), true);
    await changes.make(change);
    await store.set(CHANGED, now());
  }

  return {
    ready,
    wereMade: known.wereMade,
    areKnown: () => known.byId() !== undefined,
    all: () => [...known.byId()?.values() ?? []],
    byDigest: known.byDigest,
    add: (key) => write(() => store.set(keyOf(key.id), key), (keys) => void keys.set(key.id, key)),
    async change(id, change) {
      await ready();
      const { degraded } = store.state();
      if (degraded !== undefined) throw cannotChange();
      const changed = await changes.make(() =>
        updateValue<StoredKey, StoredKey | undefined>(store, keyOf(id), { change: (key) => key && change(key) })
      );
      // It may have been deleted meanwhile: then nobody is to be let in by it.
      const learn = (keys: Map<string, StoredKey>) => void (changed && keys.has(id) && keys.set(id, changed));
      if (changed !== undefined) await write(() => Promise.resolve(), learn);
      return changed;
    },
    remove: (id) => write(() => store.delete(keyOf(id)), (keys) => void keys.delete(id)),
  };
}

interface ReadingOptions extends Pick<StoredKeysOptions, "store" | "closing"> {
  known: ReturnType<typeof createKnownKeys>;
  changes: ReturnType<typeof createChanges>;
}

/** Has the keys read when they are first asked for, and from then on whenever one has changed. */
function createReading({ store, closing, known, changes }: ReadingOptions): () => Promise<void> {
  let reading: Promise<void> | undefined;
  /** A change came while the keys were being read: what was read may be from before it. */
  let isStale = false;
  let isWatching = false;

  async function read(): Promise<void> {
    do {
      isStale = false;
      const before = changes.made();
      const [keys, mark] = await Promise.all([readAll(store), store.get(CHANGED)]);
      // What was read may be older than what is known here already; the mark of the change has it read again.
      if (changes.haveComeSince(before)) continue;
      // Storage that is away shows what was written since only: what is known stays.
      if (store.state().degraded === undefined) known.learn(keys, mark !== undefined);
    } while (isStale);
  }

  function refresh(): Promise<void> {
    if (reading === undefined) reading = read().finally(() => reading = undefined);
    else isStale = true;
    return reading;
  }

  function watch(): void {
    if (isWatching || closing.aborted) return;
    isWatching = true;
    // A store fails only when it is closed, and then nobody asks for keys any more.
    const changed = () => void refresh().catch(() => {});
    closing.addEventListener("abort", store.watch([CHANGED], changed), { once: true });
  }

  return async function ready(): Promise<void> {
    if (known.byId() !== undefined) return;
    await (reading ?? refresh());
    watch();
  };
}

/** Changes being written from here, and those that were. */
function createChanges() {
  let [underWay, made] = [0, 0];
  return {
    made: () => made,
    haveComeSince: (before: number) => underWay > 0 || made !== before,
    async make<T>(change: () => Promise<T>): Promise<T> {
      underWay++;
      try {
        return await change();
      } finally {
        underWay--;
        made++;
      }
    },
  };
}

/** The keys as this instance knows them. */
function createKnownKeys() {
  let keys: ReadonlyMap<string, StoredKey> | undefined;
  let digests = new Map<string, StoredKey>();
  let wereMade = false;
  return {
    learn(all: Iterable<StoredKey>, made: boolean): void {
      wereMade = made;
      keys = new Map([...all].map((key) => [key.id, key]));
      digests = new Map([...keys.values()].map((key) => [key.digest, key]));
    },
    /** Absent until they were read. */
    byId: () => keys,
    byDigest: (digest: string) => digests.get(digest),
    wereMade: () => wereMade,
  };
}

async function readAll(store: Store): Promise<StoredKey[]> {
  const keys: StoredKey[] = [];
  let page = await store.list<StoredKey>(PREFIX, { limit: PAGE });
  while (page.length > 0) {
    keys.push(...page.map(({ value }) => value));
    const after = page.at(-1)?.key;
    page = page.length < PAGE || after === undefined ? [] : await store.list(PREFIX, { limit: PAGE, after });
  }
  return keys;
}
