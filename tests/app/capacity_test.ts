import assert from "node:assert/strict";
import { ask, CALLER_LIST } from "../support/callers.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { parseMetrics } from "../support/prometheus.ts";

async function withCapacity(env: Record<string, string>, run: (gateway: TestGateway) => Promise<void>): Promise<void> {
  const gateway = startGateway({ env: { MAX_CONCURRENT: "2", METRICS: "open", ...env } });
  try {
    await run(gateway);
  } finally {
    await gateway.close();
  }
}

/** Streams that go on until they are left. */
async function hold(gateway: TestGateway, count: number) {
  const leaving = new AbortController();
  const init = { signal: leaving.signal };
  const held = await Promise.all(
    Array.from({ length: count }, () => gateway.chat({ model: "demo/hang", stream: true }, init)),
  );
  return {
    held,
    async leave() {
      leaving.abort();
      await Promise.all(held.map((response) => response.text().catch(() => {})));
    },
  };
}

async function requestsOf({ url }: TestGateway): Promise<{ running: number; queued: number; refused: number }> {
  return (await (await fetch(`${url}/health`)).json()).requests;
}

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail("it never came to be so");
}

Deno.test("load above the places and the queue is refused at once in every dialect, while running streams go on", async () => {
  await withCapacity({ MAX_QUEUE: "0", KEEP_ALIVE_INTERVAL: "20" }, async (gateway) => {
    const { held, leave } = await hold(gateway, 2);
    for (const caller of CALLER_LIST) {
      const response = await ask(gateway.url, caller, { model: "demo/echo", stream: true });
      assert.equal(response.status, caller.dialect === "anthropic" ? 529 : 503, caller.dialect);
      assert.ok(Number(response.headers.get("retry-after")) > 0);
      assert.equal(response.headers.get("x-should-retry"), null);
      const { message, word } = caller.refusal(await response.json());
      assert.equal(message, "Cannot answer as the gateway has too many requests under way");
      if (caller.dialect === "anthropic") assert.equal(word, "overloaded_error");
    }
    const reader = held[0]!.body!.getReader();
    for (let pings = 0; pings < 3; pings++) assert.equal((await reader.read()).done, false);
    reader.releaseLock();
    assert.deepEqual(await requestsOf(gateway), { running: 2, queued: 0, refused: 5 });
    const metrics = parseMetrics(await (await fetch(`${gateway.url}/metrics`)).text());
    assert.equal(metrics.sum("anystream_running_requests", {}), 2);
    assert.equal(metrics.sum("anystream_refused_requests_total", {}), 5);
    await leave();
    await eventually(async () => (await requestsOf(gateway)).running === 0);
    const response = await gateway.chat({ model: "demo/echo" });
    await response.body?.cancel();
    assert.equal(response.status, 200);
  });
});

Deno.test("a request waits in the queue until a place is free, first come first served", async () => {
  await withCapacity({ MAX_CONCURRENT: "1" }, async (gateway) => {
    const { leave } = await hold(gateway, 1);
    const ended: number[] = [];
    const waiting: Promise<void>[] = [];
    for (const at of [1, 2, 3]) {
      waiting.push(
        gateway.chat({ model: "demo/echo" }).then(async (response) => {
          await response.text();
          assert.equal(response.status, 200);
          ended.push(at);
        }),
      );
      await eventually(async () => (await requestsOf(gateway)).queued === at);
    }
    assert.deepEqual(ended, []);
    await leave();
    await Promise.all(waiting);
    assert.deepEqual(ended, [1, 2, 3]);
  });
});

Deno.test("a request that has waited too long is refused, and a client that leaves the queue is forgotten", async () => {
  await withCapacity({ MAX_CONCURRENT: "1", QUEUE_TIMEOUT: "300" }, async (gateway) => {
    const { leave } = await hold(gateway, 1);
    const leaving = new AbortController();
    const gone = gateway.chat({ model: "demo/echo" }, { signal: leaving.signal }).catch(() => undefined);
    await eventually(async () => (await requestsOf(gateway)).queued === 1);
    leaving.abort();
    await gone;
    await eventually(async () => (await requestsOf(gateway)).queued === 0);
    const late = await gateway.chat({ model: "demo/echo" });
    await late.body?.cancel();
    assert.equal(late.status, 503);
    assert.deepEqual(await requestsOf(gateway), { running: 1, queued: 0, refused: 1 });
    await leave();
  });
});
