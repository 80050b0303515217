/** The end of a stream whose writer is gone. */

import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import { openaiResponses } from "../../../dialects/openai_responses/mod.ts";
import { lastWords } from "../../../gateway/streams/last_words.ts";

const error = new GatewayError("upstream-cut", "Cannot finish the answer as the instance that gave it is gone");

/** What the answer is called in the last frame that names it. */
function idIn(written: string[], id: string): unknown {
  const frames = [...written, ...lastWords(openaiResponses, written, { error, id, now: 1_760_000_000_000 })];
  return frames.join("").match(/(?<="id":")[^"]*/g)?.at(-1);
}

Deno.test("where nothing was kept of a stream, its end is told under the stream's own id", () => {
  for (const id of ["resp_abc123", "req_abc123", "abc-123"]) {
    assert.equal(idIn([], id), "resp_abc123");
  }
  const text = lastWords(openaiResponses, [], { error, id: "req_1", now: 1_760_000_000_000 }).join("");
  assert.match(text, /"created_at":1760000000/);
});

Deno.test("where frames were kept, the end goes on with their answer", () => {
  const response = { id: "resp_own", object: "response", created_at: 1, status: "in_progress", model: "m", output: [] };
  const data = JSON.stringify({ type: "response.created", sequence_number: 0, response });
  const written = [`event: response.created\ndata: ${data}\n\n`];
  assert.equal(idIn(written, "req_other"), "resp_own");
});
