import assert from "node:assert/strict";
import { createAccess } from "../../gateway/access.ts";

const access = createAccess([{ name: "alice", secret: "key-a" }, { name: "bob", secret: "key-b" }]);

function ask(headers: Record<string, string>): Request {
  return new Request("http://gateway/v1/models", { headers });
}

Deno.test("Q10 every official client's way of sending a key is accepted, and names its owner", () => {
  assert.equal(access.identify(ask({ "authorization": "Bearer key-a" })), "alice");
  assert.equal(access.identify(ask({ "authorization": "bearer  key-b " })), "bob");
  assert.equal(access.identify(ask({ "x-api-key": "key-a" })), "alice");
  assert.equal(access.identify(ask({ "api-key": "key-b" })), "bob");
  assert.equal(access.identify(ask({ "x-goog-api-key": "key-b" })), "bob");
  assert.equal(access.identify(new Request("http://gateway/v1beta/models?key=key-a&alt=sse")), "alice");
});

Deno.test("a missing and a wrong key are told apart by their code, both unauthorized", () => {
  assert.throws(() => access.identify(ask({})), { kind: "unauthorized", code: "missing_api_key" });
  assert.throws(() => access.identify(ask({ "authorization": "Bearer key-" })), { kind: "unauthorized" });
  assert.throws(() => access.identify(ask({ "authorization": "Basic key-a" })), { kind: "unauthorized" });
});

Deno.test("a gateway without keys is open to all, whatever they send", () => {
  assert.equal(createAccess([]).identify(ask({ "authorization": "Bearer x" })), undefined);
});
