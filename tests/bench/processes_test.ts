import assert from "node:assert/strict";
import { startCommand } from "../../bench/processes.ts";

Deno.test("a process that ends before it answers is told of, and not waited for", async () => {
  const options = { args: ["eval", "Deno.exit(1)"], port: 1 };
  await assert.rejects(startCommand(Deno.execPath(), options), /http:\/\/127\.0\.0\.1:1 ended/);
});

Deno.test("a process that does not answer in time is ended", async () => {
  const options = { args: ["eval", "setInterval(() => {}, 1000)"], port: 1, patience: 300 };
  // Its end is waited for: one that stayed would be a leak of this test.
  await assert.rejects(startCommand(Deno.execPath(), options), /does not answer/);
});
