/** An upstream that breaks behind its finish: the answer is whole, and its client and the log are told the same of it. */

import assert from "node:assert/strict";
import { type Speech, SPEECHES } from "../chaos/speech.ts";
import type { StreamScript } from "../support/mock_upstream.ts";
import { chunk, frame, ROLE, STOP, USAGE } from "../support/openai_frames.ts";
import { withPair } from "../support/pair.ts";

const SAID = [ROLE, chunk({ content: "Hello, " }), chunk({ content: "world!" }), STOP];

const BREAKS: Record<string, { script: StreamScript; broke: string }> = {
  "is cut": { script: { kind: "stream", chunks: SAID, then: "cut" }, broke: "upstream-cut" },
  "ends with half a frame": {
    script: { kind: "stream", chunks: [...SAID, 'data: {"choices": [], "usa'], then: "cut" },
    broke: "upstream-cut",
  },
  "falls silent": { script: { kind: "stream", chunks: SAID, then: "hang" }, broke: "upstream-timeout" },
  "tells of an error": {
    script: { kind: "stream", chunks: [...SAID, 'data: {"error": {"message": "late"}}\n\n'] },
    broke: "upstream-failure",
  },
  "is cut after the counts": {
    script: { kind: "stream", chunks: [...SAID, frame({ choices: [], usage: USAGE })], then: "cut" },
    broke: "upstream-cut",
  },
};

for (const [dialect, speech] of Object.entries<Speech>(SPEECHES)) {
  for (const [name, { script, broke }] of Object.entries(BREAKS)) {
    withPair({ env: { MAX_RETRIES: "1", IDLE_TIMEOUT: "100" } }).test({
      name: `an answer whose upstream ${name} behind its finish is whole for a client of ${dialect}, and for the log`,
      async run({ gateway, upstream }) {
        upstream.push(script);
        const question = { model: "up/up-model", prompt: "Hi", stream: true, hasTools: false };
        const response = await fetch(gateway.url + speech.path(question), {
          method: "POST",
          headers: { "content-type": "application/json", "x-stream-mode": "real" },
          body: JSON.stringify(speech.body(question)),
        });
        const heard = speech.readStream(await response.text());
        assert.deepEqual([heard.text, heard.failed], ["Hello, world!", false]);
        const line = await gateway.logged();
        assert.deepEqual([line.end, line.error, line.finish], ["done", undefined, "stop"]);
        assert.equal(heard.tokens, line.output_tokens);
        assert.ok(Number(line.output_tokens) > 0);
        const [attempt] = line.attempts as { outcome: string; broke?: string }[];
        assert.deepEqual([attempt?.outcome, attempt?.broke], ["began", broke]);
      },
    });
  }
}
