/** What becomes of an answer whose API is not to be reached, not in time, or not to be asked at all. */

import assert from "node:assert/strict";
import { createPolling } from "../../../providers/polling/mod.ts";
import { sampleRequest } from "../../chat/sample_request.ts";
import {
  callOf,
  eventsOf,
  onScene,
  patience,
  portsWith,
  settingsOf,
  snapshot,
  textsIn,
  until,
  untilFailure,
} from "./support.ts";

const REQUEST = sampleRequest({ model: "big-model" });
const RUNNING = snapshot("running", "Hel");

Deno.test("E13 each of the clocks has its own error, and calls a task off that goes on", async () => {
  const phase = (code: string) => ({ kind: "upstream-timeout", code });
  await onScene({ accept: "hang", replies: [] }, async ({ provider }) => {
    await assert.rejects(provider.open(REQUEST, callOf(patience({ headers: 20 }))), phase("headers_timeout"));
  });
  await onScene({ replies: [snapshot("running", "")] }, async ({ provider, server }) => {
    const silent = await provider.open(REQUEST, callOf(patience({ firstContent: 40, idle: 5 })));
    await assert.rejects(eventsOf(silent), phase("first_content_timeout"));
    await until(() => server.cancellations.length === 1);
  });
  await onScene({ replies: [RUNNING] }, async ({ provider, server }) => {
    const stalled = await untilFailure(await provider.open(REQUEST, callOf(patience({ idle: 40 }))));
    assert.deepEqual(textsIn(stalled.events), ["Hel"]);
    assert.throws(() => {
      throw stalled.error;
    }, phase("idle_timeout"));
    assert.ok(server.polls.length > 1, "answers without news are no sign of life");
    await until(() => server.cancellations.length === 1);
  });
  const nowhere = portsWith({ connect: () => new Promise(() => {}), fetch: () => new Promise(() => {}) });
  await assert.rejects(
    createPolling(settingsOf("http://host"), nowhere).open(REQUEST, callOf(patience({ connect: 20 }))),
    phase("connect_timeout"),
  );
});

Deno.test("H5 an address in a forbidden range is not asked", async () => {
  const asked: unknown[] = [];
  const fetch = (input: unknown) => {
    asked.push(input);
    return Promise.reject(new Error("no network"));
  };
  for (
    const settings of [
      settingsOf("http://169.254.169.254"),
      settingsOf("http://127.0.0.1", { publicOnly: true }),
    ]
  ) {
    await assert.rejects(createPolling(settings, portsWith({ fetch })).open(REQUEST, callOf()), { kind: "forbidden" });
  }
  assert.deepEqual(asked, []);
});

Deno.test("a host that is not there is unreachable", async () => {
  const fetch = () => Promise.reject(new TypeError("connection refused"));
  await assert.rejects(createPolling(settingsOf("http://host"), portsWith({ fetch })).open(REQUEST, callOf()), {
    kind: "upstream-unreachable",
    detail: "connection refused",
  });
});
