import assert from "node:assert/strict";
import fc from "fast-check";
import { anthropic } from "../../dialects/anthropic/mod.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { replyFolder } from "../../chat/reply_folder.ts";
import type { Beat } from "../../chat/event.ts";
import type { Usage } from "../../chat/usage.ts";
import { costOf, costOfTiers } from "../../gateway/cost.ts";
import { createPriceBook } from "../../gateway/price_book.ts";
import { TIERS, tiersOf } from "../../records/token_tiers.ts";
import { configOf } from "../support/config.ts";

const PRICES = { input: 2, output: 10, cache_read: 0.2, cache_write: 2.5, cache_write_hour: 4 };

const close = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? NaN) - expected) < 1e-12, `${actual} is not ${expected}`);

Deno.test("U3 each tier is billed once: input without cached and written tokens, both writes, output with its thoughts", () => {
  const usage = { input: 1_000, cached: 600, cacheWrite: 200, cacheWriteHour: 100, output: 500, reasoning: 300 };
  const { total, ...tiers } = costOf(usage, PRICES)!;
  const expected = {
    input: 100 * 2,
    cached: 600 * 0.2,
    cacheWrite: 200 * 2.5,
    cacheWriteHour: 100 * 4,
    output: 200 * 10,
    reasoning: 300 * 10,
  };
  for (const tier of TIERS) close(tiers[tier], expected[tier] / 1e6);
  close(total, (200 + 120 + 500 + 400 + 5_000) / 1e6);
});

Deno.test("U3 thoughts are billed at their own price where they have one, and then not as output", () => {
  close(costOf({ input: 0, output: 500, reasoning: 300 }, { ...PRICES, reasoning: 20 })?.total, (2_000 + 6_000) / 1e6);
});

Deno.test("U3 counts that do not add up are never billed below nothing, nor is a token billed twice", () => {
  const usage = fc.record({
    input: fc.nat(),
    output: fc.nat(),
    cached: fc.nat(),
    cacheWrite: fc.nat(),
    reasoning: fc.nat(),
  });
  fc.assert(fc.property(usage, (counts) => {
    const tiers = tiersOf(counts);
    for (const tier of TIERS) assert.ok(tiers[tier] >= 0, tier);
    assert.equal(tiers.output + tiers.reasoning, counts.output);
  }));
});

Deno.test("an unknown price makes the cost unknown, never 0; a price of 0 is known, and what was not used needs none", () => {
  const plain = { input: 2, output: 10 };
  assert.equal(costOf({ input: 1, output: 1 }, undefined), undefined);
  assert.equal(costOf({ input: 10, cached: 1, output: 1 }, plain), undefined);
  assert.equal(costOf({ input: 10, cacheWriteHour: 1, output: 1 }, { ...plain, cache_write: 2.5 }), undefined);
  assert.equal(costOf({ input: 10, output: 1 }, { input: 0, output: 0 })?.total, 0);
  close(costOf({ input: 10, cached: 0, output: 1 }, plain)?.total, 30 / 1e6);
});

Deno.test("a tariff's prices stand in for the plain ones, what it does not name stays, and one that is gone is billed as none", () => {
  const prices = { ...PRICES, tariffs: { long: { above: 100, input: 4, output: 15 } } };
  const usage = { input: 300, cached: 100, output: 50 };
  close(costOf(usage, prices, "long")?.total, (200 * 4 + 100 * 0.2 + 50 * 15) / 1e6);
  for (const tariff of [undefined, "gone"]) {
    close(costOf(usage, prices, tariff)?.total, (200 * 2 + 100 * 0.2 + 50 * 10) / 1e6);
  }
});

Deno.test("tiers can be added up first and billed later", () => {
  const usages: Usage[] = [{ input: 10, cached: 4, output: 3 }, { input: 7, cacheWrite: 2, output: 9, reasoning: 9 }];
  const sum = tiersOf({ input: 0, output: 0 });
  for (const usage of usages) for (const tier of TIERS) sum[tier] += tiersOf(usage)[tier];
  const single = usages.reduce((total, usage) => total + costOf(usage, PRICES)!.total, 0);
  close(costOfTiers(sum, PRICES)?.total, single);
});

/** What an upstream's counts come to, streamed or whole. */
function usageOf({ events }: Beat): Usage | undefined {
  const folder = replyFolder();
  folder.push(events);
  return folder.reply().usage;
}

function wholeUsage(dialect: Dialect, body: unknown): Usage {
  return usageOf(dialect.parseResponse(body, JSON.stringify(body), {}))!;
}

Deno.test("U9 a streamed answer costs what the whole one costs, whatever the upstream says that it cost", () => {
  const usage = {
    prompt_tokens: 1_000,
    completion_tokens: 50,
    total_tokens: 1_050,
    prompt_tokens_details: { cached_tokens: 400 },
    completion_tokens_details: { reasoning_tokens: 20 },
  };
  const message = { role: "assistant", content: "Hi" };
  const whole = (cost: number) => ({
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message, finish_reason: "stop" }],
    usage: { ...usage, cost },
  });
  const parser = openaiChat.eventParser({});
  const chunk = {
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [],
    usage: { ...usage, cost: 0 },
  };
  const streamed = usageOf(parser.push({ data: JSON.stringify(chunk) }))!;
  const costs = [wholeUsage(openaiChat, whole(0)), wholeUsage(openaiChat, whole(99)), streamed]
    .map((told) => costOf(told, PRICES)?.total);
  for (const cost of costs) close(cost, (600 * 2 + 400 * 0.2 + 50 * 10) / 1e6);
});

Deno.test("U3 Anthropic's cache tiers, which it counts beside the input, are each billed once", () => {
  const usage = {
    input_tokens: 3,
    output_tokens: 10,
    cache_read_input_tokens: 100,
    cache_creation_input_tokens: 30,
    cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
  };
  const content = [{ type: "text", text: "Hi" }];
  const body = { id: "m", type: "message", role: "assistant", model: "m", content, stop_reason: "end_turn", usage };
  close(
    costOf(wholeUsage(anthropic, body), PRICES)?.total,
    (3 * 2 + 100 * 0.2 + 10 * 2.5 + 20 * 4 + 10 * 10) / 1e6,
  );
});

Deno.test("prices are those of the upstream's model at its provider, under the vendor's name where that says more", () => {
  const models = {
    models: {
      "openai/m": { prices: { input: 1, output: 2 } },
      "up/m": { prices: { input: 3, output: 4 } },
    },
  };
  const env = { OPENAI_API_KEY: "k123", PROVIDER_UP_TYPE: "openai", PROVIDER_UP_ENDPOINT: "https://up.test" };
  const pricesOf = createPriceBook(configOf({ env, models }));
  assert.deepEqual(pricesOf("openai", "m"), { input: 1, output: 2 });
  assert.deepEqual(pricesOf("up", "m"), { input: 3, output: 4 });
  for (const [provider, model] of [["up", "n"], ["gone", "m"], [undefined, "m"], ["up", undefined]]) {
    assert.equal(pricesOf(provider, model), undefined);
  }
});
