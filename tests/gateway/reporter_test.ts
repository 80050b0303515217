import assert from "node:assert/strict";
import { type ErrorKind, GatewayError } from "../../chat/error.ts";
import type { Observation } from "../../gateway/observation.ts";
import { createReporter } from "../../gateway/reporter.ts";

/** A reporter, and what it wrote and told. */
function setUp() {
  const told: string[] = [];
  const line = (level: string) => (message: string) => void told.push(`${level} ${message}`);
  const log = { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
  const observers = { started() {}, chunk() {}, finished: ({ id }: Observation) => void told.push(`finished ${id}`) };
  return { told, reporter: createReporter(observers, { log, now: () => 0, tariffOf: () => undefined }) };
}

function observed(changes: Partial<Observation>): Observation {
  return {
    ...{ id: "r", startedAt: 0, dialect: "openai_chat", stream: true, owner: "" },
    ...{ attempts: [], lost: [], chunks: 0, ...changes },
  };
}

Deno.test("a request has one line in the log: an error where the gateway is to blame, a warning where it failed otherwise", () => {
  const failed = (kind: ErrorKind, end: Observation["end"] = "failed") =>
    observed({ end, error: new GatewayError(kind, "Cannot answer") });
  const cases: [level: string, observation: Observation][] = [
    ["info", observed({ end: "done" })],
    ["error", failed("internal")],
    ["warn", failed("upstream-failure")],
    ["warn", failed("invalid-request")],
    ["info", failed("client-gone", "cancelled")],
  ];
  for (const [level, observation] of cases) {
    const { told, reporter } = setUp();
    reporter.finish(observation);
    reporter.finish(observation);
    assert.deepEqual(told, [`${level} request`, "finished r"], `${observation.error?.kind}`);
  }
});
