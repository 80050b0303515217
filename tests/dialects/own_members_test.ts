/** Tests of members of tools that one dialect alone has, where the tools have to be written anew. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../chat/json.ts";
import { anthropic } from "../../dialects/anthropic/mod.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { gemini } from "../../dialects/gemini/mod.ts";
import { openaiResponses } from "../../dialects/openai_responses/mod.ts";

const ROUTE = { model: "m", verb: "generateContent", sse: false };

interface Row {
  dialect: Dialect;
  /** A request with one tool, and what that tool is written as. */
  body: JsonObject;
  tool: JsonObject;
  route?: JsonObject;
}

const messages = [{ role: "user", content: "Hi" }];
const parameters = { type: "object" };
const messagesTool = { name: "f", input_schema: parameters, defer_loading: true, eager_input_streaming: true };
const responsesTool = { type: "function", name: "f", parameters, strict: true, defer_loading: true };
const declaration = { name: "f", response: { type: "STRING" } };

const ROWS: Row[] = [
  {
    dialect: anthropic,
    body: { model: "m", max_tokens: 9, messages, tools: [messagesTool] },
    tool: messagesTool,
  },
  {
    dialect: openaiResponses,
    body: { model: "m", input: "Hi", tools: [responsesTool] },
    tool: responsesTool,
  },
  {
    dialect: gemini,
    body: { contents: [{ parts: [{ text: "Hi" }] }], tools: [{ functionDeclarations: [declaration] }] },
    tool: declaration,
    route: ROUTE,
  },
];

for (const { dialect, body, tool, route } of ROWS) {
  Deno.test(`what only ${dialect.name} has of a tool is kept where another tool came beside it`, () => {
    const request = dialect.parseRequest(body, { text: JSON.stringify(body), ...(route && { route }) });
    const tools = [...request.tools ?? [], { type: "function" as const, name: "added" }];
    const target = { model: "m", stream: false, facts: {}, quirks: {} };
    const written = dialect.formatRequest({ ...request, tools }, target);
    const [first, second] = toolsIn(written.body);
    assert.deepEqual(first, tool);
    assert.equal(second?.name, "added");
    assert.deepEqual(written.lost, []);
  });
}

function toolsIn(body: JsonObject): JsonObject[] {
  const tools = body.tools as JsonObject[];
  return (tools[0]?.functionDeclarations ?? tools) as JsonObject[];
}
