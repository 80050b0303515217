/** What is changed for a model, what that loses, and that nothing is touched without need. */

import { deepEqual, equal } from "node:assert/strict";
import { fitRequest } from "../../chat/fit_request.ts";
import type { ModelFacts } from "../../chat/model.ts";
import type { OutputFormat, Role } from "../../chat/request.ts";
import { sampleRequest, system, user } from "./sample_request.ts";

Deno.test("R10 a request that fits is the same object, so that it may be relayed", () => {
  const request = sampleRequest({
    messages: [system("Be brief"), user("Hi")],
    maxTokens: 100,
    temperature: 1,
    output: { type: "json" },
  });
  const facts: ModelFacts = {
    roles: ["system", "user", "assistant"],
    maxOutput: 100,
    refuses: ["topK"],
    outputs: ["text", "json"],
  };
  for (const known of [facts, {}]) {
    const fitted = fitRequest(request, known);
    equal(fitted.request, request);
    deepEqual(fitted.lost, []);
  }
});

Deno.test("a fitted request is no longer the client's own words, and the original is left alone", () => {
  const request = sampleRequest({ maxTokens: 9, temperature: 1 });
  const fitted = fitRequest(request, { maxOutput: 5, refuses: ["temperature"] }).request;
  equal(fitted.source.text, undefined);
  equal(request.source.text, "{}");
  equal(request.maxTokens, 9);
  equal(request.temperature, 1);
});

Deno.test("R6 instructions get a role that the model accepts, which is no loss", () => {
  const roleFor = (role: "system" | "developer", roles: Role[]) => {
    const message = { role, parts: [{ type: "text" as const, text: "Be brief" }] };
    const { request, lost } = fitRequest(sampleRequest({ messages: [message, user("Hi")] }), { roles });
    deepEqual(lost, []);
    deepEqual(request.messages, [{ ...message, role: request.messages[0]!.role }, user("Hi")]);
    return request.messages[0]!.role;
  };
  equal(roleFor("system", ["developer", "user", "assistant"]), "developer");
  equal(roleFor("developer", ["system", "user", "assistant"]), "system");
  equal(roleFor("developer", ["user", "assistant"]), "user");
  equal(roleFor("developer", ["developer", "system", "user"]), "developer");
});

Deno.test("R3 a limit above the model's own is clamped, and named", () => {
  const { request, lost } = fitRequest(sampleRequest({ maxTokens: 99_999 }), { maxOutput: 16_384 });
  equal(request.maxTokens, 16_384);
  deepEqual(lost, [{ path: "maxTokens", reason: "clamped to 16384, the most the model gives" }]);
  equal(fitRequest(sampleRequest(), { maxOutput: 16_384 }).request.maxTokens, undefined);
});

Deno.test("R4 refused parameters are dropped, and only those that were given are named", () => {
  const { request, lost } = fitRequest(sampleRequest({ temperature: 0.5, topP: 0.9, seed: 0 }), {
    refuses: ["temperature", "seed", "topK"],
  });
  equal("temperature" in request, false);
  equal("seed" in request, false);
  equal(request.topP, 0.9);
  deepEqual(lost.map(({ path }) => path), ["temperature", "seed"]);
});

Deno.test("T16 what means nothing without its parameter goes with it", () => {
  const { request, lost } = fitRequest(
    sampleRequest({
      tools: [{ type: "function", name: "f" }],
      toolChoice: { mode: "required" },
      parallelToolCalls: false,
      logprobs: true,
      topLogprobs: 2,
    }),
    { refuses: ["tools", "parallelToolCalls", "logprobs"] },
  );
  deepEqual(lost.map(({ path }) => path), ["tools", "toolChoice", "parallelToolCalls", "logprobs", "topLogprobs"]);
  for (const { path } of lost) equal(path in request, false, path);
});

Deno.test("R7 an answer format steps down to what the model writes, and the loss is named", () => {
  const schema: OutputFormat = { type: "schema", schema: { type: "object" } };
  const fit = (output: OutputFormat, outputs: NonNullable<ModelFacts["outputs"]>) => {
    const { request, lost } = fitRequest(sampleRequest({ output }), { outputs });
    return [request.output, ...lost.map(({ path }) => path)];
  };
  deepEqual(fit(schema, ["text", "json"]), [{ type: "json" }, "output"]);
  deepEqual(fit(schema, ["text"]), [undefined, "output"]);
  deepEqual(fit({ type: "json" }, ["text", "schema"]), [undefined, "output"]);
  deepEqual(fit(schema, ["schema"]), [schema]);
  deepEqual(fit({ type: "text" }, ["json"]), [{ type: "text" }]);
});
