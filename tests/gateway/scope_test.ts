import assert from "node:assert/strict";
import { GatewayError } from "../../chat/error.ts";
import { openScope } from "../../gateway/scope.ts";
import { inFakeTime } from "../support/fake_time.ts";

function parts() {
  const client = new AbortController();
  const closing = new AbortController();
  const request = new Request("http://gateway/", { signal: client.signal });
  return { client, closing, request };
}

Deno.test("V14 a scope ends when its client leaves", () => {
  const { client, closing, request } = parts();
  const scope = openScope(request, { total: 0, closing: closing.signal });
  client.abort();
  assert.equal(scope.signal.reason.kind, "client-gone");
});

Deno.test("V14 a scope of a client that left before it was opened has ended from the first", () => {
  const { client, closing, request } = parts();
  client.abort();
  const scope = openScope(request, { total: 0, closing: closing.signal });
  assert.equal(scope.signal.reason.kind, "client-gone");
});

Deno.test("a scope that outlives its client ends for every other reason", () => {
  const { client, closing, request } = parts();
  const scope = openScope(request, { total: 0, closing: closing.signal });
  scope.outliveClient();
  client.abort();
  assert.equal(scope.signal.aborted, false);
  closing.abort("closing");
  assert.equal(scope.signal.reason, "closing");
});

Deno.test("E13 a scope ends at its deadline, named total", () =>
  inFakeTime(async (time) => {
    const { closing, request } = parts();
    const scope = openScope(request, { total: 100, closing: closing.signal });
    await time.pass(100);
    assert.equal(scope.signal.reason.code, "total_timeout");
    scope.release();
  }));

Deno.test("a scope ends when the process is about to", () => {
  const { closing, request } = parts();
  const scope = openScope(request, { total: 0, closing: closing.signal });
  closing.abort(new GatewayError("shutting-down", "Cannot finish the answer as the gateway is stopping"));
  assert.equal(scope.signal.reason.kind, "shutting-down");
});

Deno.test("a released scope ends for no reason any more: the request's signal also fires after a good answer", () =>
  inFakeTime(async (time) => {
    const { client, closing, request } = parts();
    const scope = openScope(request, { total: 100, closing: closing.signal });
    scope.release();
    client.abort();
    closing.abort();
    await time.pass(200);
    assert.equal(scope.signal.aborted, false);
  }));
