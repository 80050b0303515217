/** What an upstream's chunks mean. */

import { deepEqual, equal } from "node:assert/strict";
import type { ChatEvent } from "../../../chat/event.ts";
import { openaiCompletions as dialect } from "../../../dialects/openai_completions/mod.ts";
import { eventsOf, foldEvents, readStream, writeStream } from "../../support/codec.ts";
import { OPTIONS, parse } from "./support.ts";

Deno.test("parse(format(events)) says what the events said", () => {
  const events: ChatEvent[] = [
    { type: "start", id: "cmpl-abc", model: "alias", created: 5 },
    { type: "text", text: "a" },
    { type: "text", text: "b", choice: 1 },
    { type: "finish", reason: "length", raw: "length", choice: 1 },
    { type: "finish", reason: "stop", raw: "stop" },
    { type: "usage", usage: { input: 1, output: 2 } },
  ];
  const request = parse({ stream: true, n: 2, stream_options: { include_usage: true } });
  const frames = writeStream(dialect.eventFormatter(request, OPTIONS), [{ events }]);
  deepEqual(eventsOf(readStream(dialect, frames.join(""))), events);
  const text = JSON.stringify(dialect.formatResponse(foldEvents(events), request, OPTIONS));
  deepEqual(foldEvents(dialect.parseResponse(JSON.parse(text), text, {}).events), foldEvents(events));
});

Deno.test("F10 F11 an upstream's end is made up only where it said that it was done", () => {
  const chunk = (fields: Record<string, unknown>) => `data: ${JSON.stringify({ id: "x", choices: [fields] })}\n\n`;
  const last = (text: string) => eventsOf(readStream(dialect, text)).at(-1);
  deepEqual(last(`${chunk({ index: 0, text: "a" })}data: [DONE]\n\n`), { type: "finish", reason: "stop" });
  const cut = last(chunk({ index: 0, text: "a" }));
  equal(cut?.type === "error" && cut.error.kind, "upstream-cut");
  deepEqual(last(chunk({ index: 0, text: "a", finish_reason: "eos" })), {
    type: "finish",
    reason: "other",
    raw: "eos",
  });
  const failed = last('data: {"error":{"message":"x","code":"rate_limit_exceeded"}}\n\n');
  equal(failed?.type === "error" && failed.error.kind, "rate-limit");
  const broken = last("data: <html>\n\n");
  equal(broken?.type === "error" && broken.error.kind, "upstream-malformed");
});

Deno.test("O15 F8 an upstream is not heard behind the end of a choice, nor behind [DONE]", () => {
  const parser = dialect.eventParser({});
  const push = (text: string, word: string | null) =>
    parser.push({ data: JSON.stringify({ choices: [{ text, finish_reason: word }] }) }).events.map(({ type }) => type);
  deepEqual(push("a", "stop"), ["start", "text", "finish"]);
  deepEqual(push("b", "stop"), []);
  deepEqual(parser.push({ data: "[DONE]" }), { events: [], last: true });
  deepEqual(parser.push({ data: "<html>" }), { events: [], last: true });
  deepEqual(dialect.eventParser({}).push({ data: "[DONE]" }).events, [{ type: "finish", reason: "stop" }]);
});
