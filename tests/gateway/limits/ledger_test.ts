import assert from "node:assert/strict";
import { createLedger, type Ledger } from "../../../gateway/limits/ledger.ts";
import type { Refused, Reservation } from "../../../gateway/limits/grants.ts";
import { type Amounts, DAY, MINUTE } from "../../../gateway/limits/measures.ts";
import { createMemoryStore } from "../../../records/memory_store.ts";
import type { Store } from "../../../records/store.ts";

const START = Date.UTC(2026, 10, 25, 12);

function amounts(some: Partial<Amounts> = {}): Amounts {
  return { requests: 1, tokens: 0, dayTokens: 0, dayMoney: 0, ...some };
}

function isIn(outcome: Reservation | Refused): outcome is Reservation {
  return "amounts" in outcome;
}

/** Any number of instances over one storage, whose calls take a moment as they do over a network. */
async function withScene(
  run: (scene: {
    instance: (options?: { alone?: () => void }) => Ledger;
    store: Store & { away: boolean };
    pass: (milliseconds: number) => void;
  }) => Promise<void>,
): Promise<void> {
  let time = START;
  const memory = createMemoryStore({ now: () => time, limit: 1e8 });
  const store = {
    ...memory,
    away: false,
    async add(...args: Parameters<Store["add"]>) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      await memory.add(...args);
    },
    async list<T>(...args: Parameters<Store["list"]>) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return store.away ? [] : await memory.list<T>(...args);
    },
    state: () => ({ mode: "kv" as const, ...(store.away && { degraded: "gone" }) }),
  };
  const closing = new AbortController();
  const ledgers: Ledger[] = [];
  const instance = ({ alone = () => {} } = {}) => {
    const options = { id: "alice", store, now: () => time, random: Math.random, closing: closing.signal, alone };
    const ledger = createLedger(options);
    ledgers.push(ledger);
    return ledger;
  };
  try {
    await run({ instance, store, pass: (milliseconds) => void (time += milliseconds) });
  } finally {
    closing.abort();
    await Promise.all(ledgers.map((ledger) => ledger.close()));
  }
}

Deno.test("a burst at several instances is let in to the last request of the limit, and no further", async () => {
  for (const instances of [1, 2, 5]) {
    await withScene(async ({ instance }) => {
      const ledgers = Array.from({ length: instances }, () => instance());
      const limits = { requestsPerMinute: 500 };
      const outcomes = await Promise.all(
        Array.from({ length: 1000 }, (_, at) => ledgers[at % instances]!.admit(limits, amounts())),
      );
      let admitted = outcomes.filter(isIn).length;
      // What one has leased and not used is another's a second later.
      for (let rest = 0; rest < 200 && admitted < 490; rest++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        for (const ledger of ledgers) if (isIn(await ledger.admit(limits, amounts()))) admitted++;
      }
      assert.ok(admitted >= 490 && admitted <= 510, `${instances} instances let ${admitted} of 500 in`);
    });
  }
});

Deno.test("a request waits for the storage only where nothing is leased", async () => {
  await withScene(async ({ instance, pass }) => {
    const ledger = instance();
    const limits = { requestsPerMinute: 1000, tokensPerDay: 1_000_000 };
    assert.ok(isIn(await ledger.admit(limits, amounts({ dayTokens: 100 }))));
    for (let at = 0; at < 50; at++) {
      pass(2000);
      // Decided before the storage can have answered.
      let outcome: Reservation | Refused | undefined;
      void ledger.admit(limits, amounts({ dayTokens: 100 })).then((decided) => outcome = decided);
      await Promise.resolve().then(() => {}).then(() => {});
      assert.ok(outcome !== undefined && isIn(outcome), `request ${at} waited`);
      await ledger.currentGauges(limits);
    }
  });
});

Deno.test("a minute slides: what was used a while ago frees up bit by bit", async () => {
  await withScene(async ({ instance, pass }) => {
    const ledger = instance();
    const limits = { requestsPerMinute: 10 };
    const burst = async () => {
      let count = 0;
      for (let at = 0; at < 12; at++) if (isIn(await ledger.admit(limits, amounts()))) count++;
      return count;
    };
    pass(30_000);
    assert.equal(await burst(), 10);
    const refused = await ledger.admit(limits, amounts());
    assert.ok("gauge" in refused);
    assert.equal(refused.gauge.name, "requestsPerMinute");
    // One of ten is free when a tenth of this minute is a minute ago.
    assert.equal(refused.fitsAt, START + MINUTE + MINUTE / 10);
    pass(30_000 + MINUTE / 2);
    assert.equal(await burst(), 5);
    pass(2 * MINUTE);
    assert.equal(await burst(), 10);
  });
});

