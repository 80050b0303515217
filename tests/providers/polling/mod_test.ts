import assert from "node:assert/strict";
import type { ErrorKind } from "../../../chat/error.ts";
import { createPolling } from "../../../providers/polling/mod.ts";
import { drain } from "../../../streaming/pull.ts";
import { sampleRequest } from "../../chat/sample_request.ts";
import {
  callOf,
  eventsOf,
  onScene,
  patience,
  POLL,
  portsWith,
  type Reply,
  settingsOf,
  snapshot,
  textsIn,
  until,
  untilFailure,
} from "./support.ts";

const REQUEST = sampleRequest({ model: "big-model" });
const RUNNING = snapshot("running", "Hel");
const DONE = snapshot("succeeded", "Hello");

Deno.test("W7 W8 a task becomes one legal stream: start, deltas, counts, finish; the last poll is read, and none follows", () =>
  onScene({
    replies: [
      snapshot("queued"),
      snapshot("running", "Hel", { thinking: "Hm" }),
      snapshot("succeeded", "Hello", { thinking: "Hm", in: 3, out: 2 }),
      snapshot("running", "more and more"),
    ],
  }, async ({ provider, server }) => {
    for (const stream of [true, false]) {
      const upstream = await provider.open(REQUEST, callOf({ stream }));
      assert.deepEqual([upstream.form, upstream.dialect, upstream.lost], ["stream", undefined, []]);
      const beats = (await drain(upstream.beats)).flat();
      const [start, ...rest] = beats.flatMap((beat) => beat.events);
      assert.ok(start?.type === "start" && start.id !== "" && start.model === "big-model");
      assert.ok(Math.abs((start.created ?? 0) - Date.now() / 1000) < 5);
      assert.deepEqual(rest, [
        { type: "reasoning", text: "Hm" },
        { type: "text", text: "Hel" },
        { type: "text", text: "lo" },
        { type: "usage", usage: { input: 3, output: 2 } },
        { type: "finish", reason: "stop" },
      ]);
      assert.deepEqual(beats.map(({ last = false }) => last), [false, false, true]);
    }
    await new Promise((resolve) => setTimeout(resolve, 3 * POLL.interval));
    assert.equal(server.polls.length, 6);
    assert.equal(server.cancellations.length, 0);
  }));

Deno.test("a task is submitted with the filled template, and asked for by its id, with one key for all of it", () =>
  onScene({
    replies: [DONE],
    settings: { apiKeys: ["key-1", "key-2"], headers: { "x-title": "t" }, query: { version: "1 2" } },
  }, async ({ provider, server }) => {
    await eventsOf(await provider.open({ ...REQUEST, temperature: 0 }, callOf()));
    await eventsOf(await provider.open(REQUEST, callOf()));
    const messages = [{ role: "user", content: "Hello there" }];
    assert.deepEqual(server.submissions.map(({ body }) => body), [
      { model: "big-model", messages, heat: 0 },
      { model: "big-model", messages },
    ]);
    assert.deepEqual(server.polls.map(({ path }) => path), ["/tasks/task%2F1", "/tasks/task%2F2"]);
    const calls = [...server.submissions, ...server.polls];
    const keys = calls.map(({ headers }) => headers.get("authorization"));
    assert.deepEqual(keys, ["Bearer key-1", "Bearer key-2", "Bearer key-1", "Bearer key-2"]);
    for (const { headers, query } of calls) assert.deepEqual([headers.get("x-title"), query], ["t", "?version=1+2"]);
    assert.deepEqual(calls.map(({ method }) => method), ["POST", "POST", "GET", "GET"]);
    assert.equal(server.submissions[0]?.headers.get("content-type"), "application/json");
    assert.equal(server.polls[0]?.headers.get("content-type"), null);
  }));

Deno.test("the model may stand in the paths, and cannot lead out of them", () =>
  onScene({
    replies: [DONE],
    settings: {
      submit: { path: "/tasks?of={{model}}", method: "put", body: { p: "{{prompt}}" }, taskId: "data.id" },
      poll: { ...POLL, path: "/tasks/{{task_id}}?of={{model}}" },
    },
  }, async ({ provider, server }) => {
    await eventsOf(await provider.open({ ...REQUEST, model: "a/b&c=d" }, callOf()));
    for (const { query } of [...server.submissions, ...server.polls]) assert.equal(query, "?of=a%2Fb%26c%3Dd");
    assert.equal(server.submissions[0]?.method, "PUT");
    await assert.rejects(provider.open({ ...REQUEST, model: ".." }, callOf()), { kind: "unknown-model" });
  }));

Deno.test("a task is asked for by every digit of its id", () =>
  onScene(
    { accept: { body: '{"data":{"id":7291837462918374629}}' }, replies: [DONE] },
    async ({ provider, server }) => {
      await eventsOf(await provider.open(REQUEST, callOf()));
      assert.equal(server.polls[0]?.path, "/tasks/7291837462918374629");
    },
  ));

