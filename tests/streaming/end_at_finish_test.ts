import assert from "node:assert/strict";
import type { Beat, ChatEvent } from "../../chat/event.ts";
import { GatewayError } from "../../chat/error.ts";
import { endAtFinish } from "../../streaming/end_at_finish.ts";
import { drain } from "../../streaming/pull.ts";
import { manualPull } from "../support/manual_pull.ts";

const CUT = new GatewayError("upstream-cut", "Cannot answer in full");
const said: ChatEvent = { type: "text", text: "All" };
const finish = (choice = 0, reason: "stop" | "malformed" = "stop"): ChatEvent => ({ type: "finish", reason, choice });

function breaking(events: ChatEvent[], choices: number, error: unknown = CUT): Promise<Beat[][]> {
  const source = manualPull<Beat[]>();
  source.give([{ events }]);
  source.fail(error);
  return drain(endAtFinish(source, choices));
}

Deno.test("endAtFinish() ends where the source breaks behind the finish of every choice", async () => {
  assert.deepEqual(await breaking([said, finish()], 1), [[{ events: [said, finish()] }]]);
  assert.equal((await breaking([said, finish(1), finish(0)], 2)).length, 1);
});

Deno.test("endAtFinish() breaks where the source does, as long as something is owed", async () => {
  await assert.rejects(breaking([said], 1), CUT);
  await assert.rejects(breaking([said, finish(0)], 2), CUT, "another choice may not have begun");
  await assert.rejects(breaking([said, finish(0, "malformed")], 1), CUT, "half a call is not whole");
});

Deno.test("endAtFinish() does not end for a client that left", async () => {
  const gone = new GatewayError("client-gone", "Cannot answer as the client left");
  await assert.rejects(breaking([said, finish()], 1, gone), gone);
});

Deno.test("endAtFinish() ends where the source does, whatever was finished by then", async () => {
  const source = manualPull<Beat[]>();
  source.give([{ events: [said] }]);
  source.end();
  assert.deepEqual(await drain(endAtFinish(source, 1)), [[{ events: [said] }]]);
});
