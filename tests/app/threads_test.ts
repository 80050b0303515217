/** Tests of clients that would leave their conversation with the API: nothing of it is lost here. */

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import type { Script } from "../support/mock_upstream.ts";
import { withPair } from "../support/pair.ts";

function answer(message: unknown, finish_reason: string): Script {
  const choices = [{ index: 0, message: { role: "assistant", ...message as object }, finish_reason }];
  return { kind: "json", body: { id: "c", object: "chat.completion", created: 1, model: "up-model", choices } };
}
function call(id: string, city: string): Script {
  const tool_calls = [{ id, type: "function", function: { name: "weather", arguments: JSON.stringify({ city }) } }];
  return answer({ content: null, tool_calls }, "tool_calls");
}

withPair().test({
  name: "the tool runner of Anthropic's SDK, which leaves the conversation with the API, sends all of it here",
  async run({ gateway, upstream }) {
    upstream.push(call("call_1", "Oslo"), call("call_2", "Rome"), answer({ content: "Rome is warmer" }, "stop"));
    const client = new Anthropic({ baseURL: gateway.url, apiKey: "k", maxRetries: 0 });
    const asked: string[] = [];
    const weather = betaTool({
      name: "weather",
      description: "Tells the weather",
      inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      run: ({ city }) => {
        asked.push(city);
        return `${city} is fine`;
      },
    });
    const said = await client.beta.messages.toolRunner({
      model: "up/up-model",
      max_tokens: 100,
      system: "Be brief",
      tools: [weather],
      messages: [{ role: "user", content: "Where is it warmer?" }],
    });
    assert.deepEqual(said.content.map((block) => block.type === "text" && block.text), ["Rome is warmer"]);
    assert.deepEqual(asked, ["Oslo", "Rome"]);
    const roles = upstream.requests.map(({ json }) => (json.messages as { role: string }[]).map(({ role }) => role));
    const turn = ["assistant", "tool"];
    assert.deepEqual(roles, [["system", "user"], ["system", "user", ...turn], ["system", "user", ...turn, ...turn]]);
  },
});
