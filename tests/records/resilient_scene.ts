/** A resilient store over a KV that can be told to misbehave, in fake time. */

import { createStore, type ResilientStoreOptions } from "../../records/resilient_store.ts";
import type { Store } from "../../records/store.ts";
import { type FakeTime, inFakeTime } from "../support/fake_time.ts";
import { type FakeKv, fakeKv } from "./fake_kv.ts";
import { until } from "./store_contract.ts";

export interface Scene {
  store: Store;
  /** Stays the same database whenever it is opened anew. */
  fake: FakeKv;
  time: FakeTime;
  opened: () => number;
  logged: string[];
  /** Lets the pause before the next try pass, and makes that try begin. */
  tryAgain: () => Promise<void>;
}

/** Turns of the event loop. */
const QUIET = 50;

/** A store over a fake, in fake time; everything is closed at the end. */
export async function inScene(
  test: (scene: Scene) => Promise<void>,
  options: Partial<ResilientStoreOptions> = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const open = () => Deno.openKv(`${folder}/kv.sqlite3`);
  const keeper = await open();
  await inFakeTime(async (time) => {
    const fake = fakeKv(keeper);
    const logged: string[] = [];
    let [opened, opening] = [0, 0];
    const store = createStore({
      async open() {
        opened++;
        await fake.beforeOpen();
        opening++;
        fake.attach(await open().finally(() => opening--));
        return fake.kv;
      },
      now: Date.now,
      log: { info: (message) => logged.push(message), warn: (message) => logged.push(`WARN ${message}`) },
      ...options,
    });
    /** Nothing is called any more: between two calls of one try there are a few turns at most. */
    const quiet = async () => {
      let [calls, turns] = [fake.calls, 0];
      await until(() => {
        turns = opening === 0 && fake.busy === 0 && fake.calls === calls ? turns + 1 : 0;
        calls = fake.calls;
        return turns > QUIET;
      });
    };
    const tryAgain = async () => {
      // Pretended time must not run out on a try whose real calls a busy machine is slow at.
      await quiet();
      await time.pass(600_000);
      await store.counter(["any"]);
    };
    try {
      await test({ store, fake, time, opened: () => opened, logged, tryAgain });
    } finally {
      fake.trouble = "none";
      await store.close();
    }
  });
  keeper.close();
  await Deno.remove(folder, { recursive: true });
}

export const isKv = (store: Store) => store.state().mode === "kv";
export const AWAY = { mode: "memory", degraded: "Deno KV cannot be used" };
export const WARNING = "WARN Cannot use Deno KV, so that what is kept is in memory";
export const USED = "Deno KV is used";
