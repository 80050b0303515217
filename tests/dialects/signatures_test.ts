/** Tests of whose signature a thought has. */

import { strictEqual } from "node:assert/strict";
import { DIALECT_NAMES } from "../../chat/event.ts";
import { markSignature, ownSignature } from "../../dialects/signatures.ts";

Deno.test("K7 a signature is given back to its vendor, and to no other", () => {
  for (const maker of DIALECT_NAMES) {
    const marked = markSignature(maker, "EqQB+/c=");
    for (const asker of DIALECT_NAMES) {
      strictEqual(ownSignature(asker, marked), asker === maker ? "EqQB+/c=" : undefined, `${maker} for ${asker}`);
    }
  }
});

Deno.test("K7 an empty signature is nobody's", () => {
  for (const asker of DIALECT_NAMES) strictEqual(ownSignature(asker, ""), undefined);
});
