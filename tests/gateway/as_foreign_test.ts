import assert from "node:assert/strict";
import type { Beat } from "../../chat/event.ts";
import { fitToolName } from "../../dialects/tool_ids.ts";
import { asForeign } from "../../gateway/as_foreign.ts";
import { drain, pullFrom } from "../../streaming/pull.ts";

Deno.test("T23 a call comes back under the name the client gave its tool, whatever name the upstream was sent", async () => {
  const name = "files.read:all";
  const call = (called: string): Beat => ({ events: [{ type: "tool-call", index: 0, id: "a", name: called }] });
  const beats = asForeign(pullFrom([[call(fitToolName(name)), call("other")]]), [{ type: "function", name }]);
  assert.deepEqual(await drain(beats), [[call(name), call("other")]]);
});

Deno.test("another dialect's frames are not handed on as the client's own", async () => {
  const beats = asForeign(pullFrom<Beat[]>([[{ events: [], raw: "data: {}\n\n", last: true }]]), undefined);
  assert.deepEqual(await drain(beats), [[{ events: [], last: true }]]);
});
