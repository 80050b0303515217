/** One cell of the matrix: one client, one upstream, one mode, one scenario; what must come through is asserted. */

import assert from "node:assert/strict";
import type { TestGateway } from "../support/gateway.ts";
import type { Client } from "./client.ts";
import { expectedAsked, expectedSeen } from "./expected.ts";
import type { Recorder } from "./recorder.ts";
import type { Scenario } from "./scenario.ts";
import type { Vendor, VendorServer } from "./vendor.ts";

export const MODES = ["stream", "whole", "fake"] as const;
export type Mode = (typeof MODES)[number];

export interface Cell {
  client: Client;
  vendor: Vendor;
  mode: Mode;
  scenario: Scenario;
}

export interface Bench {
  gateway: TestGateway;
  /** In front of the gateway. */
  recorder: Recorder;
  vendors: VendorServer;
}

/** Scenarios that exist in the mode: a whole answer cannot break in its middle. */
export function isPlayed(scenario: Scenario, mode: Mode): boolean {
  return mode === "stream" || !scenario.streamOnly;
}

export async function runCell(cell: Cell, bench: Bench): Promise<void> {
  const { client, vendor, mode, scenario } = cell;
  const { vendors, recorder } = bench;
  const before = {
    asked: vendors.received.length,
    refused: vendors.refused.length,
    answered: recorder.answers.length,
  };
  const abort = new AbortController();
  const asking = client.ask({
    url: recorder.url,
    model: `${vendor.dialect}/${vendor.family ?? ""}${scenario.name}`,
    ask: scenario.ask,
    stream: mode !== "whole",
    headers: { "x-stream-mode": mode === "fake" ? "fake" : "real" },
    signal: abort.signal,
  });
  if (scenario.name === "client-abort") return await leave({ cell, bench, asking, abort, before: before.asked });

  const seen = await asking;
  assert.deepEqual(vendors.refused.slice(before.refused), [], "why the upstream refused the request");
  const received = vendors.received[before.asked];
  assert.ok(received, "the upstream was asked");
  assert.deepEqual(received.asked, expectedAsked(cell, received.asked), "what the upstream was asked");
  assert.deepEqual(seen, expectedSeen(cell, seen), "what the client saw");
  const answer = recorder.answers[before.answered];
  assert.ok(answer);
  if (mode !== "whole" && answer.status === 200) client.check(answer.text, scenario.ask);
}

interface Leaving {
  cell: Cell;
  bench: Bench;
  asking: Promise<unknown>;
  abort: AbortController;
  before: number;
}

/** The client leaves once it has seen something; the upstream must notice. */
async function leave({ bench, asking, abort, before }: Leaving): Promise<void> {
  const received = await until(() => bench.vendors.received[before], "the upstream was asked");
  await until(() => bench.recorder.answers.at(-1)?.text.includes("Hello"), "the client saw something");
  abort.abort();
  await asking;
  let hasLeft = false;
  received.left.then(() => hasLeft = true);
  await until(() => hasLeft, "the upstream saw that the client left");
}

/** Waits a second at most. */
async function until<T>(see: () => T | false | undefined, what: string): Promise<T> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const seen = see();
    if (seen !== undefined && seen !== false) return seen;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.fail(what);
}
