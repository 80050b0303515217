/** Tests of the pages that vendors of Chat Completions name beside their answers. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../../chat/json.ts";
import { replyFolder } from "../../../chat/reply_folder.ts";
import { readChunk } from "../../../dialects/openai_chat/chunk.ts";
import { answerReader } from "../../../dialects/openai_chat/answer_reader.ts";

const chunk = (delta: JsonObject, more: JsonObject = {}, finish: string | null = null): JsonObject => ({
  ...{ id: "c", object: "chat.completion.chunk", created: 1, model: "m" },
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});

function pagesOf(...chunks: JsonObject[]): { types: string[]; pages: unknown[] } {
  const reader = answerReader({});
  const events = chunks.flatMap((body) => reader.read(readChunk(body), JSON.stringify(body)).events);
  const folder = replyFolder();
  folder.push([...events, ...reader.close()]);
  const annotations = folder.reply().choices[0]?.annotations ?? [];
  return {
    types: events.map(({ type }) => type),
    pages: annotations.map(({ url_citation: cited }) => {
      const { url, title } = cited as JsonObject;
      return [url, title];
    }),
  };
}

/** As each vendor names a page twice, once with every chunk, and once more with the last. */
const VENDORS: [vendor: string, members: JsonObject, page: [url: string, title: string]][] = [
  ["Perplexity", {
    citations: ["https://a.example/"],
    search_results: [{ title: "A", url: "https://a.example/", date: null }],
  }, ["https://a.example/", "A"]],
  ["xAI", { citations: ["https://a.example/"] }, ["https://a.example/", "https://a.example/"]],
  ["GLM", { web_search: [{ title: "A", link: "https://a.example/", refer: "ref_1" }] }, ["https://a.example/", "A"]],
];

for (const [vendor, members, page] of VENDORS) {
  Deno.test(`pages that ${vendor} names beside its answer are notes on it, each once and before its end`, () => {
    const { types, pages } = pagesOf(
      chunk({ role: "assistant", content: "Hi" }, members),
      chunk({ content: " there" }, members),
      chunk({}, members, "stop"),
    );
    assert.deepEqual(types, ["start", "text", "text", "annotation", "finish"]);
    assert.deepEqual(pages, [page]);
  });
}

Deno.test("what is no page says nothing", () => {
  const odd = { citations: [1, "", null], search_results: "x", web_search: [{ title: "no link" }, null] };
  assert.deepEqual(pagesOf(chunk({ role: "assistant", content: "Hi" }, odd, "stop")).pages, []);
});
