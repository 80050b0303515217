/** Conversations that stay where they were answered. */

import assert from "node:assert/strict";
import { createAffinity } from "../../../gateway/routing/affinity.ts";
import { conversationOf } from "../../../gateway/routing/conversation.ts";
import { createKeyPools } from "../../../gateway/routing/key_pools.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { candidateOf } from "./support.ts";

const user = (content: string) => ({ role: "user", content });
const BEGUN = [user("one")];
const GOING_ON = [...BEGUN, { role: "assistant", content: "yes" }, user("two")];

function conversation(
  { messages = BEGUN, headers = {}, owner = "me", ...body }: {
    messages?: unknown[];
    headers?: Record<string, string>;
    owner?: string;
    [field: string]: unknown;
  },
) {
  const request = openaiChat.parseRequest({ model: "m", messages, ...body }, { text: "" });
  return conversationOf(request, { headers: new Headers(headers), owner });
}

Deno.test("a conversation is known by the client's name for it, or else by the words it began with", () => {
  for (const header of ["x-session-affinity", "x-session-id", "session-id", "x-claude-code-session-id"]) {
    const headers = { [header]: "s-1" };
    assert.deepEqual(conversation({ headers }), conversation({ headers, messages: GOING_ON }), header);
    assert.notEqual(conversation({ headers }).name, conversation({ headers: { [header]: "s-2" } }).name);
  }
  assert.deepEqual(conversation({ prompt_cache_key: "s-1" }), conversation({ headers: { "session-id": "s-1" } }));
  assert.equal(conversation({}).name, conversation({ messages: GOING_ON }).name);
  const long = "x".repeat(300);
  const others = [[user("two")], [user(`${long}one${long}`)], [user(`${long}three${long}`)]];
  const names = [{}, ...others.map((messages) => ({ messages })), { owner: "you" }, { model: "n" }]
    .map((changes) => conversation(changes).name);
  assert.equal(new Set(names).size, names.length);
});

Deno.test("what nobody named goes on once something was answered in it", () => {
  assert.equal(conversation({}).goesOn, false);
  assert.equal(conversation({ messages: GOING_ON }).goesOn, true);
  assert.equal(conversation({ headers: { "session-id": "s-1" } }).goesOn, true);
  assert.equal(conversation({ messages: [{ role: "system", content: "Be brief" }] }).goesOn, false);
});

Deno.test("a place is remembered for an hour after it was last asked for, and moves with the answers", () => {
  const clock = { now: 1_000_000 };
  const affinity = createAffinity({ now: () => clock.now });
  const candidate = candidateOf("up/m", { keys: ["aaaa", "bbbb"] });
  affinity.keep("c", { candidate, key: 0 });
  affinity.keep("c", { candidate, key: 1 });
  assert.deepEqual(affinity.placeOf("c"), { upstream: "up/m", key: "bbbb" });
  clock.now += 3_600_000;
  assert.ok(affinity.placeOf("c"));
  clock.now += 3_600_001;
  assert.equal(affinity.placeOf("c"), undefined);
});

Deno.test("the key of a place goes first wherever it stands, and takes no turn from the others", () => {
  const pools = createKeyPools({ now: () => 0 });
  const order = (keys: string[], place?: { upstream: string; key: string }) => {
    const candidate = candidateOf("up/m", { keys });
    return pools.lanesOf(candidate, place).map(({ key }) => keys[key ?? -1]).join("");
  };
  const keys = ["a", "b", "c"];
  assert.deepEqual([order(keys, { upstream: "up/m", key: "c" }), order(["c", "a"], { upstream: "up/m", key: "c" })], [
    "cab",
    "ca",
  ]);
  assert.deepEqual([order(keys), order(keys, { upstream: "up/other", key: "a" })], ["abc", "bca"]);
  assert.equal(order(keys, { upstream: "up/m", key: "gone" }), "cab");
});
