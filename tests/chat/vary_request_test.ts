/** Where the random messages stand, and that the conversation around them stays whole. */

import { deepEqual, equal, notDeepEqual } from "node:assert/strict";
import type { Message } from "../../chat/request.ts";
import { textOf } from "../../chat/request.ts";
import { varyRequest } from "../../chat/vary_request.ts";
import { assistant, sampleRequest, system, toolResult, user } from "./sample_request.ts";

const call = assistant({ type: "tool-call", id: "a", name: "f", json: "{}" });

function vary(...messages: Message[]): string[] {
  const varied = varyRequest(sampleRequest({ messages }), () => 0.5).messages;
  return varied.map(({ role, parts }) => /^\[[0-9a-z]{8}\]$/.test(textOf(parts)) ? "~" : textOf(parts) || role);
}

Deno.test("one random message leads the conversation, one stands before its last question", () => {
  deepEqual(
    vary(system("Be brief"), user("a"), assistant({ type: "text", text: "b" }), user("c")),
    ["Be brief", "~", "a", "b", "~", "c"],
  );
  deepEqual(vary(user("a")), ["~", "~", "a"]);
});

Deno.test("T22 a call keeps its results, and a tool result or a prefill stays last", () => {
  deepEqual(vary(user("a"), call, toolResult("a", "r")), ["~", "~", "a", "assistant", "r"]);
  deepEqual(vary(user("a"), call, toolResult("a", "r"), user("b")), ["~", "a", "assistant", "r", "~", "b"]);
  deepEqual(vary(user("a"), assistant({ type: "text", text: "Once" })), ["~", "~", "a", "Once"]);
});

Deno.test("a conversation without a user gets one random message", () => {
  deepEqual(vary(system("Be brief")), ["Be brief", "~"]);
  deepEqual(vary(system("Be brief"), assistant({ type: "text", text: "Hi" })), ["Be brief", "~", "Hi"]);
});

Deno.test("two variations differ, none is empty, and none is relayed as the client's words", () => {
  const numbers = [0, 0, 0.3, 0.999999];
  const request = sampleRequest();
  const first = varyRequest(request, () => numbers.shift()!);
  notDeepEqual(first.messages, varyRequest(request, () => numbers.shift()!).messages);
  equal(textOf(first.messages[0]!.parts), "[00000000]");
  equal(first.source.text, undefined);
  equal(request.messages.length, 1);
});
