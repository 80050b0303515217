import assert from "node:assert/strict";
import { credentialHeaders, fingerprintsOf } from "../../providers/auth.ts";

Deno.test("a key is known outside of its provider by eight letters, which part it from others and do not tell it", () => {
  const [one, other, again] = fingerprintsOf(["sk-one", "sk-other", "sk-one"]);
  assert.match(one ?? "", /^[0-9a-f]{8}$/);
  assert.notEqual(one, other);
  assert.equal(one, again);
});

Deno.test("keys take turns, unless one's place is named", () => {
  const credentialOf = credentialHeaders("bearer", ["a", "b"]);
  const sent = [undefined, 0, undefined, 3, undefined].map((place) => credentialOf(place)["authorization"]);
  assert.deepEqual(sent, ["Bearer a", "Bearer a", "Bearer b", "Bearer b", "Bearer a"]);
  assert.deepEqual(credentialHeaders("bearer", [])(undefined), {});
  assert.deepEqual(credentialHeaders("none", ["a"])(0), {});
});
