import assert from "node:assert/strict";
import { createAccount } from "../../../gateway/limits/account.ts";
import type { Trust } from "../../../gateway/limits/grants.ts";
import { createLeaseQueue } from "../../../gateway/limits/lease_queue.ts";
import type { Amounts } from "../../../gateway/limits/measures.ts";
import { inFakeTime } from "../../support/fake_time.ts";

const AMOUNTS = { requests: 1, tokens: 0, dayTokens: 0, dayMoney: 0 };

Deno.test("who has waited for a second decides by what is known here, and takes nothing of the lease that comes later", () =>
  inFakeTime(async ({ pass }) => {
    const account = createAccount();
    account.limit({ requestsPerMinute: 10 });
    const taken: Trust[] = [];
    const take = (amounts: Amounts, trust: Trust, now: number) => {
      taken.push(trust);
      return account.take(amounts, trust, now);
    };
    const leasing = Promise.withResolvers<void>();
    const queue = createLeaseQueue({
      ...{ account: { ...account, take }, refill: () => leasing.promise, now: () => 0, random: () => 0 },
      closing: new AbortController().signal,
    });
    const waiting = queue.wait(AMOUNTS);
    await pass(999);
    assert.deepEqual([queue.demand(), taken], [[AMOUNTS], []]);
    await pass(1);
    assert.ok("amounts" in await waiting);
    leasing.resolve();
    await pass(1000);
    assert.deepEqual([queue.demand(), taken], [[], ["alone"]]);
  }));
