/** Opens the database that the configuration names, once it is needed. */

import { within } from "../streaming/timer.ts";

export interface Database {
  /** Absent where nothing is to be opened: memory is wanted. */
  open?: () => Promise<Deno.Kv>;
  /** What `createKvStore` takes. */
  pollInterval: number;
  /** Nobody named it: where the platform has none, there is none. One that was named and cannot be opened is away. */
  isOptional?: boolean;
}

export interface DatabaseOptions {
  /**
   * A path, the URL of a denokv server, or `memory`; absent: what the platform provides. For a server, Deno itself
   * takes the token from the environment, as DENO_KV_ACCESS_TOKEN.
   */
  url?: string;
  /** Whether the platform's own database is a server, as on Deno Deploy, or a file. */
  hosted: boolean;
}

/** How soon one process sees what another wrote to the same file. */
const FILE_INTERVAL = 2_000;

/** Opens nothing yet. */
export function kvDatabase({ url, hosted }: DatabaseOptions): Database {
  if (url === "memory") return { pollInterval: 0 };
  const isServer = url === undefined ? hosted : /^https?:/i.test(url);
  const pollInterval = isServer ? 0 : FILE_INTERVAL;
  return { open: async () => await Deno.openKv(url), pollInterval, isOptional: url === undefined };
}

export interface KvConnection {
  /** Opens it, or waits for what is being opened; rejects after `timeout` milliseconds, though that goes on. */
  open(): Promise<Deno.Kv>;
  /** Whether it was told at once, and the last time, that there is none: a network that is silent tells nothing. */
  isRefused(): boolean;
  /** Closes what is open, or what will be once it is; the next `open` is another. */
  release(): void;
}

export function kvConnection(openKv: () => Promise<Deno.Kv>, timeout: number): KvConnection {
  let opening: Promise<Deno.Kv> | undefined;
  let refused = false;

  function start(): Promise<Deno.Kv> {
    const started = openKv();
    // A database that could not be opened is opened anew the next time, one that is slow is waited for again.
    started.then(() => refused = false, () => {
      refused = true;
      if (opening === started) opening = undefined;
    });
    return started;
  }

  return {
    async open() {
      opening ??= start();
      return await within(opening, timeout, () => new Error(`Cannot open Deno KV in ${timeout} ms`));
    },
    isRefused: () => refused,
    release() {
      // It may be closed already, or never have been open.
      opening?.then((kv) => kv.close()).catch(() => {});
      opening = undefined;
    },
  };
}
