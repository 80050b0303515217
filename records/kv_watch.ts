/** Follows keys in Deno KV: is told by `kv.watch`, and looks again and again where that is missing or not enough. */

import { delay } from "../streaming/timer.ts";
import { inGroups, type KvClient, READ_LIMIT } from "./kv_client.ts";

export interface KvWatchOptions {
  /** Milliseconds between looks at the keys besides `kv.watch`; 0: only where there is no `kv.watch`. */
  pollInterval: number;
  signal: AbortSignal;
}

/** Where `kv.watch` is missing, or broke. */
const FALLBACK_INTERVAL = 2_000;

export interface Watched {
  kv: Deno.Kv;
  client: KvClient;
  keys: readonly Deno.KvKey[];
  changed: () => void;
}

/** Until the signal is aborted; never rejects. */
export async function followKeys(watched: Watched, { pollInterval, signal }: KvWatchOptions): Promise<void> {
  const told = inGroups(watched.keys, READ_LIMIT).map((keys) => listen({ ...watched, keys }, signal));
  if (pollInterval > 0) await Promise.all([...told, poll(watched, pollInterval, signal)]);
  else await Promise.all(told.map((ended) => ended.then(() => poll(watched, FALLBACK_INTERVAL, signal))));
}

/** Ends when it is aborted, when the connection breaks, and at once where KV cannot do it. */
async function listen({ kv, keys, changed }: Watched, signal: AbortSignal): Promise<void> {
  try {
    // The pipe ends only after the write that it is at.
    const write = () => signal.aborted ? undefined : changed();
    await kv.watch(keys).pipeTo(new WritableStream({ write }), { signal });
  } catch {
    // Nothing to tell: what ended here goes on by polling.
  }
}

async function poll({ client, keys, changed }: Watched, interval: number, signal: AbortSignal): Promise<void> {
  let seen: string | undefined;
  while (!signal.aborted) {
    try {
      const entries = await client.getMany(keys);
      const versions = entries.map(({ versionstamp }) => versionstamp).join();
      if (versions !== seen && !signal.aborted) changed();
      seen = versions;
      await delay(interval, signal);
    } catch {
      // Aborted, or KV is away for now: whoever uses the store learns that by its other calls.
      await delay(interval, signal).catch(() => {});
    }
  }
}
