/** What a client's body asks for, and what is said to one that cannot be read. */

import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import { parse } from "./support.ts";

Deno.test("parseRequest() reads a prompt as a user message, with all its fields", () => {
  const request = parse({
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 9,
    temperature: 0,
    top_p: 0.5,
    n: 2,
    stop: "x",
    presence_penalty: 0.1,
    frequency_penalty: 0.2,
    seed: 7,
    logprobs: 3,
    logit_bias: { "1": 2 },
    echo: true,
    user: "u",
    suffix: "the end",
    best_of: 4,
  });
  const { source: _, ...fields } = request;
  deepEqual(fields, {
    model: "m",
    messages: [{ role: "user", parts: [{ type: "text", text: "Once" }] }],
    stream: true,
    includeUsage: true,
    maxTokens: 9,
    temperature: 0,
    topP: 0.5,
    n: 2,
    stop: ["x"],
    presencePenalty: 0.1,
    frequencyPenalty: 0.2,
    seed: 7,
    logprobs: true,
    topLogprobs: 3,
    logitBias: { "1": 2 },
    user: "u",
    extra: { suffix: "the end", best_of: 4 },
  });
  equal(parse({ logprobs: 0 }).logprobs, true);
  equal(parse({}).stream, false);
  equal(parse({ stream_options: { include_usage: true } }).includeUsage, false);
});

Deno.test("an array that holds one prompt is that prompt", () => {
  deepEqual(parse({ prompt: ["Once"] }).messages, parse({}).messages);
});

const REFUSED: [body: Record<string, unknown>, param: string, message: RegExp][] = [
  [
    { prompt: ["a", "b"] },
    "prompt",
    /prompt is an array, expected string or an array that holds one prompt$/,
  ],
  [{ prompt: [[1, 2]] }, "prompt[0]", /prompt\[0\] is an array, expected/],
  [{ prompt: [1, 2] }, "prompt[0]", /prompt\[0\] is 1, expected string$/],
  [{ prompt: "" }, "prompt", /prompt is "", expected/],
  [{ prompt: undefined }, "prompt", /prompt is missing, expected/],
  [{ prompt: undefined, messages: [] }, "prompt", /looks like one for \/v1\/chat\/completions$/],
  [{ n: 0 }, "n", /n is 0, expected at least 1$/],
];

for (const [body, param, message] of REFUSED) {
  Deno.test(`E3 H7 ${JSON.stringify(body)} is refused by name`, () => {
    throws(() => parse(body), (error) => {
      ok(error instanceof GatewayError);
      deepEqual([error.kind, error.param], ["invalid-request", param]);
      ok(message.test(error.message), error.message);
      return true;
    });
  });
}
