/** What is left behind when nobody waits for a task any more: nothing here, and one word to the upstream. */

import assert from "node:assert/strict";
import { createPolling } from "../../../providers/polling/mod.ts";
import { sampleRequest } from "../../chat/sample_request.ts";
import { inFakeTime } from "../../support/fake_time.ts";
import { callOf, eventsOf, onScene, POLL, portsWith, type Reply, settingsOf, snapshot, until } from "./support.ts";

const REQUEST = sampleRequest({ model: "big-model" });
const RUNNING = snapshot("running", "Hel");
const GONE = new Error("The client left");

const FAILURE: Reply = { status: 500, body: "" };

const MOMENTS: [when: string, replies: Reply[], interval: number, polls: number][] = [
  ["while a poll is not answered", [RUNNING, "hang"], 10, 2],
  ["while the last poll that may fail is not answered", [FAILURE, FAILURE, FAILURE, FAILURE, "hang"], 1, 5],
  ["between two polls", [RUNNING], 60_000, 0],
];

for (const [when, replies, interval, polls] of MOMENTS) {
  Deno.test(`W6 W7 an abort ${when} ends the answer within 100 ms and calls the task off, once`, () =>
    onScene({ replies, settings: { poll: { ...POLL, interval, deadline: 0 } } }, async ({ provider, server }) => {
      const abort = new AbortController();
      const upstream = await provider.open(REQUEST, callOf({ signal: abort.signal }));
      const outcome = assert.rejects(eventsOf(upstream), GONE);
      await until(() => server.polls.length === polls);
      const before = performance.now();
      abort.abort(GONE);
      await outcome;
      await until(() => server.cancellations.length > 0);
      assert.ok(performance.now() - before < 100);
      upstream.beats.cancel();
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(
        server.cancellations.map(({ method, path, headers }) => [method, path, headers.get("authorization")]),
        [["POST", "/tasks/task%2F1/cancel", "Bearer key-1"]],
      );
    }));
}

Deno.test("W6 an abort in the very moment in which the task is accepted calls it off", async () => {
  const abort = new AbortController();
  // The first chance that is taken after the submission: for the wait before the first poll.
  const random = () => {
    abort.abort(GONE);
    return 0;
  };
  await onScene({ replies: [RUNNING], ports: { random } }, async ({ provider, server }) => {
    const { beats } = await provider.open(REQUEST, callOf({ signal: abort.signal }));
    await assert.rejects(beats.next(), GONE);
    await until(() => server.cancellations.length === 1);
    assert.equal(server.polls.length, 0);
  });
});

Deno.test("W6 an abort while the task is submitted rejects at once, and there is nothing to call off", () =>
  onScene({ accept: "hang", replies: [] }, async ({ provider, server }) => {
    const abort = new AbortController();
    const outcome = assert.rejects(provider.open(REQUEST, callOf({ signal: abort.signal })), GONE);
    await until(() => server.submissions.length === 1);
    const before = performance.now();
    abort.abort(GONE);
    await outcome;
    assert.ok(performance.now() - before < 100);
    await assert.rejects(provider.open(REQUEST, callOf({ signal: AbortSignal.abort(GONE) })), GONE);
    assert.equal(server.submissions.length, 1);
    assert.equal(server.cancellations.length, 0);
  }));

Deno.test("W6 an abort releases an answer that nobody reads", () =>
  onScene({ replies: [RUNNING] }, async ({ provider, server }) => {
    const abort = new AbortController();
    const { beats } = await provider.open(REQUEST, callOf({ signal: abort.signal }));
    abort.abort(GONE);
    await until(() => server.cancellations.length === 1);
    await assert.rejects(beats.next(), GONE);
  }));

Deno.test("W6 a reader who leaves calls the task off; without a path for that it is only left", () =>
  onScene({ replies: [RUNNING, "hang"] }, async ({ provider, server }) => {
    const { cancel: _, ...settings } = settingsOf(server.url);
    for (const own of [createPolling(settings, portsWith()), provider]) {
      const { beats } = await own.open(REQUEST, callOf());
      await beats.next();
      await beats.next();
      const pending = beats.next().catch(() => undefined);
      beats.cancel();
      assert.equal(await pending, undefined);
    }
    await until(() => server.cancellations.length > 0);
    assert.deepEqual(server.cancellations.map(({ path }) => path), ["/tasks/task%2F2/cancel"]);
  }));

