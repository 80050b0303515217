/** Tests of the ids and names of tools that every vendor takes. */

import { match, notStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Tool } from "../../chat/request.ts";
import { callIds, fitCallId, fitToolName, restoreToolName } from "../../dialects/tool_ids.ts";

Deno.test("T14 a legal id stays as it is", () => {
  for (const id of ["toolu_01A", "call_abc-9", "x".repeat(64)]) strictEqual(fitCallId(id), id);
});

Deno.test("T14 an illegal or long id becomes a legal one, the same each time", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 90 }), fc.constantFrom(40, 64), (id, limit) => {
    const fitted = fitCallId(id, limit);
    match(fitted, /^[a-zA-Z0-9_-]+$/);
    strictEqual(fitted.length <= limit, true);
    strictEqual(fitCallId(id, limit), fitted);
    strictEqual(fitCallId(fitted, limit), fitted);
  }));
});

Deno.test("T14 ids that differ only in what is illegal or beyond the limit stay apart", () => {
  notStrictEqual(fitCallId("a:b"), fitCallId("a.b"));
  notStrictEqual(fitCallId("x".repeat(70) + "1"), fitCallId("x".repeat(70) + "2"));
});

Deno.test("T14 a result finds its call", () => {
  const ids = callIds();
  const sent = ids.call("fc:1");
  match(sent, /^fc_1_[0-9a-f]{8}$/);
  strictEqual(ids.result("fc:1"), sent);
  strictEqual(ids.result("fc:1"), sent);
  strictEqual(ids.result("never called!"), fitCallId("never called!"));
});

Deno.test("T15 calls that share an id get distinct ones, and their results follow in order", () => {
  const ids = callIds();
  strictEqual(ids.call("call_f"), "call_f");
  strictEqual(ids.result("call_f"), "call_f");
  strictEqual(ids.call("call_f"), "call_f_2");
  strictEqual(ids.call("call_f"), "call_f_3");
  strictEqual(ids.result("call_f"), "call_f_2");
  strictEqual(ids.result("call_f"), "call_f_3");
});

Deno.test("T15 a long id that occurs twice stays within its limit", () => {
  const ids = callIds(40);
  const first = ids.call("x".repeat(40));
  const second = ids.call("x".repeat(40));
  notStrictEqual(first, second);
  strictEqual(second.length, 40);
});

Deno.test("T23 a name that had to be rewritten is told to the client in its own words", () => {
  const long = "mcp__server.with.dots__" + "n".repeat(60);
  const tools: Tool[] = [
    { type: "function", name: "plain" },
    { type: "custom", name: "grüße" },
    { type: "function", name: long },
    { type: "server", dialect: "gemini", kind: "other", value: {} },
  ];
  for (const name of ["plain", "grüße", long]) {
    match(fitToolName(name), /^[a-zA-Z0-9_-]{1,64}$/);
    strictEqual(restoreToolName(fitToolName(name), tools), name);
  }
  strictEqual(restoreToolName("unknown", tools), "unknown");
});
