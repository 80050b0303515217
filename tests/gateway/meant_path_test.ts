/** Tests of the routes that paths mean. */

import assert from "node:assert/strict";
import { meantPath } from "../../gateway/meant_path.ts";

const SAME = [
  ...[
    "/",
    "/health",
    "/metrics",
    "/admin/requests",
    "/dashboard/",
    "/dashboard//x",
    "/favicon.ico",
    "/v1",
    "/v1/unknown",
  ],
  ...["/v1/chat/completions", "/v1/messages/count_tokens", "/v1/messages/batches", "/v1/responses/resp_1/input_items"],
  ...["/v1/models/openai/gpt-5", "/v1beta/models/up/v1/models/x:generateContent", "/v1beta/oai/gpt:countTokens"],
  ...[
    "/v1/oai/gpt:streamGenerateContent",
    "/api/chat",
    "/api/embeddings",
    "/api/ps",
    "/api/chat/more",
    "/v1/models/a%2Fb",
  ],
];

const MEANT: [path: string, meant: string][] = [
  // Without a version.
  ["/chat/completions", "/v1/chat/completions"],
  ["/completions", "/v1/completions"],
  ["/embeddings", "/v1/embeddings"],
  ["/messages", "/v1/messages"],
  ["/messages/count_tokens", "/v1/messages/count_tokens"],
  ["/responses", "/v1/responses"],
  ["/responses/resp_1/input_items", "/v1/responses/resp_1/input_items"],
  ["/responses/input_tokens", "/v1/responses/input_tokens"],
  ["/conversations", "/v1/conversations"],
  ["/conversations/conv_1/items/msg_1", "/v1/conversations/conv_1/items/msg_1"],
  ["/models", "/v1/models"],
  ["/models/openai/gpt-5", "/v1/models/openai/gpt-5"],
  // Twice, as Anthropic's client and Gemini's bring one of their own; and where another's is expected.
  ["/v1/v1/messages", "/v1/messages"],
  ["/v1/v1/chat/completions", "/v1/chat/completions"],
  ["/v1/v1/models/a/b", "/v1/models/a/b"],
  ["/v1/v1beta/models/gpt:generateContent", "/v1beta/models/gpt:generateContent"],
  ["/v1beta/v1beta/models", "/v1beta/models"],
  ["/v1/api/chat", "/api/chat"],
  ["/api/api/tags", "/api/tags"],
  // Another vendor's.
  ["/openai/v1/chat/completions", "/v1/chat/completions"],
  ["/api/v1/chat/completions", "/v1/chat/completions"],
  ["/api/v1/models", "/v1/models"],
  ["/v1beta/openai/chat/completions", "/v1/chat/completions"],
  ["/api/paas/v4/chat/completions", "/v1/chat/completions"],
  ["/api/chat/completions", "/v1/chat/completions"],
  ["/anthropic/v1/messages", "/v1/messages"],
  ["/codex/responses", "/v1/responses"],
  // Slashes.
  ["//v1/chat/completions", "/v1/chat/completions"],
  ["/v1//models", "/v1/models"],
  ["/v1/chat/completions/", "/v1/chat/completions"],
  ["/v1/models/", "/v1/models"],
  ["/api/tags/", "/api/tags"],
];

Deno.test("a path that says what it means, or that means nothing, stays as it is", () => {
  for (const path of SAME) assert.equal(meantPath(path), path);
});

Deno.test("a path behind a wrong base URL means the route that it ends in", () => {
  for (const [path, meant] of MEANT) assert.equal(meantPath(path), meant, path);
});
