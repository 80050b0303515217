/** Tests of instructions amid a conversation, as Claude Code adds some in each turn. */

import assert from "node:assert/strict";
import { remind } from "../../chat/instructions.ts";
import type { Message } from "../../chat/request.ts";
import { formatChat } from "../../dialects/ollama/format_request.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { assistant, sampleRequest, system, user } from "./sample_request.ts";

const LATER: Message = { role: "developer", parts: [{ type: "text", text: "900 tokens left" }] };
const MESSAGES = [system("Be brief."), user("Hi"), LATER, assistant({ type: "text", text: "Hello" }), user("And?")];
const SAID = "<system-reminder>\n900 tokens left\n</system-reminder>";
const TARGET = { model: "m", stream: false, facts: {}, quirks: {} };
const REQUEST = sampleRequest({ messages: MESSAGES, source: { dialect: "anthropic", body: {} } });

Deno.test("Q7 instructions that come later are said by the user in their place, those that lead stay", () => {
  assert.deepEqual(remind(MESSAGES).map(({ role }) => role), ["system", "user", "user", "assistant", "user"]);
  assert.deepEqual(remind(MESSAGES)[2]?.parts, [{ type: "text", text: SAID }]);
  const plain = MESSAGES.filter((message) => message !== LATER);
  assert.equal(remind(plain), plain);
});

Deno.test("Q7 a vendor of Chat Completions is told so, unless it takes instructions anywhere as OpenAI does", () => {
  const third = (quirks: object) =>
    (openaiChat.formatRequest(REQUEST, { ...TARGET, quirks }).body.messages as unknown[])[2];
  assert.deepEqual(third({}), { role: "user", content: SAID });
  assert.deepEqual(third({ developerRole: true }), { role: "developer", content: "900 tokens left" });
});

Deno.test("Q7 Ollama is told so", () => {
  const [, , third] = formatChat(REQUEST, TARGET).body.messages as unknown[];
  assert.deepEqual(third, { role: "user", content: SAID });
});