Deno.test("an answer is counted by what it used: more than was reserved is owed, less is free again", async () => {
  await withScene(async ({ instance }) => {
    const ledger = instance();
    const limits = { tokensPerMinute: 1000 };
    const usedNow = () => ledger.gauges(limits)[0]?.used;
    const first = await ledger.admit(limits, amounts({ tokens: 500 }));
    assert.ok(isIn(first));
    assert.equal(usedNow(), 500);
    ledger.settle(first, amounts({ tokens: 100 }));
    assert.equal(usedNow(), 100);
    const second = await ledger.admit(limits, amounts({ tokens: 100 }));
    assert.ok(isIn(second));
    ledger.settle(second, amounts({ tokens: 850 }));
    assert.equal(usedNow(), 950);
    const third = await ledger.admit(limits, amounts({ tokens: 100 }));
    assert.ok("gauge" in third);
  });
});

Deno.test("an answer that ends in another day is counted in the one in which it began", async () => {
  await withScene(async ({ instance, store, pass }) => {
    const ledger = instance();
    const limits = { tokensPerDay: 1000, tokensPerMonth: 5000 };
    pass(DAY / 2 - 1000);
    const reservation = await ledger.admit(limits, amounts({ dayTokens: 100 }));
    assert.ok(isIn(reservation));
    pass(2000);
    ledger.settle(reservation, amounts({ dayTokens: 700 }));
    assert.ok(isIn(await ledger.admit(limits, amounts({ dayTokens: 900 }))));
    await ledger.close();
    const day = Math.floor(START / DAY);
    assert.equal(await store.counter(["limits", "alice", "dayTokens", day]), 700);
    assert.equal(await store.counter(["limits", "alice", "dayTokens", day + 1]), 900);
    const full = await ledger.admit(limits, amounts({ dayTokens: 900 }));
    assert.ok("gauge" in full && full.gauge.name === "tokensPerDay");
    assert.equal(full.fitsAt, (day + 2) * DAY);
  });
});

Deno.test("a month is the sum of its days, and what is over is cleared away", async () => {
  await withScene(async ({ instance, store, pass }) => {
    const limits = { moneyPerMonth: 1 };
    const day = Math.floor(START / DAY);
    await store.add(["limits", "alice", "dayMoney", day - 40], 999_999);
    await store.add(["limits", "alice", "dayMoney", day - 3], 900_000);
    const ledger = instance();
    const full = await ledger.admit(limits, amounts({ dayMoney: 200_000 }));
    assert.ok("gauge" in full && full.gauge.name === "moneyPerMonth");
    assert.equal(full.fitsAt, Date.UTC(2026, 11));
    const left = await store.list(["limits"], { limit: 10 });
    assert.ok(left.every(({ key }) => key.at(-1) !== day - 40) && left.some(({ key }) => key.at(-1) === day - 3));
    pass(6 * DAY);
    assert.ok(isIn(await ledger.admit(limits, amounts({ dayMoney: 200_000 }))));
  });
});

Deno.test("while the storage is away, each instance keeps the limit by itself", async () => {
  await withScene(async ({ instance, store }) => {
    let told = 0;
    const ledger = instance({ alone: () => told++ });
    const limits = { requestsPerMinute: 20 };
    for (let at = 0; at < 5; at++) assert.ok(isIn(await ledger.admit(limits, amounts())));
    store.away = true;
    let admitted = 5;
    for (let at = 0; at < 40; at++) if (isIn(await ledger.admit(limits, amounts()))) admitted++;
    assert.equal(admitted, 20);
    assert.ok(told > 0);
  });
});

Deno.test("a storage that does not answer keeps no request waiting for long", async () => {
  await withScene(async ({ instance, store }) => {
    const ledger = instance();
    store.add = () => new Promise(() => {});
    const startedAt = performance.now();
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () => ledger.admit({ requestsPerMinute: 20 }, amounts())),
    );
    assert.equal(outcomes.filter(isIn).length, 20);
    assert.ok(performance.now() - startedAt < 5000);
    store.add = () => Promise.resolve();
    ledger.close = () => Promise.resolve();
  });
});
