import assert from "node:assert/strict";
import { PAGES } from "../../tools/docs/pages.ts";
import { ROOT } from "../../tools/docs/place.ts";

for (const [path, write] of Object.entries(PAGES)) {
  Deno.test(`${path} says what its tables say: deno task docs writes it anew`, async () => {
    assert.equal(await Deno.readTextFile(ROOT + path), await write());
  });
}
