/** Tests of agents whose conversation became too long: it is summarized by whatever model it is with. */

import assert from "node:assert/strict";
import OpenAI from "openai";
import type { Script } from "../support/mock_upstream.ts";
import { withFiveUpstreams } from "../support/five_upstreams.ts";

const { test } = withFiveUpstreams({ MAX_RETRIES: "1" });

const HI = { type: "message", role: "user", content: "Hi" } as const;

/** An answer of each dialect, of which all but its text is left out. */
const ANSWERS = {
  openai_chat: "openai_chat/openai.sse",
  openai_responses: "openai_responses/openai.sse",
  anthropic: "anthropic/text.sse",
  gemini: "gemini/text.sse",
  ollama: "ollama/chat.ndjson",
} as const;

async function stream(path: string): Promise<Script> {
  const chunks = [await Deno.readTextFile(new URL(`../fixtures/${path}`, import.meta.url))];
  return { kind: "stream", chunks, ...(path.endsWith("ndjson") && { type: "application/x-ndjson" }) };
}

for (const [dialect, path] of Object.entries(ANSWERS)) {
  test({
    name: `Codex's trigger is answered by one summary, and gone on with from it, by an upstream of ${dialect}`,
    async run({ gateway, upstream }) {
      upstream.push(await stream(path));
      const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "k", maxRetries: 0 });
      const model = `${dialect}/text`;
      const ask = (input: unknown[]) =>
        client.responses.stream({ model, store: false, input: input as OpenAI.Responses.ResponseInput })
          .finalResponse();
      const { output, status } = await ask([HI, { type: "compaction_trigger" }]);
      assert.deepEqual([status, output.map(({ type }) => type)], ["completed", ["compaction"]]);
      assert.match(upstream.requests[0]?.text ?? "", /summary that you write now/);

      upstream.push(await stream(path));
      const next = await ask([HI, ...output, HI]);
      assert.equal(next.output.at(-1)?.type, "message");
      assert.match(upstream.requests[1]?.text ?? "", /This is the summary of it/);
      assert.doesNotMatch(upstream.requests[1]?.text ?? "", /anystream\.summary/);
    },
  });
}

test({
  name: "the official client's compact() gets what the user said and a summary, of a conversation that is kept, too",
  async run({ gateway, upstream }) {
    const content = (text: string): Script => ({
      kind: "json",
      body: { id: "x", choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }] },
    });
    upstream.push(content("Hello"), content("They greeted"), content("Bye"));
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "k", maxRetries: 0 });
    const model = "openai_chat/text";
    const { id } = await client.responses.create({ model, input: "Hi" });
    const compacted = await client.responses.compact({ model, previous_response_id: id });
    assert.equal(compacted.object, "response.compaction");
    assert.deepEqual(compacted.output.map(({ type }) => type), ["message", "compaction"]);
    assert.match(upstream.requests[1]?.text ?? "", /Hi.*Hello.*summary that you write now/s);
    await client.responses.create({ model, input: [...compacted.output as OpenAI.Responses.ResponseInput, HI] });
    assert.match(upstream.requests[2]?.text ?? "", /Hi.*summary of it.*They greeted.*Hi/s);
  },
});
