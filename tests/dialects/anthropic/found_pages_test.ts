/** Tests of what clients of Messages read of a search that another vendor ran. */

import assert from "node:assert/strict";
import type { ChatEvent } from "../../../chat/event.ts";
import type { JsonObject } from "../../../chat/json.ts";
import { replyFolder } from "../../../chat/reply_folder.ts";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import { checkAnthropicStream } from "../../support/anthropic_grammar.ts";
import { writeStream } from "../../support/codec.ts";
import { finish, start, text, usage } from "./support.ts";

const SEARCH = { type: "web_search_20250305", name: "web_search", max_uses: 8 };
const OPTIONS = { model: "m", id: "ab-c1", created: 1, keepAlive: "comment" } as const;

const note = (url: string, title?: string): ChatEvent => ({
  type: "annotation",
  annotation: { type: "url_citation", url_citation: { url, ...(title && { title }), start_index: 0, end_index: 2 } },
});
const searched: ChatEvent = {
  ...{ type: "opaque", dialect: "openai_responses", value: { type: "web_search_call" } },
  queries: ["deno", "deno 2.9"],
};

/** The blocks of a stream, which those of a whole answer must equal. */
function blocksFor(tools: JsonObject[], ...said: ChatEvent[]): JsonObject[] {
  const body = { model: "m", max_tokens: 9, messages: [{ role: "user", content: "Hi" }], tools };
  const request = anthropic.parseRequest(body, { text: JSON.stringify(body) });
  const events = [start, ...said, finish(), usage(3, 2)];
  const frames = writeStream(anthropic.eventFormatter(request, OPTIONS), events.map((event) => ({ events: [event] })));
  const blocks = checkAnthropicStream(frames).blocks.map(({ start, text, json }) => ({
    ...start,
    ...(start.type === "text" && { text }),
    ...(json !== "" && { input: JSON.parse(json) }),
  }));
  const folder = replyFolder();
  folder.push(events);
  const whole = anthropic.formatResponse(folder.reply(), request, OPTIONS).content;
  assert.deepEqual(blocks, whole);
  return blocks as JsonObject[];
}

Deno.test("T18 a client that asked for a search gets what another vendor found, behind the text", () => {
  const [said, call, found, ...more] = blocksFor(
    [SEARCH],
    searched,
    text("Hi"),
    note("https://deno.com/", "Deno"),
    note("https://b.example/"),
    note("https://deno.com/", "Deno again"),
  );
  assert.deepEqual([said?.type, more], ["text", []]);
  assert.deepEqual(call, {
    ...{ type: "server_tool_use", id: "srvtoolu_abc1", name: "web_search", input: { query: "deno; deno 2.9" } },
  });
  const page = (url: string, title: string) => ({
    ...{ type: "web_search_result", url, title, encrypted_content: "", page_age: null },
  });
  assert.deepEqual(found, {
    type: "web_search_tool_result",
    tool_use_id: "srvtoolu_abc1",
    content: [page("https://deno.com/", "Deno"), page("https://b.example/", "https://b.example/")],
  });
});

Deno.test("T18 a search that found nothing is told, too; an answer without a search is text alone", () => {
  assert.deepEqual(blocksFor([SEARCH], searched, text("Hi"))[2]?.content, []);
  assert.deepEqual(blocksFor([SEARCH], text("Hi")).map(({ type }) => type), ["text"]);
});

Deno.test("T18 nobody gets blocks of a search who did not ask for one, or has Anthropic's own", () => {
  const pages = [text("Hi"), note("https://deno.com/", "Deno")];
  assert.deepEqual(blocksFor([{ name: "f", input_schema: {} }], searched, ...pages).map(({ type }) => type), ["text"]);
  const own: ChatEvent = {
    type: "opaque",
    dialect: "anthropic",
    value: { type: "web_search_tool_result", content: [] },
  };
  assert.deepEqual(blocksFor([SEARCH], own, ...pages).map(({ type }) => type), ["web_search_tool_result", "text"]);
});
