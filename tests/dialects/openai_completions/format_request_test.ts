/** What an upstream is asked, and what of a request it cannot be. */

import { deepEqual, equal } from "node:assert/strict";
import { openaiCompletions as dialect } from "../../../dialects/openai_completions/mod.ts";
import { parse } from "./support.ts";

Deno.test("formatRequest() asks with the prompt, and names what it cannot ask", () => {
  const target = { model: "up", stream: true, facts: {}, quirks: {} };
  const request = parse({ stream: true, suffix: "x", logprobs: 2, n: 2 });
  deepEqual(dialect.formatRequest(request, target), {
    body: {
      model: "up",
      prompt: "Once",
      stream: true,
      stream_options: { include_usage: true },
      n: 2,
      logprobs: 2,
      suffix: "x",
    },
    lost: [],
  });
  const chat = dialect.formatRequest({
    ...request,
    messages: [
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      { role: "user", parts: [{ type: "text", text: "Hi" }, { type: "audio", data: "", format: "wav" }] },
    ],
    tools: [],
    source: { dialect: "openai_chat", body: {} },
  }, target);
  equal(chat.body.prompt, "Be brief.\n\nHi");
  deepEqual(chat.lost.map(({ path }) => path), ["messages[1]", "messages", "suffix", "tools"]);
});

Deno.test("R10 a client's own request is relayed byte for byte, but for the model and the stream", () => {
  const text = '{"model":"m", "prompt":"Once","best_of":1.0}';
  const request = dialect.parseRequest(JSON.parse(text), { text });
  const target = { model: "up", stream: true, facts: {}, quirks: {} };
  equal(dialect.relayRequest(text, request, target), '{"model":"up", "prompt":"Once","best_of":1.0,"stream":true}');
});
