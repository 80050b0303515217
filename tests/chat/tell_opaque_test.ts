/** Tests of what only one dialect has a part for, on its way to another. */

import { deepEqual, equal } from "node:assert/strict";
import { tellOpaque } from "../../chat/tell_opaque.ts";
import type { OpaquePart } from "../../chat/request.ts";
import { sampleRequest } from "./sample_request.ts";

const part = (text?: string): OpaquePart => ({
  ...{ type: "opaque", dialect: "anthropic", value: { type: "search_result" } },
  ...(text !== undefined && { text }),
});

Deno.test("a part that only one dialect has is said in words to the others, where there are words for it", () => {
  const said = sampleRequest({
    messages: [{ role: "user", parts: [part("Manual")] }, { role: "assistant", parts: [part(), part("So far")] }],
  });
  for (const dialect of ["openai_chat", undefined] as const) {
    const { messages, source } = tellOpaque(said, dialect);
    deepEqual(messages, [
      { role: "user", parts: [{ type: "text", text: "Manual" }] },
      { role: "assistant", parts: [part(), { type: "text", text: "So far" }] },
    ]);
    equal(source, said.source);
  }
  equal(tellOpaque(said, "anthropic"), said);
  const plain = sampleRequest({});
  equal(tellOpaque(plain, "gemini"), plain);
});
