/** Tests of searches of the web: a client asks in its own words, another vendor searches, and the client reads what it found. */

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import type { Script } from "../support/mock_upstream.ts";
import { fixture } from "../support/codec.ts";
import { type Pair, withPair } from "../support/pair.ts";
import { CHAT_ANSWER, refused } from "../support/refused.ts";

const QUESTION = "Perform a web search for the query: deno 2.9";

/** As Claude Code searches: a request of its own, with no tool but this one. */
const BY_CLAUDE_CODE = {
  ...{ model: "up/up-model", max_tokens: 1000, messages: [{ role: "user" as const, content: QUESTION }] },
  tools: [{ type: "web_search_20250305" as const, name: "web_search" as const, allowed_domains: ["deno.com"] }],
};

function stream(path: string): Script {
  return { kind: "stream", chunks: [fixture(path)] };
}

function askAsClaudeCode({ gateway }: Pair): Promise<Anthropic.Message> {
  const client = new Anthropic({ baseURL: gateway.url, apiKey: "k", maxRetries: 0 });
  return client.messages.stream(BY_CLAUDE_CODE).finalMessage();
}

function paths({ upstream }: Pair): string[] {
  return upstream.requests.map(({ path }) => path.replace("/v1/", ""));
}

const openai = withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_API: "both" } });

openai.test({
  name: "T18 Claude Code's search is run by OpenAI, where it was to look, and tells its pages",
  async run(pair) {
    pair.upstream.push(stream("openai_responses/openai_search.sse"));
    const message = await askAsClaudeCode(pair);
    const [request] = pair.upstream.requests;
    assert.deepEqual(request?.json.tools, [{ type: "web_search", filters: { allowed_domains: ["deno.com"] } }]);
    assert.deepEqual(paths(pair), ["responses"]);
    const said = message.content.map((block) => {
      if (block.type === "text") return block.text;
      if (block.type === "server_tool_use") return block.input;
      assert.ok(block.type === "web_search_tool_result" && Array.isArray(block.content));
      return block.content.map(({ url, title }) => [url, title]);
    });
    assert.deepEqual(said, ["Deno 2.9 is out.", { query: "deno 2.9" }, [["https://deno.com/blog", "Deno"]]]);
    assert.equal(message.stop_reason, "end_turn");
  },
});

openai.test({
  name: "T18 Gemini CLI's search is run by OpenAI, and its sources are where it looks for them",
  async run({ gateway, upstream }) {
    upstream.push(stream("openai_responses/openai_search.sse"));
    const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: gateway.url } });
    const answer = await client.models.generateContent({
      model: "up/up-model",
      contents: QUESTION,
      config: { tools: [{ googleSearch: {} }] },
    });
    assert.deepEqual(answer.candidates?.[0]?.groundingMetadata, {
      webSearchQueries: ["deno 2.9"],
      groundingChunks: [{ web: { uri: "https://deno.com/blog", title: "Deno" } }],
      groundingSupports: [{
        segment: { startIndex: 0, endIndex: 8, text: "Deno 2.9" },
        groundingChunkIndices: [0],
      }],
    });
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_TYPE: "anthropic" } }).test({
  name: "T18 Codex's search is run by Claude, and Codex is told what for",
  async run({ gateway, upstream }) {
    upstream.push(stream("anthropic/web_search.sse"));
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "k", maxRetries: 0 });
    const run = client.responses.stream({ model: "up/up-model", input: QUESTION, tools: [{ type: "web_search" }] });
    const { output } = await run.finalResponse();
    const search = output.find(({ type }) => type === "web_search_call");
    assert.ok(search?.type === "web_search_call" && search.id.startsWith("ws_"));
    assert.deepEqual([search.status, search.action], ["completed", { type: "search", query: "deno" }]);
    assert.deepEqual(upstream.requests[0]?.json.tools, [{ type: "web_search_20250305", name: "web_search" }]);
  },
});

