/** Tests of what an upstream of one dialect answers, as a client of another is told of it. */

import assert from "node:assert/strict";
import type { ChatEvent, DialectName } from "../../chat/event.ts";
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

/** A citation of a place, as the Responses API writes it. */
function cited(start_index: number, end_index: number): JsonObject {
  return { type: "url_citation", url: "https://example.com", title: "Example", start_index, end_index };
}

/** What the places of a chat's annotations cite of its text. */
function citedIn(answer: JsonObject): string[] {
  const { message } = (answer.choices as JsonObject[])[0] as {
    message: { content: string; annotations: JsonObject[] };
  };
  return message.annotations.map((annotation) => {
    const { start_index, end_index } = annotation.url_citation as Record<string, number>;
    return message.content.slice(start_index, end_index);
  });
}

Deno.test("a citation in the second message of a response cites the same words of a chat's one text", () => {
  const answer = response(said("I'll look it up."), said("It is 4.", [cited(6, 7)]));
  assert.deepEqual(citedIn(translate("openai_responses", answer, "openai_chat")), ["4"]);
});

/** The parts of all messages of a response, each with what its annotations cite of its own text. */
function citedParts({ output }: JsonObject): [text: string, cited: string[]][] {
  return (output as JsonObject[]).filter(({ type }) => type === "message").flatMap(({ content }) =>
    (content as { text: string; annotations: { start_index: number; end_index: number }[] }[]).map((
      { text, annotations },
    ): [string, string[]] => [text, annotations.map((note) => text.slice(note.start_index, note.end_index))])
  );
}

/** The response that the stream of these events ends with. */
function streamedResponse(events: readonly ChatEvent[]): JsonObject {
  const formatter = dialectOf("openai_responses").eventFormatter(sampleRequest(), OPTIONS);
  const frames = [...events.flatMap((event) => formatter.push({ events: [event] })), ...formatter.end()];
  return JSON.parse(frames.at(-1)!.split("data: ")[1]!).response;
}

const SEARCH = { type: "server_tool_use", id: "s", name: "web_search", input: { query: "q" } };
const PAGE = { type: "web_search_result_location", url: "https://example.com", title: "E", cited_text: "Paris." };

Deno.test("a citation behind a search is on the words of its own item of a response, whole and streamed", () => {
  const content = [
    { type: "text", text: "I look it up. " },
    SEARCH,
    { type: "text", text: "Paris.", citations: [PAGE] },
  ];
  const body = { type: "message", id: "msg", role: "assistant", model: "m", content, stop_reason: "end_turn" };
  const { events } = dialectOf("anthropic").parseResponse(body, JSON.stringify(body), {});
  for (const answer of [translate("anthropic", body, "openai_responses"), streamedResponse(events)]) {
    assert.deepEqual(citedParts(answer).at(-1)?.[1], ["Paris."]);
  }
  assert.deepEqual(citedParts(streamedResponse(events)).length, 2, "the search stands between the two");
});

Deno.test("an annotation before the first text, or behind a call, is in the response that a stream ends with", () => {
  const annotation = {
    type: "url_citation",
    url_citation: { url: "https://a.b", title: "A", start_index: 0, end_index: 5 },
  };
  const noted: ChatEvent = { type: "annotation", annotation };
  const spoken: ChatEvent = { type: "text", text: "Hello" };
  const called: ChatEvent[] = [
    { type: "tool-call", index: 0, id: "c", name: "f" },
    { type: "tool-arguments", index: 0, json: "{}" },
  ];
  const end: ChatEvent = { type: "finish", reason: "tool-calls" };
  for (const events of [[noted, spoken, ...called, end], [spoken, ...called, noted, end]]) {
    assert.deepEqual(citedParts(streamedResponse([{ type: "start", id: "x", model: "m" }, ...events])), [
      ["Hello", ["Hello"]],
    ]);
  }
});
