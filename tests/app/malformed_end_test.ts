/** A call that the model could not write, after some words: its client and the log are told the same. */

import assert from "node:assert/strict";
import { type Speech, SPEECHES } from "../chaos/speech.ts";
import { withFiveUpstreams } from "../support/five_upstreams.ts";

const chunk = (parts: unknown[], more: Record<string, unknown> = {}) => {
  const candidates = [{ content: { parts, role: "model" }, index: 0, ...more }];
  return `data: ${JSON.stringify({ candidates, modelVersion: "text", responseId: "r" })}\n\n`;
};
const CHUNKS = [chunk([{ text: "So: " }]), chunk([{ text: "" }], { finishReason: "MALFORMED_FUNCTION_CALL" })];

for (const [dialect, speech] of Object.entries<Speech>(SPEECHES)) {
  withFiveUpstreams({ MAX_RETRIES: "1" }).test({
    name: `G5 an answer that ends in a call nobody could write is the same for a client of ${dialect} and for the log`,
    async run({ gateway, upstream }) {
      upstream.push({ kind: "stream", chunks: CHUNKS });
      const question = { model: "gemini/text", prompt: "Hi", stream: true, hasTools: true };
      const response = await fetch(gateway.url + speech.path(question), {
        method: "POST",
        headers: { "content-type": "application/json", "x-stream-mode": "real" },
        body: JSON.stringify(speech.body(question)),
      });
      const heard = speech.readStream(await response.text());
      assert.equal(heard.text, "So: ");
      const line = await gateway.logged();
      // The one dialect that has a word for it tells no error.
      const expected = dialect === "gemini"
        ? [false, "done", undefined, "MALFORMED_FUNCTION_CALL"]
        : [true, "failed", "upstream-malformed", undefined];
      assert.deepEqual([heard.failed, line.end, line.error, line.finish], expected);
    },
  });
}
