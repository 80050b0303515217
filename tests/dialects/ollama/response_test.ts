/** Whole answers, read from an upstream and written for a client. */

import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import type { Reply } from "../../../chat/reply.ts";
import type { Dialect, FormatOptions } from "../../../dialects/dialect.ts";
import { ollama, ollamaGenerate } from "../../../dialects/ollama/mod.ts";
import { fixture, foldEvents } from "../../support/codec.ts";
import { checkOllamaStream } from "../../support/ollama_grammar.ts";
import { chatRequest } from "./support.ts";

const OPTIONS: FormatOptions = { model: "alias", id: "abc", created: 1_788_000_000, keepAlive: "comment" };

function parse(text: string, dialect: Dialect = ollama) {
  return dialect.parseResponse(JSON.parse(text), text, {});
}

function format(reply: Partial<Reply>, dialect: Dialect = ollama) {
  return dialect.formatResponse({ id: "", model: "", choices: [{ parts: [] }], ...reply }, chatRequest(), OPTIONS);
}

Deno.test("parseResponse() reads a whole answer, and passes its text on", () => {
  const text = fixture("ollama/chat.json").trim();
  const beat = parse(text);
  equal(beat.raw, text);
  deepEqual(beat.events.map(({ type }) => type), ["start", "reasoning", "text", "usage", "finish"]);
  const pretty = JSON.stringify(JSON.parse(text), null, 2);
  equal(parse(pretty).raw, pretty);
});

Deno.test("L2 parseResponse() reads calls, and what generate answers", () => {
  const calls = foldEvents(parse(fixture("ollama/chat_tools.json")).events);
  equal(calls.choices[0]!.finish!.reason, "tool-calls");
  const generated = foldEvents(parse(fixture("ollama/generate.json"), ollamaGenerate).events);
  deepEqual(generated.choices[0]!.parts, [{ type: "text", text: "It is blue." }]);
});

Deno.test("parseResponse() reports an error, an answer that was cut, and what is no answer", () => {
  const kindOf = (text: string) => {
    const last = parse(text).events.at(-1);
    return last?.type === "error" && last.error.kind;
  };
  equal(kindOf(fixture("ollama/error.json")), "unknown-model");
  equal(kindOf(fixture("ollama/chat.json").replace('"done":true', '"done":false')), "upstream-cut");
  equal(kindOf("[]"), "upstream-malformed");
  equal(kindOf("{}"), "upstream-cut");
});

Deno.test("formatResponse() writes a whole chat", () => {
  const reply = {
    created: 1_788_000_001,
    choices: [{
      parts: [
        { type: "reasoning" as const, text: "Hm", signature: "s" },
        { type: "text" as const, text: "No" },
        { type: "refusal" as const, text: "." },
        { type: "tool-call" as const, id: "a", name: "f", json: '{"x":1}' },
        { type: "media" as const, mediaType: "image/png", data: "AAAA" },
        { type: "redacted-reasoning" as const, data: "x" },
      ],
      finish: { reason: "tool-calls" as const },
      logprobs: { content: [{ token: "No" }] },
    }],
    usage: { input: 3, output: 2 },
  };
  deepEqual(format(reply), {
    model: "alias",
    created_at: "2026-08-29T10:40:01.000Z",
    message: {
      role: "assistant",
      content: "No.",
      thinking: "Hm",
      images: ["AAAA"],
      tool_calls: [{ id: "a", function: { index: 0, name: "f", arguments: { x: 1 } } }],
    },
    done: true,
    done_reason: "stop",
    prompt_eval_count: 3,
    eval_count: 2,
    logprobs: [{ token: "No" }],
  });
  const generated = format(reply, ollamaGenerate);
  deepEqual([generated.response, generated.thinking, generated.image, generated.context], ["No.", "Hm", "AAAA", []]);
});

Deno.test("formatResponse() writes an answer that says nothing", () => {
  deepEqual(format({}), {
    model: "alias",
    created_at: "2026-08-29T10:40:00.000Z",
    message: { role: "assistant", content: "" },
    done: true,
    done_reason: "stop",
  });
});

Deno.test("T13 formatResponse() leaves out a call that the limit cut", () => {
  const call = { type: "tool-call" as const, id: "a", name: "f", json: '{"x":' };
  const { message } = format({ choices: [{ parts: [call], finish: { reason: "length" } }] });
  deepEqual(message, { role: "assistant", content: "" });
});

Deno.test("a whole answer is a grammatical stream of one line, and reads back as it was", () => {
  const word = fc.string({ minLength: 1 }).filter((text) => /^[^<\s]/.test(text));
  const reply = fc.record({
    thought: word,
    text: word,
    names: fc.array(word, { maxLength: 2 }),
    usage: fc.record({ input: fc.nat(), output: fc.nat(), cached: fc.nat() }),
  }).map(({ thought, text, names, usage }): Reply => ({
    id: "",
    model: "alias",
    created: OPTIONS.created,
    choices: [{
      parts: [
        { type: "reasoning", text: thought },
        { type: "text", text },
        ...names.map((name, at) => ({ type: "tool-call" as const, id: `id_${at}`, name, json: '{"x":[1]}' })),
      ],
      finish: { reason: names.length > 0 ? "tool-calls" : "stop", raw: "stop" },
    }],
    usage,
  }));
  fc.assert(fc.property(reply, (reply) => {
    for (const [route, dialect] of [["chat", ollama], ["generate", ollamaGenerate]] as const) {
      const text = JSON.stringify(format(reply, dialect));
      ok(checkOllamaStream(`${text}\n`, { route }).finish);
      deepEqual(foldEvents(parse(text, dialect).events), reply);
    }
  }));
});
