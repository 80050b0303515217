/** What was used of late, by name: a map of bounded size that forgets what was not used for longest. */

export interface RecentlyUsed<T> {
  get(name: string): T | undefined;
  set(name: string, value: T): void;
  delete(name: string): void;
  /** The last used first. */
  entries(): [name: string, value: T][];
}

export interface RecentlyUsedOptions<T> {
  /** What all values may come to: their number, unless they have a size. */
  limit: number;
  sizeOf?: (value: T) => number;
  /** Milliseconds after which what was not used is gone. */
  timeToLive?: number;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

interface Entry<T> {
  value: T;
  size: number;
  usedAt: number;
}

/**
 * Not the library by which counts of tokens are remembered: that one asks Node.js for its process and its channels as it
 * is loaded, which takes longer than all it does here.
 */
export function createRecentlyUsed<T>(
  { limit, sizeOf = () => 1, timeToLive = Infinity, now = Date.now }: RecentlyUsedOptions<T>,
): RecentlyUsed<T> {
  /** In the order of their use: a map keeps that in which its entries were set. */
  const kept = new Map<string, Entry<T>>();
  let total = 0;

  // Mostly there is nothing, and names are made for one look: to find out where they would stand costs more than all else.
  const isEmpty = () => kept.size === 0;

  function forget(name: string): void {
    if (isEmpty()) return;
    total -= kept.get(name)?.size ?? 0;
    kept.delete(name);
  }

  return {
    get(name) {
      const entry = isEmpty() ? undefined : kept.get(name);
      if (entry === undefined) return undefined;
      if (now() - entry.usedAt > timeToLive) return void forget(name);
      kept.delete(name);
      kept.set(name, { ...entry, usedAt: now() });
      return entry.value;
    },
    set(name, value) {
      forget(name);
      const size = sizeOf(value);
      // It would crowd out all others, and itself.
      if (size > limit) return;
      kept.set(name, { value, size, usedAt: now() });
      total += size;
      for (const oldest of kept.keys()) {
        if (total <= limit) return;
        forget(oldest);
      }
    },
    delete: forget,
    entries: () => [...kept].reverse().map(([name, { value }]) => [name, value]),
  };
}