const REFUSALS: [what: string, accept: Reply, kind: ErrorKind][] = [
  ["a 400", { status: 400, body: "" }, "invalid-request"],
  ["a 401", { status: 401, body: "" }, "upstream-auth"],
  ["a 403", { status: 403, body: "" }, "upstream-auth"],
  ["a 404", { status: 404, body: "" }, "unknown-model"],
  ["a 500", { status: 500, body: "" }, "upstream-failure"],
  ["a redirect", { status: 302, headers: { location: "/tasks/elsewhere" }, body: "" }, "upstream-failure"],
  ["a page of HTML", { body: "<html></html>" }, "upstream-malformed"],
  ["an answer without an id", { body: { data: {} } }, "upstream-malformed"],
  ["an id that leads elsewhere", { body: { data: { id: ".." } } }, "upstream-malformed"],
  ["an answer that breaks off", "cut", "upstream-cut"],
];

for (const [what, accept, kind] of REFUSALS) {
  Deno.test(`W7 ${what} in place of a task is ${kind}, thrown by open(), and nothing is asked for`, () =>
    onScene({ accept, replies: [] }, async ({ provider, server }) => {
      await assert.rejects(provider.open(REQUEST, callOf()), { name: "GatewayError", kind });
      assert.equal(server.submissions.length, 1);
      assert.equal(server.polls.length + server.cancellations.length, 0);
    }));
}

Deno.test("E12 a submission that is limited says when to come back", () =>
  onScene({ accept: { status: 429, headers: { "retry-after": "7" }, body: "" }, replies: [] }, async ({ provider }) => {
    await assert.rejects(provider.open(REQUEST, callOf()), { kind: "rate-limit", retryAfter: 7000 });
  }));

Deno.test("W7 polls that fail now and then cost no answer", () =>
  onScene({
    replies: [
      { status: 500, body: "" },
      "cut",
      RUNNING,
      { status: 503, body: "busy" },
      { status: 429, body: "" },
      DONE,
    ],
  }, async ({ provider }) => {
    assert.deepEqual(textsIn(await eventsOf(await provider.open(REQUEST, callOf()))), ["Hel", "lo"]);
  }));

Deno.test("W7 polls that are not answered in time are failures like others, each ended by itself", () =>
  onScene({ replies: ["hang", RUNNING, "hang", DONE] }, async ({ provider, server }) => {
    const upstream = await provider.open(REQUEST, callOf(patience({ headers: 50 })));
    assert.deepEqual(textsIn(await eventsOf(upstream)), ["Hel", "lo"]);
    assert.ok(server.polls.length >= 4);
  }));

Deno.test("W7 polls that only fail end the answer with the last failure, and the task is called off", () =>
  onScene({ replies: [RUNNING, "cut"] }, async ({ provider, server }) => {
    const { events, error } = await untilFailure(await provider.open(REQUEST, callOf()));
    assert.deepEqual(textsIn(events), ["Hel"]);
    assert.ok(error instanceof Error && "kind" in error && error.kind === "upstream-cut");
    assert.equal(server.polls.length, 6);
    await until(() => server.cancellations.length === 1);
  }));

const OVER: [what: string, reply: Reply, error: Record<string, unknown>][] = [
  ["a task that fails", snapshot("failed", "Hello w"), { kind: "upstream-failure" }],
  ["a task that expires", snapshot("expired"), { kind: "upstream-failure" }],
  ["a task that is not found", { status: 404, body: "" }, { kind: "upstream-failure", code: "task_gone" }],
];

for (const [what, reply, error] of OVER) {
  Deno.test(`W7 ${what} fails the answer after all that came before, without a finish, and is not called off`, () =>
    onScene({ replies: [RUNNING, reply] }, async ({ provider, server }) => {
      const upstream = await provider.open(REQUEST, callOf());
      const failed = await untilFailure(upstream);
      assert.equal(await upstream.beats.next(), undefined);
      assert.deepEqual(textsIn(failed.events), ["Hel"]);
      assert.ok(failed.events.every(({ type }) => type !== "finish"));
      assert.throws(() => {
        throw failed.error;
      }, error);
      await new Promise((resolve) => setTimeout(resolve, 10));
      assert.equal(server.cancellations.length, 0);
    }));
}

Deno.test("W7 an unknown key in mid-task is upstream-auth, a page of HTML upstream-malformed, at once", async () => {
  const replies: [Reply, ErrorKind][] = [
    [{ status: 401, body: "" }, "upstream-auth"],
    [{ body: "<html></html>" }, "upstream-malformed"],
  ];
  for (const [reply, kind] of replies) {
    await onScene({ replies: [reply] }, async ({ provider, server }) => {
      await assert.rejects(eventsOf(await provider.open(REQUEST, callOf())), { kind });
      assert.equal(server.polls.length, 1);
    });
  }
});

Deno.test("it lists the models it is told of", async () => {
  const provider = createPolling(settingsOf("http://host", { models: ["a", "b"] }), portsWith());
  assert.deepEqual([provider.name, provider.dialectFor(sampleRequest())], ["slow", undefined]);
  assert.deepEqual(await provider.listModels(new AbortController().signal), [{ id: "a" }, { id: "b" }]);
});