Deno.test("V16 however an answer ends, it leaves no listener on the call's signal", async () => {
  const replies: Reply[][] = [[snapshot("succeeded", "Hello")], [snapshot("failed")], [{ status: 401, body: "" }]];
  for (const each of replies) {
    await onScene({ replies: each }, async ({ provider }) => {
      const signal = countingSignal();
      const upstream = await provider.open(REQUEST, callOf({ signal }));
      assert.ok(signal.listeners() > 0);
      await eventsOf(upstream).catch(() => {});
      assert.equal(signal.listeners(), 0);
    });
  }
  await onScene({ replies: [], accept: { status: 500, body: "" } }, async ({ provider }) => {
    const signal = countingSignal();
    await provider.open(REQUEST, callOf({ signal })).catch(() => {});
    assert.equal(signal.listeners(), 0);
  });
});

Deno.test("W7 polls come in the interval, after Retry-After where it is given, and stop at the deadline", () =>
  inFakeTime(async (time) => {
    const polls: number[] = [];
    const replies = [{}, {}, { "retry-after": "9" }, {}, { "retry-after-ms": "100" }, {}];
    const { provider, calledOff } = fakeApi((turn) => {
      polls.push(performance.now());
      return Response.json(RUNNING.body, { headers: replies[turn] ?? {} });
    });
    const begun = performance.now();
    const failed = assert.rejects(eventsOf(await provider.open(REQUEST, callOf({ timeouts: NO_LIMITS }))), {
      kind: "upstream-timeout",
      code: "total_timeout",
    });
    await time.pass(60_000);
    await failed;
    const waits = polls.map((at, turn) => Math.round(at - (polls[turn - 1] ?? begun)));
    assert.deepEqual(waits.slice(0, 6), [5000, 1000, 1000, 9000, 1000, 1000]);
    assert.equal(polls.at(-1), begun + 29_000);
    assert.deepEqual(calledOff, [begun + 30_000]);
  }));

Deno.test("W6 a task that does not take its cancellation is given a second, and nobody waits for it", () =>
  inFakeTime(async (time) => {
    const ended: number[] = [];
    const { provider } = fakeApi(() => Response.json(RUNNING.body), (signal) => {
      signal.addEventListener("abort", () => ended.push(performance.now()));
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    const { beats } = await provider.open(REQUEST, callOf({ timeouts: NO_LIMITS }));
    beats.cancel();
    const left = performance.now();
    await time.pass(999);
    assert.deepEqual(ended, []);
    await time.pass(1);
    assert.deepEqual(ended, [left + 1000]);
  }));

const NO_LIMITS = { connect: 0, headers: 0, firstContent: 0, idle: 0, total: 0 };

/** A task API without a network, for tests in fake time. It accepts with a Retry-After of five seconds. */
function fakeApi(
  poll: (turn: number) => Response,
  cancel: (signal: AbortSignal) => Promise<Response> = () => Promise.resolve(new Response()),
) {
  let turn = 0;
  const calledOff: number[] = [];
  const fetch = (input: string | URL | Request, init: RequestInit = {}) => {
    const { pathname } = new URL(String(input));
    if (pathname === "/tasks") {
      return Promise.resolve(Response.json({ data: { id: 1 } }, { status: 202, headers: { "retry-after": "5" } }));
    }
    if (pathname === "/tasks/1") return Promise.resolve(poll(turn++));
    calledOff.push(performance.now());
    return cancel(init.signal as AbortSignal);
  };
  const settings = settingsOf("http://host", { poll: { ...POLL, interval: 1000, deadline: 30_000 } });
  return { provider: createPolling(settings, portsWith({ fetch })), calledOff };
}

function countingSignal(): AbortSignal & { listeners(): number } {
  const { signal } = new AbortController();
  const alive = new Set<() => boolean>();
  const add = signal.addEventListener;
  const counting = Object.assign(signal, { listeners: () => [...alive].filter((isAlive) => isAlive()).length });
  signal.addEventListener = (...[type, listener, options]: Parameters<typeof add>) => {
    const until = typeof options === "object" ? options.signal : undefined;
    alive.add(() => !(until?.aborted ?? false));
    add.call(signal, type, listener, options);
  };
  return counting;
}
