/** Tests of how a client's body is read. */

import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import type { JsonObject } from "../../../chat/json.ts";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import { bodyOf, request } from "./support.ts";

const turn = (...content: JsonObject[]) => ({ role: "user", content });
const reply = (...content: JsonObject[]) => ({ role: "assistant", content });
const messages = (...messages: JsonObject[]) => request({ messages }).messages;

Deno.test("parseRequest() reads what a body asks for", () => {
  const asked = request({
    ...{ system: "Be brief.", temperature: 0.5, top_p: 0.9, top_k: 5, stop_sequences: ["END"], stream: true },
    ...{ metadata: { user_id: "u1" }, service_tier: "auto" },
  });
  const { source, ...rest } = asked;
  assert.deepEqual(rest, {
    model: "claude-alias",
    messages: [
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      { role: "user", parts: [{ type: "text", text: "Hi" }] },
    ],
    ...{ stream: true, includeUsage: true, maxTokens: 100, temperature: 0.5, topP: 0.9, topK: 5, stop: ["END"] },
    ...{ user: "u1", serviceTier: "auto", extra: {} },
  });
  assert.equal(source.dialect, "anthropic");
  assert.equal(JSON.parse(source.text ?? "").temperature, 0.5);
});

Deno.test("Q14 the blocks of system stay in their order, with their marks", () => {
  const cache = { type: "ephemeral", ttl: "1h" };
  const [system] = request({
    system: [
      { type: "text", text: "x-billing: 1" },
      { type: "text", text: "Be brief.", cache_control: cache },
    ],
  }).messages;
  assert.deepEqual(system?.parts, [{ type: "text", text: "x-billing: 1" }, { type: "text", text: "Be brief.", cache }]);
});

Deno.test("Q7 a system turn amid the conversation stays in its place", () => {
  const roles = messages({ role: "user", content: "a" }, { role: "system", content: "b" }, reply(), turn()).map((
    message,
  ) => message.role);
  assert.deepEqual(roles, ["user", "system", "assistant", "user"]);
});

Deno.test("Q7 a system turn that changes the tools is read, and what it adds is offered like the others", () => {
  const definition = { name: "g", description: "Newer", input_schema: { type: "object" } };
  const asked = request({
    tools: [{ name: "f", input_schema: { type: "object" } }, { name: "g", input_schema: { type: "object" } }],
    messages: [
      { role: "user", content: "a" },
      { role: "system", content: [{ type: "tool_addition", tool: { type: "tool_definition", definition } }] },
      {
        role: "system",
        content: [
          { type: "tool_removal", tool: { type: "tool_reference", name: "h" } },
          { type: "tool_addition", tool: { type: "tool_reference", name: "f" } },
          { type: "text", text: "b" },
        ],
      },
    ],
  });
  assert.deepEqual(asked.tools, [
    { type: "function", name: "f", parameters: { type: "object" } },
    { type: "function", name: "g", description: "Newer", parameters: { type: "object" } },
  ]);
  assert.deepEqual(asked.messages.slice(1), [{ role: "system", parts: [{ type: "text", text: "b" }] }]);
});

Deno.test("Q7 a tool that a system turn takes away is not offered, until another gives it back", () => {
  const schema = { input_schema: { type: "object" } };
  const change = (type: string, tool: JsonObject) => ({ role: "system", content: [{ type, tool }] });
  const named = (name: string): JsonObject => ({ type: "tool_reference", name });
  const offered = (...changes: JsonObject[]) =>
    request({
      tools: [{ name: "f", ...schema }, { name: "g", ...schema }],
      messages: [{ role: "user", content: "a" }, ...changes],
    }).tools?.map((tool) => tool.type !== "server" && tool.name);
  const added = change("tool_addition", { type: "tool_definition", definition: { name: "h", ...schema } });
  assert.deepEqual(offered(change("tool_removal", named("f"))), ["g"]);
  assert.deepEqual(offered(change("tool_removal", named("f")), added), ["g", "h"]);
  assert.deepEqual(offered(added, change("tool_removal", named("h"))), ["f", "g"]);
  assert.deepEqual(offered(added, change("tool_removal", named("h")), change("tool_addition", named("h"))), [
    ...["f", "g", "h"],
  ]);
  assert.deepEqual(offered(change("tool_removal", { type: "mcp_toolset", mcp_server_name: "f" })), ["f", "g"]);
});

