import assert from "node:assert/strict";
import { readText } from "../../streaming/read_text.ts";

Deno.test("H6 readText() reads no more of a body than its limit, and cancels the rest", async () => {
  let given = 0;
  let cancelled: unknown;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      given += 100;
      controller.enqueue(new Uint8Array(100));
    },
    cancel: (reason) => void (cancelled = reason),
  }, { highWaterMark: 0 });
  await assert.rejects(readText(new Response(body), { limit: 250 }), (error) => {
    assert.equal(cancelled, error);
    return true;
  });
  assert.deepEqual([(cancelled as { kind?: string }).kind, given], ["too-large", 300]);
});
