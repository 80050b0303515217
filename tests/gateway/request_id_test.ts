import assert from "node:assert/strict";
import { requestIdFrom } from "../../gateway/request_id.ts";

Deno.test("H2 a sane id of the caller's is kept, any other is replaced", () => {
  const idOf = (given?: string) =>
    requestIdFrom(new Headers(given === undefined ? {} : { "x-request-id": given }), () => "new");
  assert.equal(idOf("job-7:attempt.2_a"), "job-7:attempt.2_a");
  for (const insane of [undefined, "", "a b", "x".repeat(129), '<script>"', "a,b"]) {
    assert.equal(idOf(insane), "req_new");
  }
});
