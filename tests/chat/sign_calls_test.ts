/** Tests of a history in which every turn with calls is signed. */

import { deepEqual, equal } from "node:assert/strict";
import type { AssistantPart } from "../../chat/request.ts";
import { NO_SIGNATURE, signCalls } from "../../chat/sign_calls.ts";
import { assistant, sampleRequest, user } from "./sample_request.ts";

const call = (id: string, signature?: string): AssistantPart => ({
  ...{ type: "tool-call", id, name: "f", json: "{}" },
  ...(signature !== undefined && { signature }),
});

Deno.test("K11 a turn whose calls nobody signed has a word for it on the first, and no other turn is altered", () => {
  const text: AssistantPart = { type: "text", text: "Hello" };
  const messages = [user("Hi"), assistant(text, call("a"), call("b")), assistant(call("c"), call("d", "s"))];
  deepEqual(signCalls(sampleRequest({ messages }))?.messages, [
    messages[0],
    assistant(text, call("a", NO_SIGNATURE), call("b")),
    messages[2],
  ]);
});

Deno.test("K11 a history whose calls are signed, or that has none, is left alone", () => {
  const text = assistant({ type: "text", text: "Hello" });
  for (const turns of [[text], [assistant(call("a", "s"), call("b"))], []]) {
    equal(signCalls(sampleRequest({ messages: [user("Hi"), ...turns] })), undefined);
  }
});