openai.test({
  name: "T18 a model that cannot search is asked by Chat, and the search is named as lost",
  async run(pair) {
    pair.upstream.push(refused("Hosted tool 'web_search' is not supported with gpt-4.1-nano."), CHAT_ANSWER);
    const { status, headers } = await ask(pair, "/v1/messages", BY_CLAUDE_CODE);
    assert.deepEqual([status, headers.get("x-anystream-lost")], [200, "tools[0]"]);
    assert.deepEqual(paths(pair), ["responses", "chat/completions"]);
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_API: "search" } }).test({
  name: "T18 xAI is asked by Responses for a search alone; an agent's turn with functions beside it stays with Chat",
  async run(pair) {
    const body: Script = { kind: "json", body: JSON.parse(fixture("openai_responses/openai_search.json")) };
    pair.upstream.push(body, CHAT_ANSWER);
    const tool = { name: "f", input_schema: { type: "object" } };
    assert.equal((await ask(pair, "/v1/messages", BY_CLAUDE_CODE)).status, 200);
    const turn = { ...BY_CLAUDE_CODE, tools: [tool, ...BY_CLAUDE_CODE.tools] };
    const mixed = await ask(pair, "/v1/messages", turn);
    assert.deepEqual([mixed.status, mixed.headers.get("x-anystream-lost")], [200, "tools[1]"]);
    assert.deepEqual(paths(pair), ["responses", "chat/completions"]);
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_QUIRKS_WEB_SEARCH: "openrouter" } }).test({
  name: "T18 Claude Code's search is run by a vendor of Chat Completions, and tells its pages",
  async run(pair) {
    const annotations = [{ type: "url_citation", url_citation: { url: "https://deno.com/", title: "Deno" } }];
    const chunk = (delta: unknown, finish_reason: string | null = null) =>
      `data: ${
        JSON.stringify({
          ...{ id: "c", object: "chat.completion.chunk", created: 1, model: "up-model" },
          choices: [{ index: 0, delta, finish_reason }],
        })
      }\n\n`;
    const chunks = [
      chunk({ role: "assistant", content: "Deno 2.9" }),
      chunk({ content: "", annotations }),
      chunk({}, "stop"),
      "data: [DONE]\n\n",
    ];
    pair.upstream.push({ kind: "stream", chunks });
    const message = await askAsClaudeCode(pair);
    assert.deepEqual(pair.upstream.requests[0]?.json.tools, [
      { type: "openrouter:web_search", parameters: { allowed_domains: ["deno.com"] } },
    ]);
    assert.deepEqual(message.content.map(({ type }) => type), ["text", "server_tool_use", "web_search_tool_result"]);
  },
});

withPair({ env: { MAX_RETRIES: "1", PROVIDER_UP_TYPE: "anthropic" } }).test({
  name: "T18 a conversation with another vendor's search in it goes on with Claude, which takes back its own alone",
  async run(pair) {
    const page = (encrypted_content: string) => ({
      ...{ type: "web_search_result", url: "https://deno.com/", title: "Deno", encrypted_content, page_age: null },
    });
    const search = (id: string, mark: string) => [
      { type: "server_tool_use", id, name: "web_search", input: { query: "deno" } },
      { type: "web_search_tool_result", tool_use_id: id, content: [page(mark)] },
    ];
    const own = search("srvtoolu_own", "EqgfCioIARgB");
    const told = { type: "text", text: "Deno 2.9" };
    const messages = [
      { role: "user", content: QUESTION },
      { role: "assistant", content: [told, ...search("srvtoolu_made", ""), ...own] },
      { role: "user", content: "And?" },
    ];
    const refusal = { type: "invalid_request_error", message: "messages.1.content.2: Invalid `encrypted_content`" };
    const answer: Script = { kind: "json", body: JSON.parse(fixture("anthropic/message.json")) };
    pair.upstream.push({ kind: "json", status: 400, body: { type: "error", error: refusal } }, answer);
    const { status, headers } = await ask(pair, "/v1/messages", { ...BY_CLAUDE_CODE, messages });
    assert.deepEqual([status, headers.get("x-anystream-lost")], [200, "messages"]);
    const sent = pair.upstream.requests[1]?.json.messages as typeof messages;
    assert.deepEqual(sent[1]?.content, [told, ...own]);
  },
});

withPair({ env: { MAX_RETRIES: "1", SEARCH_MODEL: "up/finder", PROVIDER_UP_QUIRKS_WEB_SEARCH: "glm" } }).test({
  name: "a search alone goes to the model that is set for it, in the name of the one asked for; all else stays",
  async run(pair) {
    pair.upstream.push(CHAT_ANSWER, CHAT_ANSWER);
    const response = await fetch(`${pair.gateway.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify(BY_CLAUDE_CODE),
    });
    assert.deepEqual([response.status, (await response.json()).model], [200, "up/up-model"]);
    const tools = [...BY_CLAUDE_CODE.tools, { name: "f", input_schema: { type: "object" } }];
    assert.equal((await ask(pair, "/v1/messages", { ...BY_CLAUDE_CODE, tools })).status, 200);
    // Gemini CLI asks for one of Google's own, which need not be there.
    const search = { contents: [{ role: "user", parts: [{ text: QUESTION }] }], tools: [{ googleSearch: {} }] };
    pair.upstream.push(CHAT_ANSWER);
    assert.equal((await ask(pair, "/v1beta/models/gemini-3-flash-preview:generateContent", search)).status, 200);
    assert.deepEqual(pair.upstream.requests.map(({ json }) => json.model), ["finder", "up-model", "finder"]);
  },
});

async function ask({ gateway }: Pair, path: string, body: unknown): Promise<Response> {
  const response = await fetch(gateway.url + path, { method: "POST", body: JSON.stringify(body) });
  await response.body?.cancel();
  return response;
}
