import assert from "node:assert/strict";
import { GatewayError } from "../../chat/error.ts";
import { estimateInput } from "../../chat/estimate_usage.ts";
import { createTokenCounts, type TokenCount, type TokenQuestion } from "../../gateway/token_counts.ts";
import type { Call, Provider } from "../../providers/provider.ts";
import { delay } from "../../streaming/timer.ts";
import { sampleRequest, user } from "../chat/sample_request.ts";
import { inFakeTime } from "../support/fake_time.ts";

const TIMEOUTS = { connect: 0, headers: 0, firstContent: 0, idle: 0, total: 0 };

/** Counts over a provider that counts as told, with the calls it got and a clock. */
function setUp(countTokens?: (call: Call) => Promise<number>) {
  const calls: Call[] = [];
  const lines: { level: string; fields: Record<string, unknown> }[] = [];
  const provider: Provider = {
    name: "up",
    dialectFor: () => "anthropic",
    open: () => Promise.reject(new Error("nothing is to be answered")),
    listModels: () => Promise.resolve([]),
    ...(countTokens && {
      countTokens(_request, call) {
        calls.push(call);
        return countTokens(call);
      },
    }),
  };
  const clock = { now: 1_000_000 };
  const log = (level: string) => (_message: string, fields = {}) => void lines.push({ level, fields });
  const count = createTokenCounts({
    now: () => clock.now,
    log: { debug: log("debug"), warn: log("warn") },
  });
  const candidate = { provider, model: "model", facts: {}, config: { timeouts: TIMEOUTS } };
  const ask = (text: string, changes: Partial<TokenQuestion> = {}): Promise<TokenCount> =>
    count({
      request: sampleRequest({ messages: [user(text)] }),
      candidate,
      text,
      id: "req_1",
      key: undefined,
      ...changes,
    });
  return { ask, candidate, calls, clock, lines };
}

const TOLD = { tokens: 777, estimated: false };
const tell = () => Promise.resolve(777);
const names = (count: number) => Array.from({ length: count }, (_, at) => `tool ${at}`);

Deno.test("the upstream's count is given as it is, a provider that cannot count is counted for", async () => {
  assert.deepEqual(await setUp(tell).ask("Hi"), TOLD);
  const { tokens, estimated } = await setUp().ask("word ".repeat(500));
  assert.equal(estimated, true);
  assert.ok(tokens > 500 && tokens < 520, `${tokens}`);
});

Deno.test("Q2 the local count weighs every part as the estimate of usage does, only its texts better", async () => {
  const request = sampleRequest({
    messages: [{ role: "user", parts: [{ type: "audio", data: "AAAA", format: "wav" }] }],
  });
  assert.equal((await setUp().ask("", { request })).tokens, estimateInput(request));
});

Deno.test("Q3 of 50 questions at once a few go to the upstream, and all are answered", async () => {
  const { ask, calls } = setUp(async ({ signal }) => {
    await delay(5, signal);
    return 777;
  });
  const answers = await Promise.all(names(50).map((name) => ask(name)));
  assert.equal(calls.length, 4);
  assert.equal(answers.filter(({ estimated }) => !estimated).length, 4);
  assert.ok(answers.every(({ tokens }) => tokens > 1));
});

Deno.test("Q3 of 50 questions one after another within a second a few go to the upstream", async () => {
  const { ask, calls, clock } = setUp(tell);
  for (const name of names(50)) {
    await ask(name);
    clock.now += 19;
  }
  assert.equal(calls.length, 4);
  clock.now += 1000;
  assert.deepEqual(await ask("later"), TOLD);
});

Deno.test("Q3 the same question is asked once a minute, also while its answer is awaited", async () => {
  const { ask, calls, clock } = setUp(tell);
  assert.deepEqual(await Promise.all([ask("Hi"), ask("Hi")]), [TOLD, TOLD]);
  clock.now += 59_000;
  assert.deepEqual(await ask("Hi"), TOLD);
  assert.equal(calls.length, 1);
  clock.now += 2000;
  await ask("Hi");
  assert.equal(calls.length, 2);
});

Deno.test("a question of another client, with other headers or to another model is another question", async () => {
  const { ask, calls, clock, candidate } = setUp(tell);
  const request = sampleRequest({ messages: [user("Hi")] });
  const asked: Partial<TokenQuestion>[] = [
    {},
    { key: "alice" },
    { key: "bob" },
    { request: { ...request, source: { ...request.source, headers: { "anthropic-beta": "a" } } } },
    { candidate: { ...candidate, model: "other" } },
  ];
  for (const changes of asked) {
    await ask("Hi", changes);
    clock.now += 1000;
  }
  assert.equal(calls.length, asked.length);
});

Deno.test("Q3 an upstream that fails is left alone for a minute, or as long as it asked for", async () => {
  const cases: [error: GatewayError, pause: number][] = [
    [new GatewayError("upstream-auth", "No"), 60_000],
    [new GatewayError("unknown-model", "No"), 60_000],
    [new GatewayError("rate-limit", "No", { retryAfter: 90_000 }), 90_000],
    [new GatewayError("rate-limit", "No", { retryAfter: 2000 }), 60_000],
  ];
  for (const [error, pause] of cases) {
    const { ask, calls, clock, lines } = setUp(() => Promise.reject(error));
    const first = await ask("a");
    assert.ok(first.estimated && first.tokens > 1);
    assert.equal(lines[0]?.fields.error, error.kind);
    clock.now += pause - 1000;
    await ask("b");
    assert.equal(calls.length, 1, error.kind);
    clock.now += 2000;
    await ask("c");
    assert.equal(calls.length, 2, error.kind);
  }
});

Deno.test("a question that the upstream refuses for what it is says nothing about the next one", async () => {
  const { ask, calls, clock } = setUp(() => Promise.reject(new GatewayError("context-length", "No")));
  assert.equal((await ask("a")).estimated, true);
  clock.now += 1000;
  await ask("b");
  assert.equal(calls.length, 2);
});

Deno.test("an upstream that takes longer than five seconds is not waited for, and its call is ended", async () => {
  await inFakeTime(async ({ pass }) => {
    const { ask, calls } = setUp(({ signal }) => delay(60_000, signal).then(() => 777));
    const asked = ask("Hi");
    await pass(4999);
    assert.equal(calls[0]?.signal.aborted, false);
    await pass(1);
    assert.equal((await asked).estimated, true);
    assert.equal(calls[0]?.signal.aborted, true);
  });
});
