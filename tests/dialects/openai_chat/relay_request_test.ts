/** Tests of a client's own JSON for an upstream of the same dialect. */

import assert from "node:assert/strict";
import type { Target } from "../../../dialects/dialect.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { TARGET } from "./support.ts";

function relay(text: string, target: Partial<Target> = {}): string {
  const request = openaiChat.parseRequest(JSON.parse(text), { text });
  return openaiChat.relayRequest(text, request, { ...TARGET, ...target });
}

/** A body with these members before its messages. */
function body(members: string): string {
  return `{ ${members}, "messages":[{"role":"user","content":"Hi \\u0041"}] }`;
}

const STREAM = '"stream":true, "stream_options":{"include_usage": true}';

const TEXTS = { role: "user", content: [{ type: "text", text: "One" }, { type: "text", text: "Two" }] };
const THOUGHTFUL = {
  ...{ role: "assistant", content: "Hi", reasoning_content: "Hm", reasoning: "Hm", reasoning_details: [] },
  tool_calls: [],
};
const PICTURE = {
  role: "user",
  content: [{ type: "text", text: "What is it?" }, {
    type: "image_url",
    image_url: { url: "https://x.example/a.png" },
  }],
};

const CASES: { name: string; text: string; target?: Partial<Target>; expected: string }[] = [
  {
    name: "R10 all but the model stays byte for byte: numbers, order, spaces, unknown fields",
    text: body(`"seed":12345678901234567890, "model" : "alias",${STREAM}, "x":1.0`),
    expected: body(`"seed":12345678901234567890, "model" : "upstream-model",${STREAM}, "x":1.0`),
  },
  {
    name: "a model is named where the client named none",
    text: body(STREAM),
    expected: `${body(STREAM).slice(0, -2)},"model":"upstream-model" }`,
  },
  {
    name: "R10 a body that says it all already is left alone",
    text: body(`"model":"upstream-model",${STREAM}`),
    expected: body(`"model":"upstream-model",${STREAM}`),
  },
  {
    name: "Mistral's word for a call that there has to be is said in everybody's",
    text: body(`"model":"upstream-model","tools":[],"tool_choice":"any",${STREAM}`),
    expected: body(`"model":"upstream-model","tools":[],"tool_choice":"required",${STREAM}`),
  },
  {
    name: "O7 counts are asked for where the client did not",
    text: body('"model":"upstream-model","stream":true'),
    expected: `${
      body('"model":"upstream-model","stream":true').slice(0, -2)
    },"stream_options":{"include_usage":true} }`,
  },
  {
    name: "O7 the client's other options for streams are kept",
    text: body('"model":"upstream-model","stream":true,"stream_options":{"include_obfuscation":false}'),
    expected: body(
      '"model":"upstream-model","stream":true,"stream_options":{"include_obfuscation":false,"include_usage":true}',
    ),
  },
  {
    name: "O7 an upstream that refuses the option is not sent it",
    text: body(`"model":"upstream-model",${STREAM}`),
    target: { quirks: { noStreamOptions: true } },
    expected: body('"model":"upstream-model","stream":true'),
  },
  {
    name: "an upstream that is asked for one answer is not told of a stream",
    text: body(`"model":"upstream-model",${STREAM}`),
    target: { stream: false },
    expected: body('"model":"upstream-model","stream":false'),
  },
  {
    name: "an upstream that is asked for a stream is told so",
    text: body('"model":"upstream-model","stream":false'),
    expected: `${
      body('"model":"upstream-model","stream":true').slice(0, -2)
    },"stream_options":{"include_usage":true} }`,
  },
  {
    name: "R2 the limit goes under the one name that the vendor takes",
    text: body('"model":"upstream-model","max_tokens":7'),
    target: { stream: false, quirks: { maxTokensField: "max_completion_tokens" } },
    expected: `${body('"model":"upstream-model"').slice(0, -2)},"max_completion_tokens":7 }`,
  },
  {
    name: "R2 of two limits the one that the vendor knows stays",
    text: body('"model":"upstream-model","max_completion_tokens":9, "max_tokens":7'),
    target: { stream: false, quirks: { maxTokensField: "max_tokens" } },
    expected: body('"model":"upstream-model", "max_tokens":7'),
  },
  {
    name: "R2 a limit that is null under the name that the vendor knows is none",
    text: body('"model":"upstream-model","max_tokens":null, "max_completion_tokens":9'),
    target: { stream: false, quirks: { maxTokensField: "max_tokens" } },
    expected: body('"model":"upstream-model","max_tokens":9'),
  },
  {
    name: "R2 the limit's name is the client's where nothing is known of the vendor",
    text: body('"model":"upstream-model","max_completion_tokens":9'),
    target: { stream: false },
    expected: body('"model":"upstream-model","max_completion_tokens":9'),
  },
  {
    name: "R6 a developer is the system where the vendor knows no other, and nothing else of the message changes",
    text:
      '{"model":"upstream-model","messages":[{"role":"developer","content":"Be brief","x":1},{"role":"user","content":"Hi"}]}',
    target: { stream: false },
    expected:
      '{"model":"upstream-model","messages":[{"role":"system","content":"Be brief","x":1},{"role":"user","content":"Hi"}]}',
  },
  {
    name: "R6 a developer stays one where the vendor or the model knows developers",
    text: '{"model":"upstream-model", "messages":[ {"role":"developer","content":"Be brief"} ]}',
    target: { stream: false, facts: { roles: ["developer"] } },
    expected: '{"model":"upstream-model", "messages":[ {"role":"developer","content":"Be brief"} ]}',
  },
  {
    name: "R9 texts in parts are one text for a vendor that refuses lists; with a picture among them they stay",
    text: JSON.stringify({ model: "upstream-model", messages: [TEXTS, PICTURE, { role: "assistant", content: null }] }),
    target: { stream: false, quirks: { flatContent: true } },
    expected: JSON.stringify({
      model: "upstream-model",
      messages: [{ role: "user", content: "One\n\nTwo" }, PICTURE, { role: "assistant", content: null }],
    }),
  },
  {
    name: "thoughts that a client was told do not go back to a vendor that refuses them, under any name",
    text: JSON.stringify({ model: "upstream-model", messages: [THOUGHTFUL, { ...TEXTS, reasoning_content: "mine" }] }),
    target: { stream: false, quirks: { replayReasoning: false } },
    expected: JSON.stringify({
      model: "upstream-model",
      messages: [{ role: "assistant", content: "Hi", tool_calls: [] }, { ...TEXTS, reasoning_content: "mine" }],
    }),
  },
  {
    name: "thoughts go back as the client has them to a vendor that wants them, and to one of whom nothing is known",
    text: JSON.stringify({ model: "upstream-model", messages: [THOUGHTFUL] }),
    target: { stream: false },
    expected: JSON.stringify({ model: "upstream-model", messages: [THOUGHTFUL] }),
  },
  {
    name: "a body that does not speak of streams is left alone where there is none",
    text: body('"model":"upstream-model"'),
    target: { stream: false },
    expected: body('"model":"upstream-model"'),
  },
];

for (const { name, text, target = {}, expected } of CASES) {
  Deno.test(`relayRequest(): ${name}`, () => assert.equal(relay(text, target), expected));
}
