/** Tests of descriptions of tools that are no longer than an upstream takes. */

import { deepEqual, equal } from "node:assert/strict";
import { textOf, type Tool } from "../../chat/request.ts";
import { shortenDescriptions } from "../../chat/shorten_descriptions.ts";
import { sampleRequest } from "./sample_request.ts";

const tool = (name: string, description?: string): Tool => ({
  ...{ type: "function", name },
  ...(description !== undefined && { description }),
});
const SERVER: Tool = { type: "server", dialect: "anthropic", kind: "other", value: { description: "Far too long" } };

Deno.test("what is longer than the limit is cut to it, and told whole as an instruction", () => {
  const tools = [tool("long", "0123456789a"), tool("just", "0123456789"), tool("none"), SERVER];
  const told = shortenDescriptions(sampleRequest({ tools }), 10);
  deepEqual(told.tools, [tool("long", "01234567 …"), ...tools.slice(1)]);
  equal(
    textOf(told.messages[0]?.parts ?? []),
    "These are the tools whose descriptions end in …:\n\n## long\n\n0123456789a",
  );
});

Deno.test("a request without a description that is too long stays as it is", () => {
  const asked = sampleRequest({ tools: [tool("just", "0123456789"), tool("none"), SERVER] });
  equal(shortenDescriptions(asked, 10), asked);
  const plain = sampleRequest();
  equal(shortenDescriptions(plain, 10), plain);
});
