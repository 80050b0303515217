import assert from "node:assert/strict";
import { hold } from "./hold.ts";

Deno.test("silent streams are kept alive, all of them, and end with all that was said", async () => {
  const { gaps, broken, before, during } = await hold({ streams: 200, seconds: 3, interval: 400 });
  assert.equal(broken, 0);
  // The machine may have other things to do; a stream that is not kept alive is silent for all of the three seconds.
  assert.ok(gaps.every((gap) => gap < 2_800), `the longest silence is ${gaps.at(-1)} ms`);
  assert.equal(during.openStreams, 200);
  const each = (during.heap - before.heap) / 200;
  assert.ok(each < 64 * 1024, `a stream holds ${Math.round(each)} bytes`);
});
