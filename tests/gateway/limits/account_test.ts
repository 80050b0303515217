import assert from "node:assert/strict";
import { createAccount } from "../../../gateway/limits/account.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const NOTHING = { requests: 0, tokens: 0, dayTokens: 0, dayMoney: 0 };

Deno.test("what fits exactly into what a limit leaves is not refused, be it leased yet or not", () => {
  const account = createAccount();
  account.limit({ tokensPerMinute: 100 });
  const refused = (tokens: number) => account.refusal({ ...NOTHING, tokens }, NOW)?.gauge.name;
  assert.deepEqual([refused(100), refused(101)], [undefined, "tokensPerMinute"]);
  assert.ok(account.take({ ...NOTHING, tokens: 40 }, "alone", NOW));
  assert.deepEqual([refused(60), refused(61)], [undefined, "tokensPerMinute"]);
});
