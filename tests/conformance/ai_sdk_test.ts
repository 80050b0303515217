/** Tests of conversations by Vercel's AI SDK, whose OpenAI provider refers to what was said before instead of saying it again. */

import { createOpenAI } from "@ai-sdk/openai";
import { generateText, isStepCount, jsonSchema, streamText, tool } from "ai";
import assert from "node:assert/strict";
import { startGateway } from "../support/gateway.ts";

const WEATHER = tool({
  description: "The weather of a city",
  inputSchema: jsonSchema<{ city: string }>({
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
  }),
  execute: ({ city }) => `sunny in ${city}`,
});

async function withModel(name: string, run: (model: ReturnType<ReturnType<typeof createOpenAI>>) => Promise<void>) {
  const gateway = startGateway();
  try {
    await run(createOpenAI({ apiKey: "none", baseURL: `${gateway.url}/v1` })(name));
  } finally {
    await gateway.close();
  }
}

Deno.test("its second turn refers to the answer of the first, which is kept without a database, too", async () => {
  await withModel("demo/echo", async (model) => {
    const first = await generateText({ model, prompt: "One", maxRetries: 0 });
    const messages = [{ role: "user" as const, content: "One" }, ...first.response.messages];
    assert.match(JSON.stringify(messages), /"itemId":"msg_/);
    const second = streamText({ model, messages: [...messages, { role: "user", content: "Two" }], maxRetries: 0 });
    assert.equal(await second.text, "Two");
  });
});

Deno.test("its loop of tools goes on until the model answers", async () => {
  await withModel("demo/tools", async (model) => {
    const { text, steps } = await generateText({
      model,
      prompt: "What is the weather?",
      tools: { WEATHER },
      stopWhen: isStepCount(3),
      maxRetries: 0,
    });
    assert.equal(steps.length, 2);
    assert.match(text, /sunny in/);
  });
});