Deno.test("Q7 a system turn for one turn of the user is seen in that alone, and one without words says nothing", () => {
  const reminder = { role: "system", content: "Be quick", clear_at: "next_user_message" };
  const rolesOf = (...said: JsonObject[]) => messages({ role: "user", content: "a" }, ...said).map(({ role }) => role);
  assert.deepEqual(rolesOf(reminder), ["user", "system"]);
  assert.deepEqual(rolesOf(reminder, reply()), ["user", "system", "assistant"]);
  assert.deepEqual(rolesOf(reminder, reply(), turn()), ["user", "assistant", "user"]);
  assert.deepEqual(rolesOf({ ...reminder, clear_at: "never" }, reply(), turn()), [
    ...["user", "system", "assistant", "user"],
  ]);
  assert.deepEqual(rolesOf({ role: "system", output_config: { effort: "low" } }), ["user"]);
});

Deno.test("Q7 the effort that a system turn set last is asked for, not the one the conversation began with", () => {
  const set = (effort: string) => ({ role: "system", content: [], output_config: { effort } });
  const effortOf = (...said: JsonObject[]) =>
    request({
      output_config: { effort: "high" },
      messages: [{ role: "user", content: "a" }, reply(), ...said, { role: "user", content: "b" }],
    }).reasoning?.effort;
  assert.equal(effortOf(), "high");
  assert.equal(effortOf(set("low")), "low");
  assert.equal(effortOf(set("low"), { role: "user", content: "c" }, reply(), set("max")), "max");
  assert.equal(effortOf(set("low"), { role: "system", content: "Be quick" }), "low");
});

Deno.test("T22 a reference to a tool, in the result of Claude Code's search for tools, is told in words", () => {
  const content = [{ type: "tool_reference", tool_name: "mcp__lab__shot" }, { type: "tool_reference" }];
  const [result] = messages(turn({ type: "tool_result", tool_use_id: "a", content }));
  assert.deepEqual(result?.parts, [
    {
      ...{ type: "opaque", dialect: "anthropic", value: content[0] },
      text: "The tool mcp__lab__shot is loaded and can be called now.",
    },
    { type: "opaque", dialect: "anthropic", value: { type: "tool_reference" } },
  ]);
});

Deno.test("A search result is told others as text under its title, in a turn and in a tool's result", () => {
  const found = {
    ...{ type: "search_result", source: "https://a.example", title: "Manual", citations: { enabled: true } },
    content: [{ type: "text", text: "one" }, { type: "text", text: "two" }],
  };
  const [result, asked] = messages(turn({ type: "tool_result", tool_use_id: "a", content: [found] }, found));
  const text = {
    ...{ type: "opaque", dialect: "anthropic", value: found },
    text: "Manual\nhttps://a.example\none\ntwo",
  };
  assert.deepEqual(result?.parts, [text]);
  assert.deepEqual(asked?.parts, [text]);
});

Deno.test("The summary that stands for what was said before is told others as text", () => {
  const newer = { type: "newer_block", content: "Not said." };
  const summaries = [{ type: "compaction", content: "So far." }, { type: "compaction", content: null }];
  const [said] = messages(reply(...summaries, newer));
  assert.deepEqual(said?.parts, [
    { type: "opaque", dialect: "anthropic", value: { type: "compaction", content: "So far." }, text: "So far." },
    { type: "opaque", dialect: "anthropic", value: { type: "compaction", content: null } },
    { type: "opaque", dialect: "anthropic", value: newer },
  ]);
});

Deno.test("T20 results of tools come before the rest of their turn", () => {
  const parsed = messages(
    reply({ type: "tool_use", id: "a", name: "f", input: { x: 1 } }, { type: "tool_use", id: "b", name: "g" }),
    turn(
      { type: "text", text: "first" },
      { type: "tool_result", tool_use_id: "a", content: "1" },
      { type: "tool_result", tool_use_id: "b", content: [{ type: "text", text: "2" }] },
      { type: "text", text: "then" },
    ),
  );
  assert.deepEqual(parsed, [
    {
      role: "assistant",
      parts: [
        { type: "tool-call", id: "a", name: "f", json: '{"x":1}' },
        { type: "tool-call", id: "b", name: "g", json: "{}" },
      ],
    },
    { role: "tool", callId: "a", name: "f", parts: [{ type: "text", text: "1" }] },
    { role: "tool", callId: "b", name: "g", parts: [{ type: "text", text: "2" }] },
    { role: "user", parts: [{ type: "text", text: "first" }, { type: "text", text: "then" }] },
  ]);
});

Deno.test("T21 a result that is an error says so", () => {
  const [result] = messages(turn({ type: "tool_result", tool_use_id: "a", content: "No", is_error: true }));
  assert.equal(result?.role === "tool" && result.isError, true);
  const [fine] = messages(turn({ type: "tool_result", tool_use_id: "a", is_error: false }));
  assert.deepEqual(fine, { role: "tool", callId: "a", parts: [] });
});

