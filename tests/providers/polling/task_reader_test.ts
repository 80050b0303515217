import assert from "node:assert/strict";
import type { ErrorKind } from "../../../chat/error.ts";
import { GatewayError } from "../../../chat/error.ts";
import type { ChatEvent } from "../../../chat/event.ts";
import type { TaskAnswer } from "../../../providers/polling/task_api.ts";
import { type Step, taskReader, TOLERATED } from "../../../providers/polling/task_reader.ts";
import { POLL, snapshot } from "./support.ts";

const SETTINGS = { ...POLL, interval: 1000, deadline: 60_000 };

function reader(changes: Partial<typeof SETTINGS> = {}, random = 0) {
  return taskReader({ ...SETTINGS, ...changes }, () => random);
}

function answer({ body }: { body: unknown }, more: Partial<TaskAnswer> = {}): TaskAnswer {
  return { status: 200, text: JSON.stringify(body), retryAfter: undefined, ...more };
}

function status(status: number, retryAfter?: number): TaskAnswer {
  return { status, text: `status ${status}`, retryAfter };
}

const AGAIN = { type: "poll", after: 1000 } as const;
const STOP: ChatEvent = { type: "finish", reason: "stop" };
const text = (text: string): ChatEvent => ({ type: "text", text });

/** Answers in the order of their polls, and what each is worth. */
const RUNS: [what: string, steps: [TaskAnswer, Step][]][] = [
  ["W7 queued, running, done: the text grows, and the last answer is read and is the last", [
    [answer(snapshot("queued")), { events: [], next: AGAIN }],
    [answer(snapshot("running", null)), { events: [], next: AGAIN }],
    [answer(snapshot("running", "Hel")), { events: [text("Hel")], next: AGAIN }],
    [answer(snapshot("running", "Hel")), { events: [], next: AGAIN }],
    [answer(snapshot("running", "Hello")), { events: [text("lo")], next: AGAIN }],
    [answer(snapshot("succeeded", "Hello!")), { events: [text("!"), STOP], next: { type: "end" } }],
  ]],
  ["W7 a state that is in no list means that the task goes on, and so does none", [
    [answer(snapshot("warming-up", "a")), { events: [text("a")], next: AGAIN }],
    [answer({ body: {} }), { events: [], next: AGAIN }],
    [answer(snapshot({ succeeded: true })), { events: [], next: AGAIN }],
    [answer(snapshot(null)), { events: [], next: AGAIN }],
  ]],
  ["a state is the same in any case", [
    [answer(snapshot("SUCCEEDED", "a")), { events: [text("a"), STOP], next: { type: "end" } }],
  ]],
  ["W1 a rewritten text brings the new one from where the two part, a shorter one nothing, and none twice", [
    [answer(snapshot("running", "Hello wrold")), { events: [text("Hello wrold")], next: AGAIN }],
    [answer(snapshot("running", "Hello")), { events: [], next: AGAIN }],
    [answer(snapshot("running", "Hello wrold")), { events: [], next: AGAIN }],
    [answer(snapshot("succeeded", "Hello world")), { events: [text("orld"), STOP], next: { type: "end" } }],
  ]],
  ["W1 a pair of surrogates that two answers share is not cut", [
    [answer(snapshot("running", "a\ud83d")), { events: [text("a")], next: AGAIN }],
    [answer(snapshot("succeeded", "a🙂")), { events: [text("🙂"), STOP], next: { type: "end" } }],
  ]],
  ["W1 thoughts grow apart from the text, and come before it", [
    [answer(snapshot("running", "", { thinking: "Hm" })), {
      events: [{ type: "reasoning", text: "Hm" }],
      next: AGAIN,
    }],
    [answer(snapshot("running", "So", { thinking: "Hm, 42" })), {
      events: [{ type: "reasoning", text: ", 42" }, text("So")],
      next: AGAIN,
    }],
  ]],
  ["W1 a text in pieces is their sum", [
    [answer(snapshot("running", [])), { events: [], next: AGAIN }],
    [answer(snapshot("running", ["He", "l"])), { events: [text("Hel")], next: AGAIN }],
    [answer(snapshot("succeeded", ["He", "llo"])), { events: [text("lo"), STOP], next: { type: "end" } }],
  ]],
  ["counts are told at the end, if both are there", [
    [answer(snapshot("running", "a", { in: 3, out: 1 })), { events: [text("a")], next: AGAIN }],
    [answer(snapshot("succeeded", "a", { in: 3, out: 2 })), {
      events: [{ type: "usage", usage: { input: 3, output: 2 } }, STOP],
      next: { type: "end" },
    }],
  ]],
  ["a count alone is none", [
    [answer(snapshot("succeeded", "a", { in: 3 })), { events: [text("a"), STOP], next: { type: "end" } }],
  ]],
  ["a text that the last answer leaves out is complete", [
    [answer(snapshot("running", "Hello")), { events: [text("Hello")], next: AGAIN }],
    [answer({ body: { data: { status: "succeeded" } } }), { events: [STOP], next: { type: "end" } }],
  ]],
  ["W7 an empty text is an answer of the model's", [
    [answer(snapshot("succeeded", "")), { events: [STOP], next: { type: "end" } }],
    [answer(snapshot("succeeded", null)), { events: [STOP], next: { type: "end" } }],
  ]],
];

