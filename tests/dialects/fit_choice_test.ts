/** Tests of the choice among tools where an upstream can be told of functions alone. */

import assert from "node:assert/strict";
import type { Tool, ToolChoice } from "../../chat/request.ts";
import { anthropic } from "../../dialects/anthropic/mod.ts";
import { fitChoice, serverTool } from "../../dialects/fit_choice.ts";
import { lossList } from "../../dialects/losses.ts";
import { DIALECTS } from "../support/dialects.ts";

Deno.test("fitChoice() leaves a list without functions none of them", () => {
  const fit = (choice: ToolChoice) => {
    const lost = lossList();
    return [fitChoice(choice, { tools: [], lost }), lost.all().map(({ path }) => path)];
  };
  assert.deepEqual(fit({ mode: "allowed", names: [], required: false }), [{ mode: "none" }, []]);
  assert.deepEqual(fit({ mode: "allowed", names: [], required: true }), [{ mode: "none" }, ["toolChoice"]]);
  assert.deepEqual(fit({ mode: "tool", name: "f" }), [{ mode: "tool", name: "f" }, []]);
});

Deno.test("serverTool() is the one of that name, unless a function has it too", () => {
  const server = (name: string): Tool => ({ type: "server", dialect: "anthropic", kind: "other", value: { name } });
  const [search, code] = [server("search"), server("code")];
  assert.equal(serverTool("code", [search, code]), code);
  assert.equal(serverTool("other", [search, code]), undefined);
  assert.equal(serverTool("code", [code, { type: "function", name: "code" }]), undefined);
});

/** How each dialect is told to call Anthropic's web search, beside a function: what it is sent, and what it is not. */
const CHOICES: Record<string, [told: unknown, lost: string[]]> = {
  anthropic: [{ type: "tool", name: "web_search" }, []],
  openai_chat: [undefined, ["toolChoice"]],
  openai_responses: [{ type: "web_search" }, []],
  gemini: [{ includeServerSideToolInvocations: true }, ["toolChoice"]],
  ollama: [undefined, ["toolChoice"]],
};

for (const { dialect } of DIALECTS) {
  Deno.test(`formatRequest() of ${dialect.name} names no function that is a tool of the vendor`, () => {
    const body = {
      model: "m",
      messages: [{ role: "user", content: "Hi" }],
      tools: [{ name: "f", input_schema: { type: "object" } }, { type: "web_search_20250305", name: "web_search" }],
      tool_choice: { type: "tool", name: "web_search" },
    };
    const request = anthropic.parseRequest(body, { text: JSON.stringify(body) });
    const target = { model: "gemini-3-pro", stream: false, facts: {}, quirks: {} };
    const { body: sent, lost } = dialect.formatRequest(request, target);
    const [told, missing] = CHOICES[dialect.name] ?? [];
    assert.deepEqual(sent.tool_choice ?? sent.toolConfig, told);
    assert.deepEqual(lost.map(({ path }) => path).filter((path) => path === "toolChoice"), missing);
    if (dialect.name !== "gemini") assert.ok(Array.isArray(sent.tools) && sent.tools.length > 0);
  });
}