Deno.test("T19, R8 images and documents are read wherever they stand", () => {
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "AA" } };
  const [result, user] = messages(turn(
    { type: "tool_result", tool_use_id: "a", content: [image, { type: "search_result", source: "s" }] },
    { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
    { type: "image", source: { type: "url", url: "data:image/gif;base64,BB" } },
    { type: "image", source: { type: "file", file_id: "file_1" } },
    { type: "document", source: { type: "base64", media_type: "application/pdf", data: "CC" }, title: "a.pdf" },
    { type: "document", source: { type: "text", media_type: "text/plain", data: "plain" } },
    { type: "document", source: { type: "content", content: [{ type: "text", text: "inner" }] } },
    { type: "document", source: { type: "url", url: "https://example.com/a.pdf" } },
    { type: "container_upload", file_id: "file_2" },
  ));
  assert.deepEqual(result?.parts, [
    { type: "image", source: { kind: "base64", mediaType: "image/png", data: "AA" } },
    { type: "opaque", dialect: "anthropic", value: { type: "search_result", source: "s" } },
  ]);
  assert.deepEqual(user?.parts, [
    { type: "image", source: { kind: "url", url: "https://example.com/a.png" } },
    { type: "image", source: { kind: "base64", mediaType: "image/gif", data: "BB" } },
    { type: "image", source: { kind: "file-id", id: "file_1" } },
    { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "CC" }, filename: "a.pdf" },
    { type: "file", source: { kind: "text", text: "plain" } },
    { type: "file", source: { kind: "text", text: "inner" } },
    { type: "file", source: { kind: "url", url: "https://example.com/a.pdf" } },
    { type: "opaque", dialect: "anthropic", value: { type: "container_upload", file_id: "file_2" } },
  ]);
});

Deno.test("K5, K6 thoughts are read with their signatures, redacted ones as they are", () => {
  const [assistant] = messages(reply(
    { type: "thinking", thinking: "Hm", signature: "s1" },
    { type: "thinking", thinking: "", signature: "s2" },
    { type: "thinking", thinking: "", signature: "" },
    { type: "thinking", thinking: "unsigned" },
    { type: "redacted_thinking", data: "xyz" },
    { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} },
  ));
  assert.deepEqual(assistant?.parts, [
    { type: "reasoning", text: "Hm", signature: "s1" },
    { type: "reasoning", text: "", signature: "s2" },
    { type: "reasoning", text: "unsigned" },
    { type: "redacted-reasoning", data: "xyz" },
    {
      type: "opaque",
      dialect: "anthropic",
      value: { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} },
    },
  ]);
});

Deno.test("K11 the signature of a call comes back from the thought that carried it", () => {
  const call = { type: "tool_use", id: "a", name: "f", input: {} };
  const [assistant] = messages(reply(
    { type: "thinking", thinking: "Hm", signature: "call:gemini:AbC=" },
    { type: "text", text: "Hi" },
    ...[call, { ...call, id: "b" }],
  ));
  assert.deepEqual(assistant?.parts, [
    { type: "reasoning", text: "Hm" },
    { type: "text", text: "Hi" },
    { type: "tool-call", id: "a", name: "f", json: "{}", signature: "gemini:AbC=" },
    { type: "tool-call", id: "b", name: "f", json: "{}" },
  ]);
});

Deno.test("T17, T18 tools without a type are the client's own, those with one run at the vendor", () => {
  const input_schema = { type: "object", properties: {} };
  const search = { type: "web_search_20250305", name: "web_search", max_uses: 5 };
  const { tools } = request({
    tools: [
      { name: "a", description: "A", input_schema, strict: true, cache_control: { type: "ephemeral" } },
      { type: "custom", name: "b", input_schema },
      ...[search, { type: "code_execution_20250825", name: "x" }, { type: "web_fetch_20250910" }, {
        type: "bash_20250124",
      }],
    ],
  });
  assert.deepEqual(tools?.slice(0, 3), [
    {
      type: "function",
      name: "a",
      description: "A",
      parameters: input_schema,
      strict: true,
      cache: { type: "ephemeral" },
    },
    { type: "function", name: "b", parameters: input_schema },
    { type: "server", dialect: "anthropic", kind: "web-search", value: search },
  ]);
  assert.deepEqual(tools?.slice(3).map((tool) => tool.type === "server" && tool.kind), [
    ...["code-execution", "url-context", "other"],
  ]);
});

Deno.test("T16 the choice among tools", () => {
  const choose = (tool_choice: JsonObject) => {
    const { toolChoice, parallelToolCalls } = request({ tool_choice });
    return [toolChoice, parallelToolCalls];
  };
  assert.deepEqual(choose({ type: "any" }), [{ mode: "required" }, undefined]);
  assert.deepEqual(choose({ type: "none" }), [{ mode: "none" }, undefined]);
  assert.deepEqual(choose({ type: "auto", disable_parallel_tool_use: true }), [{ mode: "auto" }, false]);
  assert.deepEqual(choose({ type: "tool", name: "f", disable_parallel_tool_use: false }), [
    ...[{ mode: "tool", name: "f" }, true],
  ]);
});

