import assert from "node:assert/strict";
import { refusalOf } from "../../../gateway/stored_providers/refusal.ts";

Deno.test("what is wrong is told by its first field, and by how many more there are", () => {
  const messageOf = (...paths: string[]) => refusalOf(paths.map((path) => ({ path, message: "Wrong" }))).message;
  assert.equal(messageOf("endpoint"), "Cannot use the provider as endpoint is wrong");
  assert.equal(messageOf("endpoint", "name", "pace"), "Cannot use the provider as endpoint is wrong, and 2 more");
  assert.equal(messageOf(""), "Cannot use the provider as it is wrong");
});
