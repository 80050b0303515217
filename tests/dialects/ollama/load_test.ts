/** The answer to a request for nothing. */

import { deepEqual, equal } from "node:assert/strict";
import { formatLoaded } from "../../../dialects/ollama/load.ts";
import { ollama, ollamaGenerate } from "../../../dialects/ollama/mod.ts";
import { checkOllamaStream } from "../../support/ollama_grammar.ts";

const chat = (body: Record<string, unknown>) => ollama.parseRequest({ model: "m", ...body }, { text: "" });
const generate = (body: Record<string, unknown>) => ollamaGenerate.parseRequest({ model: "m", ...body }, { text: "" });

Deno.test("a request without a prompt loads the model", () => {
  deepEqual(formatLoaded(chat({ messages: [] }), 1_788_000_000), {
    model: "m",
    created_at: "2026-08-29T10:40:00.000Z",
    message: { role: "assistant", content: "" },
    done: true,
    done_reason: "load",
  });
  const generated = formatLoaded(generate({}), 0);
  equal(checkOllamaStream(`${JSON.stringify(generated)}\n`, { route: "generate" }).finish, "load");
});

Deno.test("one that is to be kept for no time unloads it", () => {
  const reasonFor = (keep_alive: unknown) => formatLoaded(generate({ keep_alive }), 0)?.done_reason;
  deepEqual([0, "0", "0s", "0m"].map(reasonFor), ["unload", "unload", "unload", "unload"]);
  deepEqual([-1, "5m", 300, "10s", undefined].map(reasonFor), ["load", "load", "load", "load", "load"]);
});

Deno.test("a request with a prompt is for the model", () => {
  equal(formatLoaded(chat({ messages: [{ role: "user", content: "Hi" }] }), 0), undefined);
  equal(formatLoaded(generate({ prompt: "Hi" }), 0), undefined);
});
