/** Beats as the lines that a client of either route gets. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import type { FinishReason } from "../../chat/finish.ts";
import type { GatewayError } from "../../chat/error.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { Usage } from "../../chat/usage.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { type AnswerCall, formatCalls } from "./answer_calls.ts";
import { type AnswerForm, createdAt, type Said } from "./answer_form.ts";
import { errorBody } from "./error.ts";
import { DONE_REASONS } from "./finish.ts";
import { formatUsage } from "./usage.ts";

/**
 * The last line waits for `end`, as upstreams tell the counts that stand in it after their finish. Calls go out at the
 * finish: only then are their arguments known to be whole.
 */
export function eventFormatter(form: AnswerForm, options: FormatOptions): EventFormatter {
  let created = options.created;
  const calls = new Map<number, AnswerCall>();
  let finish: FinishReason | undefined;
  let usage: Usage | undefined;
  /** The last line, or the error, was written. */
  let over = false;

  function line(said: Said, more: JsonObject = {}): string {
    const head = { model: options.model, created_at: createdAt(created) };
    return `${JSON.stringify({ ...head, ...form(said), done: false, ...more })}\n`;
  }

  function takeCalls(): string[] {
    const formatted = formatCalls([...calls.values()], finish);
    calls.clear();
    return formatted.length === 0 ? [] : [line({ content: "", calls: formatted })];
  }

  function write(event: ChatEvent): string[] {
    switch (event.type) {
      case "start":
        created = event.created ?? created;
        return [];
      case "text":
      case "refusal":
        return event.text === "" ? [] : [line({ content: event.text })];
      case "reasoning":
        return event.text === "" ? [] : [line({ content: "", thinking: event.text })];
      case "tool-call":
        calls.set(event.index, { id: event.id, name: event.name, json: "" });
        return [];
      case "tool-arguments": {
        const call = calls.get(event.index);
        if (call !== undefined) call.json += event.json;
        return [];
      }
      case "media":
        return event.mediaType.startsWith("image/") ? [line({ content: "", images: [event.data] })] : [];
      case "logprobs":
        return writeLogprobs(event.content);
      case "finish":
        finish = event.reason;
        return takeCalls();
      case "usage":
        usage = event.usage;
        return [];
      case "error":
        return fail(event.error);
      case "redacted-reasoning":
      case "annotation":
      case "opaque":
        return [];
      default:
        return event satisfies never;
    }
  }

  function writeLogprobs(logprobs: Json[] | undefined): string[] {
    return logprobs === undefined ? [] : [line({ content: "" }, { logprobs })];
  }

  /** What comes behind the finish is not said any more (CASES O15), save the counts and a failure. */
  function isHeard(event: ChatEvent): boolean {
    if (over || ("choice" in event && event.choice !== undefined && event.choice !== 0)) return false;
    return finish === undefined || event.type === "usage" || event.type === "error";
  }

  /** An upstream's own line, behind what was held back from the lines before it. */
  function relay(raw: string, events: readonly ChatEvent[]): string[] {
    const end = events.find((event) => event.type === "finish");
    if (end === undefined) return [raw];
    finish = end.reason;
    over = true;
    return [...takeCalls(), raw];
  }

  function push({ raw, events }: Beat): string[] {
    if (over) return [];
    const isFailure = events.some((event) => event.type === "error");
    if (raw !== undefined && finish === undefined && !isFailure) return relay(raw, events);
    return events.flatMap((event) => isHeard(event) ? write(event) : []);
  }

  function end(): string[] {
    if (over) return [];
    const held = takeCalls();
    over = true;
    const counts = usage === undefined ? {} : formatUsage(usage);
    const last = { done: true, done_reason: DONE_REASONS[finish ?? "stop"], ...counts };
    return [...held, line({ content: "" }, last)];
  }

  function fail(error: GatewayError): string[] {
    if (over) return [];
    over = true;
    return [`${JSON.stringify(errorBody(error))}\n`];
  }

  return {
    push,
    end,
    fail,
    // White space before a line is no line: the one keep-alive that no client sees (DIALECTS.md §1.5).
    ping: () => over ? [] : [" "],
  };
}
