import assert from "node:assert/strict";
import { configOf, problemsOf } from "../support/config.ts";
import type { Script } from "../support/mock_upstream.ts";
import { checkOpenaiChatStream } from "../support/openai_chat_grammar.ts";
import { chunk, completion, ROLE, STOP } from "../support/openai_frames.ts";
import { failure, MESSAGE_STREAM, routed } from "../support/routed.ts";

const WISH = { headers: { "x-stream-mode": "real", "x-anystream-continuation": "1" } };
const STREAMED = { model: "both", stream: true, stream_options: { include_usage: true } };
const cutAfter = (text: string): Script => ({
  kind: "stream",
  chunks: [ROLE, chunk({ content: text })],
  then: "cut",
});

/** `Hello from two` in Anthropic's words, as `model-2` would go on with what it is given. */
const goingOn = (text: string) =>
  MESSAGE_STREAM.map((frame) => frame.replace('"text":"Hello from two"', `"text":${JSON.stringify(text)}`));

routed({
  name: "E19 V17 a stream that is cut goes on at the next candidate, in another dialect, as one stream",
  async run(bed) {
    const { gateway, one, two } = bed;
    one.push(cutAfter("Once upon a time there was "));
    two.push({ kind: "stream", chunks: goingOn("there was a fox.") });
    const text = await (await gateway.chat(STREAMED, WISH)).text();
    const seen = checkOpenaiChatStream(text, { includeUsage: true });
    assert.equal(seen.text, "Once upon a time there was a fox.");
    assert.equal(seen.finish, "stop");
    assert.equal(seen.error, undefined);
    const messages = two.requests[0]?.json.messages as { role: string; content: { text: string }[] }[];
    assert.deepEqual(messages.map(({ role }) => role), ["user", "assistant"]);
    assert.equal(messages[1]?.content[0]?.text, "Once upon a time there was");
    const line = await gateway.logged();
    assert.deepEqual([line.status, line.end, line.error], [200, "done", undefined]);
    assert.ok(Number(line.output_tokens) > 4, "the usage of both is summed");
    assert.deepEqual((line.attempts as { outcome: string }[]).map(({ outcome }) => outcome), ["began", "began"]);
  },
});

routed({
  name: "E19 an answer that is whole is not gone on with where its upstream breaks behind its finish",
  async run({ gateway, one, two }) {
    one.push({ kind: "stream", chunks: [ROLE, chunk({ content: "All of it." }), STOP], then: "cut" });
    const seen = checkOpenaiChatStream(await (await gateway.chat(STREAMED, WISH)).text(), { includeUsage: true });
    assert.deepEqual([seen.text, seen.finish, seen.error], ["All of it.", "stop", undefined]);
    assert.equal(one.requests.length + two.requests.length, 1);
    assert.equal((await gateway.logged()).output_tokens, seen.usage?.completion_tokens);
  },
});

routed({
  name: "E9 without the wish a cut stream stays cut, and a wish never goes on with a call that was delivered",
  async run(bed) {
    const { gateway, one, two } = bed;
    const call = { index: 0, id: "call_1", type: "function", function: { name: "pay", arguments: '{"amo' } };
    one.push(cutAfter("Once"), { kind: "stream", chunks: [ROLE, chunk({ tool_calls: [call] })], then: "cut" });
    for (const init of [{ headers: { "x-stream-mode": "real" } }, WISH]) {
      const seen = checkOpenaiChatStream(await (await gateway.chat(STREAMED, init)).text(), { includeUsage: true });
      assert.equal(seen.error?.code, "upstream_cut");
    }
    assert.equal(two.requests.length, 0);
  },
});

routed({
  name: "E19 where nobody can go on, the client is told of the cut in its stream",
  async run({ gateway, one, two }) {
    one.push(cutAfter("Once"), failure(500));
    two.push(failure(400));
    const seen = checkOpenaiChatStream(await (await gateway.chat(STREAMED, WISH)).text(), { includeUsage: true });
    assert.deepEqual([seen.text, seen.finish, seen.error?.code], ["Once", undefined, "upstream_cut"]);
  },
});

routed({
  name: "V17 an answer that is whole is gone on with as well, where its candidate says so: the client gets one JSON",
  async run({ gateway, one }) {
    one.push(
      { kind: "json", body: completion({ content: "The first half, " }, "length") },
      { kind: "json", body: completion({ content: "the second half." }) },
    );
    const answer = await (await gateway.chat({ model: "both" })).json();
    assert.equal(answer.choices[0].message.content, "The first half, the second half.");
    assert.equal(answer.choices[0].finish_reason, "stop");
    const messages = one.requests[1]?.json.messages as { role: string; content: string }[];
    assert.equal(messages.at(-1)?.content, "The first half,");
  },
  candidates: [{ provider: "one", model: "model-1", continuation: true }],
});

routed({
  name: "V14 a client that leaves while a cut stream is gone on with ends the new leg",
  async run({ gateway, one, two }) {
    one.push(cutAfter("Once"));
    two.push({ kind: "hang" });
    const leaving = new AbortController();
    const response = await gateway.chat(STREAMED, { ...WISH, signal: leaving.signal });
    while (two.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    leaving.abort();
    await assert.rejects(response.text());
    await two.requests[0]?.left;
    assert.equal((await gateway.logged()).end, "cancelled");
  },
});

Deno.test("models may stand in TOML as well, over those of models.json, and what is wrong is told with its place", () => {
  const models = { models: { fast: { candidates: ["demo/echo"] }, slow: { candidates: ["demo/echo"] } } };
  const toml = '[models.fast]\ncandidates = [{ provider = "demo", model = "stall", weight = 2 }]\nhedge_after = 500';
  const config = configOf({ models, toml });
  assert.deepEqual(Object.keys(config.models.models), ["fast", "slow"]);
  assert.equal(config.models.models.fast?.hedge_after, 500);
  const wrong = problemsOf({ toml: '[models.fast]\ncandidates = ["demo"]\nhedge_after = "soon"' });
  assert.deepEqual(wrong.map(({ path }) => path), [
    "config.toml models.fast.candidates[0]",
    "config.toml models.fast.hedge_after",
  ]);
  assert.match(wrong[1]?.expected ?? "", /milliseconds/);
});
