/** Tests of made ids. */

import assert from "node:assert/strict";
import { callId } from "../../dialects/call_id.ts";

Deno.test("T2 a made id is stable, and in the alphabet of every dialect", () => {
  assert.equal(callId("chatcmpl-1/0/0"), callId("chatcmpl-1/0/0"));
  assert.match(callId("chatcmpl-1/0/0"), /^call_[0-9a-f]{16}$/);
});

Deno.test("T15 different seeds make different ids", () => {
  const seeds = Array.from({ length: 10_000 }, (_, at) => `chatcmpl-${at}/0/0`);
  assert.equal(new Set(seeds.map(callId)).size, seeds.length);
});