Deno.test("K12 thinking and effort", () => {
  const asked = (body: JsonObject) => request(body).reasoning;
  assert.deepEqual(asked({ thinking: { type: "enabled", budget_tokens: 5000 } }), { budget: 5000, show: true });
  assert.deepEqual(asked({ thinking: { type: "enabled", budget_tokens: 5000, display: "omitted" } }), {
    ...{ budget: 5000, show: false },
  });
  assert.deepEqual(asked({ thinking: { type: "adaptive", display: "omitted" }, output_config: { effort: "max" } }), {
    ...{ effort: "max", budget: -1, show: false },
  });
  assert.deepEqual(asked({ thinking: { type: "disabled" }, output_config: { effort: "high" } }), {
    ...{ effort: "none", budget: 0 },
  });
  assert.deepEqual(asked({ output_config: { effort: "low" } }), { effort: "low" });
  assert.deepEqual(asked({ thinking: { type: "between_tools" } }), { budget: -1 });
  assert.equal(asked({ output_config: { effort: "huge" } }), undefined);
});

Deno.test("R7 a schema for the answer, under its old name, too", () => {
  const format = { type: "json_schema", schema: { type: "object" } };
  const output = { type: "schema", schema: { type: "object" } };
  assert.deepEqual(request({ output_config: { format } }).output, output);
  assert.deepEqual(request({ output_format: format }).output, output);
});

Deno.test("Q5 fields without a place are kept", () => {
  const extra = {
    context_management: { edits: [] },
    speed: "fast",
    container: "c",
    cache_control: { type: "ephemeral" },
  };
  assert.deepEqual(request(extra).extra, extra);
});

Deno.test("null is as good as nothing", () => {
  const nulls = Object.fromEntries(
    ["system", "max_tokens", "stream", "temperature", "tools", "tool_choice", "thinking", "output_config", "metadata"]
      .map((
        name,
      ) => [name, null]),
  );
  assert.deepEqual({ ...request(nulls), source: 0 }, { ...request({ max_tokens: null }), source: 0 });
});

function refusal(body: unknown): GatewayError {
  try {
    anthropic.parseRequest(body, { text: "" });
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  return assert.fail("the body was taken");
}

Deno.test("a body that cannot be read is refused by its field", () => {
  const cases: [JsonObject, param: string, message: RegExp][] = [
    [{ model: 1 }, "model", /model is 1, expected string/],
    [{ messages: [] }, "messages", /messages is an empty array, expected a non-empty array/],
    [{ messages: [{ role: "robot", content: "" }] }, "messages[0].role", /role is "robot", expected/],
    [{ messages: [{ role: "user" }] }, "messages[0].content", /content is missing/],
    [{ messages: [turn({ type: "text" })] }, "messages[0].content[0].text", /text is missing, expected string/],
    [{ messages: [turn({ type: "image", source: { type: "odd" } })] }, "messages[0].content[0].source.type", /"odd"/],
    [{ messages: [reply({ type: "tool_use", id: "", name: "f" })] }, "messages[0].content[0].id", /non-empty string/],
    [{ max_tokens: -1 }, "max_tokens", /max_tokens is -1, expected at least 0/],
    [{ max_tokens: "9" }, "max_tokens", /max_tokens is "9", expected/],
    [{ tools: [{ name: "f" }] }, "tools[0].input_schema", /input_schema is missing/],
    [{ tool_choice: { type: "required" } }, "tool_choice.type", /"required"/],
    [{ stop_sequences: "END" }, "stop_sequences", /stop_sequences is "END", expected array/],
  ];
  for (const [members, param, message] of cases) {
    const error = refusal(bodyOf(members));
    assert.equal(error.kind, "invalid-request");
    assert.equal(error.param, param);
    assert.match(error.message, message);
  }
  for (const body of [undefined, null, [], "text"]) assert.match(refusal(body).message, /the body is/);
});

Deno.test("a conversation that the API is to hold is refused by the code at which the SDKs send all of it", () => {
  for (const thread of [{ type: "create" }, { type: "continue", previous_message_id: "msg_1" }]) {
    const { kind, code, param } = refusal(bodyOf({ thread }));
    assert.deepEqual({ kind, code, param }, {
      kind: "invalid-request",
      code: "thread_unsupported_request",
      param: "thread",
    });
  }
  assert.equal(request({ thread: null }).model, "claude-alias");
});

Deno.test("H7 a body of another API is told where it belongs", () => {
  assert.match(refusal(bodyOf({ messages: [{ role: "tool", content: "" }] })).message, /v1\/chat\/completions/);
  assert.match(refusal({ model: "m", input: "Hi" }).message, /v1\/responses/);
  assert.match(refusal({ contents: [] }).message, /Gemini/);
});
