/** Tests of a history that is told without searches that Anthropic did not run. */

import { deepEqual, equal } from "node:assert/strict";
import { forgetSearches } from "../../chat/forget_searches.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { AssistantPart } from "../../chat/request.ts";
import { assistant, sampleRequest, user } from "./sample_request.ts";

const TEXT: AssistantPart = { type: "text", text: "Found" };
const opaque = (value: JsonObject): AssistantPart => ({ type: "opaque", dialect: "anthropic", value });

/** A search with its pages, each with the mark that Anthropic makes, or none. */
function search(id: string, ...marks: string[]): AssistantPart[] {
  const content = marks.map((encrypted_content) => ({ type: "web_search_result", url: "u", encrypted_content }));
  return [
    opaque({ type: "server_tool_use", id, name: "web_search", input: {} }),
    opaque({ type: "web_search_tool_result", tool_use_id: id, content }),
  ];
}

Deno.test("a search whose pages lack Anthropic's mark goes with its call, and others stay", () => {
  const own = search("own", "EqgB");
  const messages = [user("Hi"), assistant(...search("made", ""), TEXT, ...own, ...search("half", "EqgB", ""))];
  deepEqual(forgetSearches(sampleRequest({ messages }))?.messages, [user("Hi"), assistant(TEXT, ...own)]);
});

Deno.test("a history whose searches Anthropic ran, or that has none, is left alone", () => {
  const failed = opaque({ type: "web_search_tool_result", tool_use_id: "x", content: { error_code: "unavailable" } });
  for (const parts of [[TEXT], [...search("own", "EqgB"), TEXT], search("none"), [failed]]) {
    equal(forgetSearches(sampleRequest({ messages: [user("Hi"), assistant(...parts)] })), undefined);
  }
});
