/** Tests of what an upstream of one dialect answers, as a client of another is told of it. */

import assert from "node:assert/strict";
import type { DialectName } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { sampleRequest } from "../chat/sample_request.ts";
import { foldEvents } from "../support/codec.ts";
import { DIALECTS } from "../support/dialects.ts";

const OPTIONS = { model: "m", id: "x", created: 0, keepAlive: "comment" } as const;
const CITATION = { url: "https://example.com", title: "Example", start_index: 0, end_index: 5 };
const LOGPROB = { token: "Hello", logprob: -0.1 };

function dialectOf(name: DialectName) {
  return DIALECTS.find(({ dialect }) => dialect.name === name)!.dialect;
}

/** The whole answer in the client's dialect, as its own client reads it. */
function translate(from: DialectName, body: JsonObject, to: DialectName) {
  const { events } = dialectOf(from).parseResponse(body, JSON.stringify(body), {});
  return dialectOf(to).formatResponse(foldEvents(events), sampleRequest(), OPTIONS);
}

function response(...output: JsonObject[]): JsonObject {
  return { id: "resp_1", object: "response", created_at: 0, model: "m", status: "completed", output };
}

function said(text: string, annotations: JsonObject[] = []): JsonObject {
  return {
    type: "message",
    id: `msg_${text}`,
    role: "assistant",
    content: [{ type: "output_text", text, annotations }],
  };
}

function chat(message: JsonObject, rest: JsonObject = {}): JsonObject {
  return { id: "1", model: "m", choices: [{ index: 0, message: { role: "assistant", ...message }, ...rest }] };
}

/** The content of the text that a response holds. */
function textIn({ output }: JsonObject): JsonObject | undefined {
  const items = Array.isArray(output) ? output as JsonObject[] : [];
  return (items.find(({ type }) => type === "message")?.content as JsonObject[] | undefined)?.[0];
}

Deno.test("a citation of the Responses API is a chat's, its members in an object of their own", () => {
  const answer = translate(
    "openai_responses",
    response(said("Hello", [{ type: "url_citation", ...CITATION }])),
    "openai_chat",
  );
  const [choice] = answer.choices as JsonObject[];
  const { annotations } = choice?.message as JsonObject;
  assert.deepEqual(annotations, [{ type: "url_citation", url_citation: CITATION }]);
});

Deno.test("a chat's citation is the Responses API's, and stays on its text though a call follows", () => {
  const answer = chat({
    content: "Hello",
    annotations: [{ type: "url_citation", url_citation: CITATION }],
    tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
  }, { finish_reason: "tool_calls" });
  const part = textIn(translate("openai_chat", answer, "openai_responses"));
  assert.deepEqual(part?.annotations, [{ type: "url_citation", ...CITATION }]);
});

Deno.test("a citation of a document has the members that clients of the Responses API check", () => {
  const citation = {
    type: "char_location",
    document_title: "T",
    document_index: 0,
    start_char_index: 0,
    end_char_index: 1,
  };
  const content = [{ type: "text", text: "Hello", citations: [citation] }];
  const answer = { type: "message", id: "msg", role: "assistant", model: "m", content, stop_reason: "end_turn" };
  const [note] = textIn(translate("anthropic", answer, "openai_responses"))?.annotations as JsonObject[];
  const { type, file_id, index, filename } = note ?? {};
  assert.deepEqual({ type, file_id, index, filename }, { type: "file_citation", file_id: "", index: 0, filename: "T" });
});

Deno.test("logprobs stay on their text though a thought came before it", () => {
  const answer = chat({ reasoning_content: "Hm.", content: "Hello" }, {
    logprobs: { content: [LOGPROB] },
    finish_reason: "stop",
  });
  const part = textIn(translate("openai_chat", answer, "openai_responses"));
  assert.deepEqual(part?.logprobs, [LOGPROB]);
});

Deno.test("two messages of one response do not run into each other", () => {
  const answer = translate("openai_responses", response(said("I look."), said("Done.")), "anthropic");
  assert.deepEqual(answer.content, [{ type: "text", text: "I look.\n\nDone." }]);
});

for (const [to, word] of [["anthropic", "refusal"], ["openai_responses", "completed"]] as const) {
  Deno.test(`a refusal in a chat's own words ends in ${to} as ${word}`, () => {
    const answer = translate("openai_chat", chat({ content: null, refusal: "No." }, { finish_reason: "stop" }), to);
    assert.equal(answer.stop_reason ?? answer.status, word);
  });
}
