/** Tests of the two halves of the codec against each other, over answers of any shape. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChatEvent } from "../../../chat/event.ts";
import type { Reply } from "../../../chat/reply.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { eventsOf, foldEvents, readStream, writeStream } from "../../support/codec.ts";
import { checkOpenaiChatStream } from "../../support/openai_chat_grammar.ts";
import { OPTIONS, streamRequest } from "./support.ts";

const text = fc.string({ unit: "binary", minLength: 1, maxLength: 12 });
const word = fc.stringMatching(/^[a-z]{1,8}$/);

/** What one block of an answer is told in. */
const block: fc.Arbitrary<ChatEvent[]> = fc.oneof(
  fc.array(text, { minLength: 1, maxLength: 3 }).map((deltas) =>
    deltas.map((text) => ({ type: "text" as const, text }))
  ),
  fc.tuple(fc.array(text, { minLength: 1, maxLength: 3 }), word).map(([deltas, signature]): ChatEvent[] => [
    ...deltas.map((text) => ({ type: "reasoning" as const, text })),
    { type: "reasoning", text: "", signature },
  ]),
  fc.tuple(text, word).map(([text, signature]): ChatEvent[] => [{ type: "reasoning", text, signature }]),
  word.map((signature): ChatEvent[] => [{ type: "reasoning", text: "", signature }]),
  word.map((data): ChatEvent[] => [{ type: "redacted-reasoning", data }]),
  text.map((text): ChatEvent[] => [{ type: "refusal", text }]),
  fc.base64String({ minLength: 4, maxLength: 8 }).map((data): ChatEvent[] => [
    { type: "media", mediaType: "image/png", data },
  ]),
  fc.record({ token: text, logprob: fc.integer({ max: -1 }) }, { noNullPrototype: true }).map((token): ChatEvent[] => [
    { type: "logprobs", content: [token] },
  ]),
  word.map((url): ChatEvent[] => [{ type: "annotation", annotation: { type: "url_citation", url } }]),
);

/** A call whose arguments come in pieces, or not at all. */
const call = fc.record({
  name: word,
  pieces: fc.tuple(fc.dictionary(word, fc.nat()), fc.nat(10), fc.boolean()).map(([value, cut, isEmpty]) => {
    const json = JSON.stringify(value);
    return isEmpty ? [] : [json.slice(0, cut), json.slice(cut)];
  }),
});

const choice = fc.record({
  thought: fc.option(text, { nil: undefined }),
  blocks: fc.array(block, { maxLength: 5 }),
  calls: fc.array(call, { maxLength: 3 }),
  cut: fc.boolean(),
}).map(({ thought, blocks, calls, cut }): ChatEvent[] => [
  ...(thought === undefined ? [] : [{ type: "reasoning" as const, text: thought }]),
  ...blocks.flat(),
  ...calls.flatMap(({ name, pieces }, index): ChatEvent[] => [
    { type: "tool-call", index, id: `call_${index}`, name },
    ...pieces.map((json): ChatEvent => ({ type: "tool-arguments", index, json })),
  ]),
  cut
    ? { type: "finish", reason: "length", raw: "length" }
    : calls.length > 0
    ? { type: "finish", reason: "tool-calls", raw: "tool_calls" }
    : { type: "finish", reason: blocks.flat().some(isRefusal) ? "refusal" : "stop", raw: "stop" },
]);

function isRefusal(event: ChatEvent): boolean {
  return event.type === "refusal" && event.text !== "";
}

/** The events of an answer of one or two choices. */
const answer: fc.Arbitrary<ChatEvent[]> = fc.tuple(choice, fc.option(choice, { nil: [] })).map(([first, second]) => [
  { type: "start", id: "up-1", model: "upstream-model", created: 7 },
  ...first,
  ...second.map((event) =>
    event.type === "start" || event.type === "usage" || event.type === "error" ? event : { ...event, choice: 1 }
  ),
  { type: "usage", usage: { input: 3, output: 2, cached: 1, reasoning: 1 } },
]);

function stream(events: readonly ChatEvent[]): string[] {
  const formatter = openaiChat.eventFormatter(streamRequest({ includeUsage: true, n: 2 }), OPTIONS);
  return writeStream(formatter, events.map((event) => ({ events: [event] })));
}

/** What an answer says, whatever it is called. */
function content({ choices, usage }: Reply): Pick<Reply, "choices" | "usage"> {
  return { choices, ...(usage && { usage }) };
}

Deno.test("a stream that we wrote is read as the events it was made of", () => {
  fc.assert(fc.property(answer, (events) => {
    const read = eventsOf(readStream(openaiChat, stream(events).join(""), { thinkTags: false }));
    assert.deepEqual(content(foldEvents(read)), content(foldEvents(events)));
    assert.equal(read.filter(({ type }) => type === "start").length, 1);
  }));
});

Deno.test("V10 a stream that we wrote keeps the contract, and its deltas joined are the whole answer", () => {
  fc.assert(fc.property(answer, (events) => {
    const read = checkOpenaiChatStream(stream(events), { includeUsage: true, n: 2 });
    const request = streamRequest({ includeUsage: true, n: 2 });
    const whole = JSON.parse(JSON.stringify(openaiChat.formatResponse(foldEvents(events), request, OPTIONS)));
    assert.deepEqual(read.usage, whole.usage);
    assert.equal(read.choices.length, whole.choices.length);
    read.choices.forEach((choice, index) => {
      const { message, finish_reason: finish } = whole.choices[index];
      assert.equal(choice.text, message.content ?? "");
      assert.equal(choice.reasoning, message.reasoning_content ?? "");
      assert.equal(choice.refusal, message.refusal ?? "");
      assert.equal(choice.finish, finish);
      assert.deepEqual(
        choice.toolCalls.map(({ id, name, arguments: json }) => [id, name, json]),
        (message.tool_calls ?? []).map(({ id, function: called }: Called) => [id, called.name, called.arguments]),
      );
    });
  }));
});

interface Called {
  id: string;
  function: { name: string; arguments: string };
}

/** Known loss: in a message nothing stands between two blocks, so a signature alone joins the one before it. */
function hasLoneSignature(events: readonly ChatEvent[]): boolean {
  return foldEvents(events).choices.some(({ parts }) =>
    parts.some((part) => part.type === "reasoning" && part.text === "")
  );
}

Deno.test("a whole answer that we wrote is read as the reply it was made of", () => {
  fc.assert(fc.property(answer.filter((events) => !hasLoneSignature(events)), (events) => {
    const reply = foldEvents(events);
    const whole = openaiChat.formatResponse(reply, streamRequest({ n: 2 }), OPTIONS);
    const { events: read } = openaiChat.parseResponse(whole, JSON.stringify(whole), { thinkTags: false });
    const again = openaiChat.formatResponse(foldEvents(read), streamRequest({ n: 2 }), OPTIONS);
    assert.deepEqual(again, whole);
  }));
});

Deno.test("R10 what we wrote may be relayed by another of us", () => {
  fc.assert(fc.property(answer, (events) => {
    const frames = stream(events).join("");
    const formatter = openaiChat.eventFormatter(streamRequest({ includeUsage: true, n: 2 }), OPTIONS);
    const written = writeStream(formatter, readStream(openaiChat, frames, { thinkTags: false }));
    checkOpenaiChatStream(written, { includeUsage: true, n: 2 });
  }));
});
