/** What an Ollama upstream's failures mean, and how ours are told to a client. */

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { ERROR_KINDS, type ErrorKind, GatewayError } from "../../../chat/error.ts";
import { ollama } from "../../../dialects/ollama/mod.ts";

/** As Ollama 0.33 words them, and as the relays in front of it do. */
const MEANINGS: [status: number, body: unknown, kind: ErrorKind][] = [
  [400, { error: '"llama3.1:8b" does not support thinking' }, "invalid-request"],
  [400, { error: "registry.ollama.ai/library/gemma:2b does not support tools" }, "invalid-request"],
  [400, { error: "the input length exceeds the context length" }, "context-length"],
  [400, { error: "invalid options: temprature" }, "invalid-request"],
  [401, { error: "unauthorized" }, "upstream-auth"],
  [402, {}, "upstream-quota"],
  [403, { error: "this model requires a subscription, upgrade for access" }, "upstream-auth"],
  [404, { error: "model 'llama9' not found" }, "unknown-model"],
  [404, "404 page not found", "upstream-failure"],
  [404, undefined, "unknown-model"],
  [405, "", "invalid-request"],
  [413, "", "too-large"],
  [422, {}, "unprocessable"],
  [429, { error: "you (ann) have reached your hourly usage limit, upgrade for higher limits" }, "rate-limit"],
  [500, { error: "model requires more system memory (9.1 GiB) than is available (4.0 GiB)" }, "upstream-failure"],
  [500, { error: { message: "llama runner process has terminated: context size exceeded" } }, "context-length"],
  [502, "<html>", "upstream-failure"],
  [503, { error: "server busy, please try again.  maximum pending requests exceeded" }, "overloaded"],
  [504, "", "upstream-timeout"],
];

for (const [status, body, kind] of MEANINGS) {
  Deno.test(`E4 ${status} with ${JSON.stringify(body)} is ${kind}`, () => {
    const error = ollama.parseError(status, body);
    equal(error.kind, kind);
    match(error.message, /^Cannot answer as [^.]*$/);
  });
}

Deno.test("E16 an upstream's words are kept for logs and told to no client", () => {
  const error = ollama.parseError(401, { error: "key sk-secret is wrong" });
  ok(!error.message.includes("sk-secret"));
  match(error.detail ?? "", /sk-secret/);
  equal(ollama.parseError(500, "x".repeat(9000)).detail?.length, 2048);
});

Deno.test("an error in a stream means what its words say", () => {
  const kindOf = (error: unknown) => {
    const [event] = ollama.eventParser({}).push({ data: JSON.stringify({ error }) }).events;
    return event?.type === "error" && event.error.kind;
  };
  equal(kindOf("model 'x' not found"), "unknown-model");
  equal(kindOf("server busy, please try again"), "overloaded");
  equal(kindOf({ message: "rate limit exceeded" }), "rate-limit");
  equal(kindOf(true), "upstream-failure");
});

Deno.test("E3 every error is told as a string, with the error's own status", () => {
  for (const kind of Object.keys(ERROR_KINDS) as ErrorKind[]) {
    const { status, body } = ollama.formatError(new GatewayError(kind, "Cannot do it", { detail: "secret" }), "req_1");
    deepEqual(body, { error: "Cannot do it" });
    equal(status, kind === "quota" ? 402 : ERROR_KINDS[kind].status);
  }
});
