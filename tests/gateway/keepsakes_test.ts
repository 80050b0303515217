import assert from "node:assert/strict";
import type { Reply, ReplyPart } from "../../chat/reply.ts";
import type { AssistantPart, ChatRequest } from "../../chat/request.ts";
import { fitCallId } from "../../dialects/tool_ids.ts";
import { createKeepsakes } from "../../gateway/keepsakes.ts";

const thought: ReplyPart = { type: "reasoning", text: "hm", signature: "sig" };
const redacted: ReplyPart = { type: "redacted-reasoning", data: "xx" };
const call = (id: string, signature?: string): ReplyPart & AssistantPart => ({
  type: "tool-call",
  id,
  name: "f",
  json: "{}",
  ...(signature !== undefined && { signature }),
});

function replyOf(...parts: ReplyPart[]): Reply {
  return { id: "1", model: "m", choices: [{ parts }] };
}

function historyOf(...parts: AssistantPart[]): ChatRequest {
  return {
    model: "m",
    messages: [{ role: "user", parts: [{ type: "text", text: "Hi" }] }, { role: "assistant", parts }],
    stream: false,
    includeUsage: false,
    extra: {},
    source: { dialect: "openai_chat", body: {}, text: "{}" },
  };
}

const partsOf = (request: ChatRequest) => request.messages[1]?.parts;

Deno.test("K5 K6 K11 what an answer's calls need back is put in front of them again, and the calls get their signatures", () => {
  const keepsakes = createKeepsakes({ now: () => 1 });
  keepsakes.keep("alice", replyOf(thought, redacted, { type: "text", text: "So:" }, call("a", "s1"), call("b")));
  const restored = keepsakes.restore("alice", historyOf({ type: "text", text: "So:" }, call("a"), call("b")));
  assert.deepEqual(partsOf(restored), [thought, redacted, { type: "text", text: "So:" }, call("a", "s1"), call("b")]);
  assert.equal(restored.source.text, undefined, "it is formatted anew");
});

Deno.test("K8 unsigned reasoning before a call is kept, too", () => {
  const keepsakes = createKeepsakes({ now: () => 1 });
  keepsakes.keep(undefined, replyOf({ type: "reasoning", text: "hm" }, call("a")));
  assert.deepEqual(partsOf(keepsakes.restore(undefined, historyOf(call("a")))), [
    { type: "reasoning", text: "hm" },
    call("a"),
  ]);
});

Deno.test("what the client did send is not replaced, and an unchanged request stays the same object", () => {
  const keepsakes = createKeepsakes({ now: () => 1 });
  keepsakes.keep("alice", replyOf(thought, call("a", "s1")));
  const own = historyOf({ type: "reasoning", text: "mine" }, call("a", "own"));
  assert.equal(keepsakes.restore("alice", own), own);
  const other = historyOf(call("unknown"), { type: "text", text: "x" });
  assert.equal(keepsakes.restore("alice", other), other);
});

Deno.test("K7 a thought that comes back without its signature gets it again, before anything else", () => {
  const keepsakes = createKeepsakes({ now: () => 1 });
  keepsakes.keep("alice", replyOf(thought, redacted, call("a")));
  const told = historyOf({ type: "text", text: "So:" }, call("a"), { type: "reasoning", text: "hm" });
  const said = { type: "text", text: "So:" };
  assert.deepEqual(partsOf(keepsakes.restore("alice", told)), [thought, redacted, said, call("a")]);
  const signed = historyOf({ type: "reasoning", text: "hm", signature: "own" }, call("a"));
  assert.equal(keepsakes.restore("alice", signed), signed);
});

Deno.test("one client key is never given what another's answer said", () => {
  const keepsakes = createKeepsakes({ now: () => 1 });
  keepsakes.keep("alice", replyOf(thought, call("a")));
  for (const owner of ["bob", undefined]) {
    const request = historyOf(call("a"));
    assert.equal(keepsakes.restore(owner, request), request);
  }
});

Deno.test("an id that the client's dialect rewrote is known again", () => {
  const keepsakes = createKeepsakes({ now: () => 1 });
  keepsakes.keep("alice", replyOf(thought, call("functions.f:0")));
  const restored = (id: string) => partsOf(keepsakes.restore("alice", historyOf(call(id))))?.length;
  assert.equal(restored(fitCallId("functions.f:0")), 2);
  assert.equal(restored("functions_f_0"), 1, "another id that merely looks alike is not");
});

Deno.test("keepsakes expire two hours after they were last used", () => {
  let now = 1;
  const keepsakes = createKeepsakes({ now: () => now });
  const isKept = () => keepsakes.restore("alice", historyOf(call("a"))).messages[1]?.parts.length === 2;
  keepsakes.keep("alice", replyOf(thought, call("a")));
  now += 7_000_000;
  assert.equal(isKept(), true);
  now += 7_000_000;
  assert.equal(isKept(), true);
  now += 7_300_000;
  assert.equal(isKept(), false);
});

Deno.test("keepsakes are bounded: the least recently used go first", () => {
  const keepsakes = createKeepsakes({ now: () => 1 });
  const long: ReplyPart = { type: "reasoning", text: "x".repeat(10_000_000) };
  for (const id of ["a", "b", "c", "d"]) keepsakes.keep("alice", replyOf(long, call(id)));
  const isKept = (id: string) => keepsakes.restore("alice", historyOf(call(id))).messages[1]?.parts.length === 2;
  assert.deepEqual(["a", "b", "c", "d"].map(isKept), [false, true, true, true]);
});
