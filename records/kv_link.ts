/** The way to Deno KV: made when it is first needed, given up when it fails, tried again after a while. */

import { within } from "../streaming/timer.ts";
import { createKvStore } from "./kv_store.ts";
import { STRIDE } from "./missed_writes.ts";
import { kvConnection } from "./open_kv.ts";
import type { Store } from "./store.ts";

export interface KvLinkOptions {
  open: () => Promise<Deno.Kv>;
  pollInterval: number;
  /** Where it cannot be opened at all, there is none. */
  isOptional: boolean;
  now: () => number;
  log: Record<"info" | "warn", (message: string, fields?: Readonly<Record<string, unknown>>) => void>;
  /** Milliseconds that opening, and each call, may take. */
  timeout: number;
  /** Milliseconds until it is tried again, twice as many after each failure in a row. */
  retryAfter: number;
  /** How many keys are to be written before the store may be used. */
  missing: () => number;
  /** Writes some of them. */
  catchUp: (store: Store) => Promise<void>;
  /** The store is used from now on, or none. */
  switched: (store: Store | undefined) => void;
}

export interface KvLink {
  /** Absent while KV is away. */
  current(): Store | undefined;
  /** Makes the link where that is due; waits for it at first and in its last moment, never longer than `timeout`. */
  ready(): Promise<void>;
  /** The store failed. */
  giveUp(store: Store, error: unknown): void;
  state(): ReturnType<Store["state"]>;
  close(): Promise<void>;
}

const LONGEST_PAUSE = 10 * 60_000;
/** Read before a store is used: opening alone does not ask a server anything. */
const PROBE = ["probe"];

export function createKvLink(options: KvLinkOptions): KvLink {
  const { timeout, isOptional } = options;
  const connection = kvConnection(options.open, timeout);
  const endings = storeEndings(connection);
  const outage = createOutage(options);
  const patience = createPatience(timeout);
  let current: Store | undefined;
  let connecting: Promise<void> | undefined;
  let isClosed = false;

  async function connect(): Promise<void> {
    let store: Store | undefined;
    try {
      store = createKvStore(await connection.open(), options);
      await store.get(PROBE);
      let before = Infinity;
      // Nothing may come between the last look at what is missing and the switch.
      while (options.missing() > 0 && !isClosed) before = await makeUp(store, { ...options, before, holdUp });
      if (isClosed) return endings.end(store);
      current = store;
      outage.end();
      options.switched(store);
    } catch (error) {
      if (store !== undefined) endings.end(store);
      if (!isClosed) outage.goOn(error, { isMissing: store === undefined && isOptional && connection.isRefused() });
    }
  }

  const holdUp = () => patience.waitFor(connecting);

  return {
    current: () => current,
    async ready() {
      if (current === undefined && connecting === undefined && !isClosed && outage.mayTry()) {
        connecting = connect().finally(() => connecting = undefined);
        if (patience.over() === undefined) holdUp();
      }
      if (current === undefined) await patience.over();
    },
    giveUp(store, error) {
      if (store !== current) return;
      current = undefined;
      endings.end(store);
      outage.goOn(error);
      options.switched(undefined);
    },
    state: () => current === undefined ? { mode: "memory", ...outage.reason() } : { mode: "kv" },
    async close() {
      isClosed = true;
      if (current !== undefined) endings.end(current);
      current = undefined;
      connection.release();
      await connecting;
      await endings.over();
    },
  };
}

interface MakingUp extends Pick<KvLinkOptions, "missing" | "catchUp"> {
  /** What was missing the time before. */
  before: number;
  holdUp: () => void;
}

/** Writes some of what is missing; resolves to how much that was. */
async function makeUp(store: Store, { missing, catchUp, before, holdUp }: MakingUp): Promise<number> {
  const left = missing();
  // Where as much is written as is missed again, it would never end: then, and at the last, who comes is to wait.
  if (left <= STRIDE || left >= before) holdUp();
  await catchUp(store);
  return left;
}

/** How long those who come wait for the link. */
function createPatience(timeout: number) {
  let patience: Promise<void> | undefined;
  return {
    waitFor(connecting = Promise.resolve()): void {
      patience = within(connecting, timeout, () => new Error("late")).catch(() => {});
    },
    /** Absent where nobody was ever to wait. */
    over: () => patience,
  };
}

/** The stores that are being closed, each with its hold of the connection. */
function storeEndings(connection: { release(): void }) {
  const endings = new Set<Promise<void>>();
  return {
    end(store: Store): void {
      const ended = store.close().catch(() => {}).finally(() => endings.delete(ended));
      endings.add(ended);
      connection.release();
    },
    over: () => Promise.all(endings),
  };
}

/** When to try again, and what to say: one warning for each time that KV is away, however often it is tried. */
function createOutage({ now, log, retryAfter }: Pick<KvLinkOptions, "now" | "log" | "retryAfter">) {
  let [retryAt, pause] = [-Infinity, retryAfter];
  let reason: { degraded: string } | { missing: string } = { degraded: "Deno KV is not open yet" };
  /** Once it was there, it is away at most. */
  let wasThere = false;
  let isTold = false;
  return {
    mayTry: () => now() >= retryAt,
    reason: () => reason,
    goOn(error: unknown, { isMissing = false } = {}): void {
      retryAt = now() + pause;
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      reason = isMissing && !wasThere ? { missing: "There is no Deno KV" } : { degraded: "Deno KV cannot be used" };
      if (!isTold) log.warn("Cannot use Deno KV, so that what is kept is in memory", { cause: String(error) });
      isTold = true;
    },
    end(): void {
      wasThere = true;
      pause = retryAfter;
      log.info("Deno KV is used");
      isTold = false;
    },
  };
}