for (const [what, steps] of RUNS) {
  Deno.test(what, () => {
    const { push } = reader();
    for (const [polled, step] of steps) assert.deepEqual(push(polled), step, polled.text);
  });
}

Deno.test("states that are no texts are told by their text", () => {
  const { push } = reader({ done: ["true", "2"] });
  assert.deepEqual(push(answer(snapshot(false, ""))).next, AGAIN);
  assert.deepEqual(push(answer(snapshot(true, ""))).next, { type: "end" });
  assert.deepEqual(push(answer(snapshot(2, ""))).next, { type: "end" });
});

/** An answer that ends it at once. `end`: the task is over; `give-up`: it may go on. */
const ENDS: [what: string, polled: TaskAnswer, type: "end" | "give-up", kind: ErrorKind, detail: RegExp][] = [
  [
    "W7 a task that failed",
    answer({ body: { data: { status: "failed", error: "out of memory" } } }),
    "end",
    "upstream-failure",
    /^out of memory$/,
  ],
  ["W7 a task that expired, without a reason", answer(snapshot("Expired")), "end", "upstream-failure", /"Expired"/],
  ["W7 a task that is not found", status(404), "end", "upstream-failure", /^status 404$/],
  ["W7 a task that is gone", status(410), "end", "upstream-failure", /^status 410$/],
  ["W7 a key that is refused", status(401), "give-up", "upstream-auth", /401/],
  ["W7 an account that may not", status(403), "give-up", "upstream-auth", /403/],
  ["W7 an account without money", status(402), "give-up", "upstream-quota", /402/],
  ["W7 a poll that is refused, which is never the client's fault", status(400), "give-up", "upstream-failure", /400/],
  ["W7 a redirect, which is not followed", status(302), "give-up", "upstream-failure", /302/],
  [
    "W7 a page of HTML",
    { ...status(200), text: "<html>Sign in</html>" },
    "give-up",
    "upstream-malformed",
    /^<html>Sign in<\/html>$/,
  ],
  ["W7 JSON that is no table", { ...status(200), text: '"done"' }, "give-up", "upstream-malformed", /done/],
  ["a text that is none", answer(snapshot("running", { a: 1 })), "give-up", "upstream-malformed", /"a":1/],
  ["a list that is no text", answer(snapshot("running", ["a", 1])), "give-up", "upstream-malformed", /\["a",1\]/],
  [
    "a text that is elsewhere than the settings say",
    answer({ body: { data: { status: "succeeded", result: "Hello" } } }),
    "end",
    "upstream-malformed",
    /"result":"Hello"/,
  ],
];

