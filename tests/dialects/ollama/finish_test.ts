/** The two words Ollama has for an end. */

import { deepEqual, equal } from "node:assert/strict";
import { FINISH_REASONS } from "../../../chat/finish.ts";
import { DONE_REASONS, parseFinish } from "../../../dialects/ollama/finish.ts";

Deno.test("every reason has a word, and only a limit is a length", () => {
  const lengths = FINISH_REASONS.filter((reason) => DONE_REASONS[reason] === "length");
  deepEqual(lengths, ["length", "context-window"]);
});

Deno.test("a word reads back as the reason it was written for", () => {
  for (const reason of ["stop", "length"] as const) {
    deepEqual(parseFinish(DONE_REASONS[reason], { hasCalls: false }), { reason, raw: reason });
  }
  equal(parseFinish(DONE_REASONS["tool-calls"], { hasCalls: true }).reason, "tool-calls");
});

Deno.test("a word that says nothing of the kind is kept beside `other`", () => {
  const read = (word: string | undefined) => parseFinish(word, { hasCalls: false });
  deepEqual(read("unload"), { reason: "other", raw: "unload" });
  deepEqual(read("brand_new"), { reason: "other", raw: "brand_new" });
  deepEqual(read("CONTENT_FILTER"), { reason: "content-filter", raw: "CONTENT_FILTER" });
  deepEqual(read(undefined), { reason: "stop" });
  deepEqual(read(""), { reason: "stop" });
});
