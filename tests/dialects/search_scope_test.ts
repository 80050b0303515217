/** Tests of where a search of the web is to look, from the words of one vendor to those of another. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../chat/json.ts";
import type { DialectName } from "../../chat/event.ts";
import { anthropic } from "../../dialects/anthropic/mod.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { gemini } from "../../dialects/gemini/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { openaiResponses } from "../../dialects/openai_responses/mod.ts";

const LOCATION = { type: "approximate", country: "CH", city: "Bern" };
const BODIES = {
  anthropic: (tool: JsonObject) => ({
    model: "m",
    max_tokens: 9,
    messages: [{ role: "user", content: "Hi" }],
    tools: [tool],
  }),
  openai_responses: (tool: JsonObject) => ({ model: "m", input: "Hi", tools: [tool] }),
} satisfies Partial<Record<DialectName, (tool: JsonObject) => JsonObject>>;

/** The tools that the upstream is given, and what is lost of them. */
function translate(from: Dialect & { name: keyof typeof BODIES }, to: Dialect, tool: JsonObject) {
  const body = BODIES[from.name](tool);
  const request = from.parseRequest(body, { text: JSON.stringify(body) });
  const target = { model: "m", stream: false, facts: {}, quirks: {} };
  const written = to.formatRequest(request, target);
  return {
    tools: written.body.tools,
    lost: written.lost.map(({ path }) => path).filter((path) => path.startsWith("tools")),
  };
}

const messages = anthropic as Dialect & { name: "anthropic" };
const responses = openaiResponses as Dialect & { name: "openai_responses" };

Deno.test("T18 domains and the user's place reach OpenAI from Anthropic's tool, and the other way", () => {
  const tool = {
    ...{ type: "web_search_20250305", name: "web_search", max_uses: 8 },
    ...{ allowed_domains: ["deno.com"], blocked_domains: [], user_location: LOCATION },
  };
  assert.deepEqual(translate(messages, openaiResponses, tool), {
    tools: [{ type: "web_search", filters: { allowed_domains: ["deno.com"] }, user_location: LOCATION }],
    lost: [],
  });
  const own = { type: "web_search", filters: { blocked_domains: ["x.com"] }, user_location: LOCATION };
  assert.deepEqual(translate(responses, anthropic, own), {
    tools: [{ type: "web_search_20250305", name: "web_search", blocked_domains: ["x.com"], user_location: LOCATION }],
    lost: [],
  });
});

Deno.test("T18 a search that a chat asks for by a field is a tool to others, with the user's place", () => {
  const { type, ...approximate } = LOCATION;
  const options = { search_context_size: "low", user_location: { type, approximate } };
  const body = { model: "m", messages: [{ role: "user", content: "Hi" }], web_search_options: options };
  const request = openaiChat.parseRequest(body, { text: JSON.stringify(body) });
  const toolsOf = (dialect: Dialect) => {
    const written = dialect.formatRequest(request, { model: "m", stream: false, facts: {}, quirks: {} });
    assert.deepEqual(written.lost, []);
    return written.body.tools;
  };
  assert.deepEqual(toolsOf(anthropic), [
    { type: "web_search_20250305", name: "web_search", user_location: LOCATION },
  ]);
  assert.deepEqual(toolsOf(openaiResponses), [{ type: "web_search", user_location: LOCATION }]);
  assert.deepEqual(toolsOf(gemini), [{ googleSearch: {} }]);
});

Deno.test("T18 Gemini searches all the web, which is named as lost where only a part of it is wanted", () => {
  const narrow = { type: "web_search_20250305", name: "web_search", blocked_domains: ["x.com"] };
  assert.deepEqual(translate(messages, gemini, narrow), { tools: [{ googleSearch: {} }], lost: ["tools[0]"] });
  const wide = { type: "web_search", user_location: LOCATION };
  assert.deepEqual(translate(responses, gemini, wide), { tools: [{ googleSearch: {} }], lost: [] });
});
