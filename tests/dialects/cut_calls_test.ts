/** Tests of calls that an answer broke off in: half a call is never made, whoever asked and whoever answered (CASES T12, T13). */

import assert from "node:assert/strict";
import type { ChatEvent, DialectName } from "../../chat/event.ts";
import type { Finish } from "../../chat/finish.ts";
import { sampleRequest } from "../chat/sample_request.ts";
import { foldEvents } from "../support/codec.ts";
import { DIALECTS } from "../support/dialects.ts";

const OPTIONS = { model: "m", id: "x", created: 0, keepAlive: "comment" } as const;
const CUTS = ["length", "context-window", "content-filter", "refusal"] as const;

/** What an upstream said of a call until it stopped. */
function said(reason: Finish["reason"], json: string): ChatEvent[] {
  return [
    { type: "start", id: "x", model: "m" },
    { type: "text", text: "Now." },
    { type: "tool-call", index: 0, id: "call_1", name: "delete_all" },
    ...(json === "" ? [] : [{ type: "tool-arguments" as const, index: 0, json }]),
    { type: "finish", reason },
  ];
}

function dialectOf(name: DialectName) {
  return DIALECTS.find(({ dialect }) => dialect.name === name)!.dialect;
}

/** All that a client is written, streamed and whole. */
function written(name: DialectName, events: readonly ChatEvent[]): string[] {
  const dialect = dialectOf(name);
  const formatter = dialect.eventFormatter(sampleRequest(), OPTIONS);
  const streamed = [...events.flatMap((event) => formatter.push({ events: [event] })), ...formatter.end()].join("");
  return [streamed, JSON.stringify(dialect.formatResponse(foldEvents([...events]), sampleRequest(), OPTIONS))];
}

for (const name of ["gemini", "ollama"] as const) {
  for (const reason of CUTS) {
    for (const json of ["", '{"path":"/tm']) {
      Deno.test(`T13 a call cut after ${json || "nothing"} by ${reason} is not told to ${name}, which makes what it is told`, () => {
        for (const text of written(name, said(reason, json))) {
          assert.match(text, /Now\./);
          assert.doesNotMatch(text, /delete_all/, text);
        }
      });
    }
  }
  Deno.test(`T9 a call without arguments is told to ${name} where the answer came to its end`, () => {
    for (const text of written(name, said("tool-calls", ""))) assert.match(text, /delete_all/);
  });
}

for (const name of ["openai_chat", "openai_responses"] as const) {
  Deno.test(`T13 a call cut before its arguments is told to ${name} without any, whole or streamed`, () => {
    for (const reason of CUTS) {
      for (const text of written(name, said(reason, ""))) assert.doesNotMatch(text, /"arguments":"\{/, text);
    }
    for (const text of written(name, said("tool-calls", ""))) assert.match(text, /"arguments":"\{\}"/, text);
  });
}

Deno.test("T13 Claude's call that stops before its first argument has none where the answer was cut, streamed and whole", () => {
  const { dialect } = DIALECTS.find(({ dialect }) => dialect.name === "anthropic")!;
  const block = { type: "tool_use", id: "toolu_1", name: "delete_all", input: {} };
  const head = { id: "msg_1", type: "message", role: "assistant", model: "m", content: [], usage: {} };
  const frame = (type: string, more: object) => ({ event: type, data: JSON.stringify({ type, ...more }) });
  for (const [reason, told] of [["max_tokens", []], ["refusal", []], ["tool_use", ["{}"]]] as const) {
    const parser = dialect.eventParser({});
    const streamed = [
      frame("message_start", { message: head }),
      frame("content_block_start", { index: 0, content_block: block }),
      frame("content_block_stop", { index: 0 }),
      frame("message_delta", { delta: { stop_reason: reason }, usage: { output_tokens: 1 } }),
      frame("message_stop", {}),
    ].flatMap((one) => parser.push(one).events);
    const body = { ...head, content: [block], stop_reason: reason };
    const whole = dialect.parseResponse(body, JSON.stringify(body), {}).events;
    for (const events of [streamed, whole]) {
      const json = events.flatMap((event) => event.type === "tool-arguments" ? [event.json] : []);
      assert.deepEqual(json, told, reason);
    }
  }
});

Deno.test("T13 of Claude's calls without arguments only the last one is cut, be it that no block is told to have ended", () => {
  const { dialect } = DIALECTS.find(({ dialect }) => dialect.name === "anthropic")!;
  const frame = (type: string, more: object) => ({ event: type, data: JSON.stringify({ type, ...more }) });
  const call = (index: number) => ({ type: "tool_use", id: `toolu_${index}`, name: "look", input: {} });
  for (const [reason, told] of [["max_tokens", [0]], ["tool_use", [0, 1]]] as const) {
    const parser = dialect.eventParser({});
    const events = [
      frame("message_start", { message: { id: "msg_1", type: "message", role: "assistant", model: "m", content: [] } }),
      ...[0, 1].map((index) => frame("content_block_start", { index, content_block: call(index) })),
      frame("message_delta", { delta: { stop_reason: reason }, usage: { output_tokens: 1 } }),
    ].flatMap((one) => parser.push(one).events);
    assert.deepEqual(events.flatMap((event) => event.type === "tool-arguments" ? [event.index] : []), told, reason);
  }
});