for (const [what, polled, type, kind, detail] of ENDS) {
  Deno.test(`${what} is ${kind}, at once and without a word of text`, () => {
    const { push } = reader();
    const { events, next } = push(polled);
    assert.deepEqual(events, []);
    assert.equal(next.type, type);
    assert.ok(next.error instanceof GatewayError);
    assert.equal(next.error.kind, kind);
    assert.match(next.error.detail ?? "", detail);
    assert.ok(!next.error.message.includes(next.error.detail ?? ""));
  });
}

Deno.test("W7 a task that is no longer known is told by its code", () => {
  const { next } = reader().push(status(404));
  assert.ok(next.type === "end" && next.error?.code === "task_gone");
});

Deno.test("what a failed task has written is left unsaid", () => {
  const { push } = reader();
  assert.deepEqual(push(answer(snapshot("failed", "Hel"))).events, []);
});

const STUMBLES: [what: string, kind: ErrorKind, stumble: (task: ReturnType<typeof reader>) => Step][] = [
  ["a 500", "upstream-failure", ({ push }) => push(status(500))],
  ["a 503", "overloaded", ({ push }) => push(status(503))],
  ["a 408", "upstream-timeout", ({ push }) => push(status(408))],
  ["a 429", "rate-limit", ({ push }) => push(status(429))],
  ["a lost connection", "upstream-cut", ({ miss }) => miss(new GatewayError("upstream-cut", "Cut"))],
];

for (const [what, kind, stumble] of STUMBLES) {
  Deno.test(`W7 ${what} is tolerated ${TOLERATED} times in a row, each time for longer, and no more`, () => {
    const task = reader();
    const waits = Array.from({ length: TOLERATED }, () => stumble(task));
    assert.deepEqual(waits, [2000, 4000, 8000, 16_000].map((after) => ({ events: [], next: { type: "poll", after } })));
    const { next } = stumble(task);
    assert.ok(next.type === "give-up" && next.error.kind === kind);
  });

  Deno.test(`W7 ${what} is forgotten when an answer came`, () => {
    const task = reader();
    for (let turn = 0; turn < 3; turn++) {
      for (let failure = 0; failure < TOLERATED; failure++) assert.equal(stumble(task).next.type, "poll");
      assert.deepEqual(task.push(answer(snapshot("running"))).next, AGAIN);
    }
  });
}

const WAITS: [what: string, retryAfter: number | undefined, random: number, after: number][] = [
  ["the interval where nothing else is said", undefined, 0, 1000],
  ["up to a quarter longer, by chance", undefined, 0.999, 1249.75],
  ["as long as the upstream says", 7000, 0, 7000],
  ["and a little longer, by chance", 7000, 0.5, 7125],
  ["no shorter than the interval, whatever the upstream says", 10, 0, 1000],
];

for (const [what, retryAfter, random, after] of WAITS) {
  Deno.test(`W7 between polls it waits ${what}`, () => {
    const task = reader({}, random);
    const next = { type: "poll", after };
    assert.deepEqual(task.begin(retryAfter), next);
    assert.deepEqual(task.push(answer(snapshot("running"), { retryAfter })).next, next);
  });
}

Deno.test("W7 Retry-After of a 429 or a 503 is kept as well", () => {
  assert.deepEqual(reader().push(status(429, 9000)).next, { type: "poll", after: 9000 });
  assert.deepEqual(reader().push(status(503, 9000)).next, { type: "poll", after: 9000 });
});

Deno.test("W7 a wait beyond the deadline ends it now, unless there is none", () => {
  const { next } = reader().push(answer(snapshot("running"), { retryAfter: 60_001 }));
  assert.ok(next.type === "give-up" && next.error.code === "total_timeout");
  const begin = reader().begin(86_400_000);
  assert.equal(begin.type, "give-up");
  const patient = reader({ deadline: 0 }).push(answer(snapshot("running"), { retryAfter: 60_001 }));
  assert.deepEqual(patient.next, { type: "poll", after: 60_001 });
});
