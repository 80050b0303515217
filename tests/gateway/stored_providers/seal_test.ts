import assert from "node:assert/strict";
import { createSealer, newSalt } from "../../../gateway/stored_providers/seal.ts";

Deno.test("a sealed secret opens with the same admin key and salt, about the same provider and field, and not otherwise", async () => {
  const salt = newSalt();
  const sealer = createSealer({ adminKey: "admin", salt });
  const sealed = await sealer.seal(["one", "two"], ["relay", "apiKeys"]);
  assert.deepEqual(await sealer.open(sealed, ["relay", "apiKeys"]), { secret: ["one", "two"] });
  assert.equal(await sealer.open(sealed, ["relay", "headers"]), undefined);
  assert.equal(await sealer.open(sealed, ["other", "apiKeys"]), undefined);
  const others = [{ adminKey: "Admin", salt }, { adminKey: "admin", salt: newSalt() }, { adminKey: undefined, salt }];
  for (const other of others) {
    assert.equal(await createSealer(other).open(sealed, ["relay", "apiKeys"]), undefined);
  }
  const again = createSealer({ adminKey: "admin", salt });
  assert.deepEqual(await again.open(sealed, ["relay", "apiKeys"]), { secret: ["one", "two"] });
});

Deno.test("the same secret is sealed differently each time, and what is not whole does not open", async () => {
  const sealer = createSealer({ adminKey: "admin", salt: newSalt() });
  const [first, second] = [await sealer.seal("key", ["a"]), await sealer.seal("key", ["a"])];
  assert.notEqual(first, second);
  for (const broken of ["", "AAAA", first.slice(0, -4), `A${first.slice(1)}`]) {
    if (broken !== first) assert.equal(await sealer.open(broken, ["a"]), undefined, broken);
  }
});
