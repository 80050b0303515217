/** Tests of tools in namespaces, on their way to an upstream of another dialect and back. */

import assert from "node:assert/strict";
import type { ChatEvent } from "../../../chat/event.ts";
import type { JsonObject } from "../../../chat/json.ts";
import { alterRequest } from "../../../chat/request.ts";
import { openaiResponses } from "../../../dialects/openai_responses/mod.ts";
import { fitToolName } from "../../../dialects/tool_ids.ts";
import { checkOpenaiResponsesStream } from "../../support/openai_responses_grammar.ts";
import { request, write } from "./support.ts";

const shot = { type: "function", name: "shot", description: "Takes a picture", strict: false, parameters: {} };
const lab = {
  type: "namespace",
  name: "mcp__lab",
  description: "Tools in the mcp__lab namespace.",
  tools: [shot, { type: "custom", name: "note", format: { type: "text" } }, { type: "function" }],
};
const LONG = "n".repeat(70);

Deno.test("T23 each tool of a namespace is a tool of its own, named after both", () => {
  const { tools } = request({ tools: [{ type: "function", name: "f" }, lab] });
  const parameters = {};
  assert.deepEqual(tools, [
    { type: "function", name: "f" },
    {
      ...{ type: "function", name: "mcp__lab__shot", namespace: "mcp__lab" },
      ...{ description: "Takes a picture", parameters, strict: false },
    },
    { type: "custom", name: "mcp__lab__note", namespace: "mcp__lab", format: { type: "text" } },
  ]);
});

Deno.test("T18 a namespace without a tool that can be read stays as it is", () => {
  for (const value of [{ ...lab, tools: [] }, { ...lab, tools: "all" }, { ...lab, name: 1 }]) {
    const { tools } = request({ tools: [value] });
    assert.deepEqual(tools, [{ type: "server", dialect: "openai_responses", kind: "other", value }]);
  }
});

Deno.test("T23 a call of such a tool is told by its name and its namespace, whatever its upstream calls it", () => {
  const called = ["f", "mcp__lab__shot", "mcp__lab__note", fitToolName(`mcp__lab__${LONG}`)];
  const events = called.map((name, index): ChatEvent => ({ type: "tool-call", index, id: `call_${index}`, name }));
  const tools = [{ type: "function", name: "f" }, { ...lab, tools: [...lab.tools, { ...shot, name: LONG }] }];
  const written = write(events, request({ stream: true, tools }));
  const { toolCalls } = checkOpenaiResponsesStream(written);
  assert.deepEqual(toolCalls.map(({ type, name }) => [type, name]), [
    ["function_call", "f"],
    ["function_call", "shot"],
    ["custom_tool_call", "note"],
    ["function_call", LONG],
  ]);
  const [last] = written.slice(-1).map((frame) => JSON.parse(frame.slice(frame.indexOf("data: ") + 6)));
  const namespaces = last.response.output.map((item: { namespace?: string }) => item.namespace);
  assert.deepEqual(namespaces, [undefined, "mcp__lab", "mcp__lab", "mcp__lab"]);
});

Deno.test("T23 a call of the history has the name that its tool goes by", () => {
  const { messages } = request({
    input: [
      { type: "function_call", call_id: "a", name: "shot", namespace: "mcp__lab", arguments: "{}" },
      { type: "function_call", call_id: "b", name: "f", namespace: null, arguments: "{}" },
      { type: "function_call_output", call_id: "a", output: "x" },
    ],
  });
  assert.deepEqual(messages, [
    {
      role: "assistant",
      parts: [
        { type: "tool-call", id: "a", name: "mcp__lab__shot", json: "{}" },
        { type: "tool-call", id: "b", name: "f", json: "{}" },
      ],
    },
    { role: "tool", callId: "a", name: "mcp__lab__shot", parts: [{ type: "text", text: "x" }] },
  ]);
});

Deno.test("T23 tools that an item of the input brings are offered like the others, and the item itself says nothing", () => {
  const item = { type: "additional_tools", role: "developer", tools: [lab, { type: "web_search" }] };
  const { tools, messages } = request({
    tools: [{ type: "function", name: "f" }],
    input: [item, { content: "Hi", role: "user" }],
  });
  const names = tools?.map((tool) => tool.type === "server" ? tool.kind : tool.name);
  assert.deepEqual(names, ["f", "mcp__lab__shot", "mcp__lab__note", "web-search"]);
  assert.deepEqual(messages, [{ role: "user", parts: [{ type: "text", text: "Hi" }] }]);
  assert.equal(request({ input: [item] }).tools?.length, 3);
});

Deno.test("Q5 a history that is told anew brings along the tools that were items of it", () => {
  const item = { type: "additional_tools", role: "developer", tools: [lab] };
  const asked = request({ input: [item, { role: "user", content: "Hi" }] });
  const parts = [{ type: "text" as const, text: "Hello" }];
  const target = { model: "m", stream: true, facts: {}, quirks: {} };
  const { body } = openaiResponses.formatRequest(alterRequest(asked, { messages: [{ role: "user", parts }] }), target);
  const tools = body.tools as JsonObject[];
  assert.deepEqual(tools.map(({ type, name }) => [type, name]), [
    ["function", "mcp__lab__shot"],
    ["custom", "mcp__lab__note"],
  ]);
});

Deno.test("T23 an upstream's call in a namespace is known by the name of its tool", () => {
  const item = {
    type: "function_call",
    id: "fc_1",
    call_id: "a",
    name: "shot",
    namespace: "mcp__lab",
    arguments: "{}",
  };
  const { events } = openaiResponses.parseResponse({ output: [item] }, "", {});
  const [call] = events.filter(({ type }) => type === "tool-call");
  assert.deepEqual(call, { type: "tool-call", index: 0, id: "a", name: "mcp__lab__shot" });
});
