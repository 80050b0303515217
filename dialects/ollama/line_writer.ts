/** The lines of one answer: what is said at once, calls when they are whole, counts and the end in the last. */

import type { FinishReason } from "../../chat/finish.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { Usage } from "../../chat/usage.ts";
import type { FormatOptions } from "../dialect.ts";
import { closeJson, type OpenJson, openJson } from "../json_line.ts";
import type { SaidEvent } from "../until_failure.ts";
import { heldCalls } from "./answer_calls.ts";
import { type AnswerForm, createdAt, type Said } from "./answer_form.ts";
import { DONE_REASONS } from "./finish.ts";
import { formatUsage } from "./usage.ts";

export interface LineWriter {
  write(event: SaidEvent): string[];
  /** The calls: only at the end of what is said are their arguments known to be whole. */
  finish(reason: FinishReason): string[];
  isFinished(): boolean;
  /** What is left, and the last line. */
  close(): string[];
}

export function lineWriter(form: AnswerForm, options: FormatOptions): LineWriter {
  let created = options.created;
  /** What all lines begin with, as long as it is made at that time. */
  let head: OpenJson | undefined;
  const calls = heldCalls();
  let reason: FinishReason | undefined;
  let usage: Usage | undefined;

  function line(said: Partial<Said>, more: JsonObject = {}): string[] {
    head ??= openJson({ model: options.model, created_at: createdAt(created) });
    return [`${closeJson(head, { ...form({ content: "", ...said }), done: false, ...more })}\n`];
  }

  function lineOfCalls(): string[] {
    const taken = calls.take(reason);
    return taken.length === 0 ? [] : line({ calls: taken });
  }

  function finish(given: FinishReason): string[] {
    reason = given;
    return lineOfCalls();
  }

  function write(event: SaidEvent): string[] {
    switch (event.type) {
      case "start":
        created = event.created ?? created;
        head = undefined;
        return [];
      case "usage":
        usage = event.usage;
        return [];
      case "tool-call":
        calls.begin(event);
        return [];
      case "tool-arguments":
        calls.grow(event);
        return [];
      case "logprobs":
        return event.content === undefined ? [] : line({}, { logprobs: event.content });
      case "finish":
        return finish(event.reason);
      default: {
        const said = saidBy(event);
        return said === undefined ? [] : line(said);
      }
    }
  }

  return {
    write,
    finish,
    isFinished: () => reason !== undefined,
    close() {
      const counts = usage === undefined ? {} : formatUsage(usage);
      const end = { done: true, done_reason: DONE_REASONS[reason ?? "stop"], ...counts };
      return [...lineOfCalls(), ...line({}, end)];
    },
  };
}

type ContentEvent = Exclude<
  SaidEvent,
  { type: "start" | "usage" | "tool-call" | "tool-arguments" | "logprobs" | "finish" }
>;

/** What a line says of the event; `undefined` where there is nothing that it could say. */
function saidBy(event: ContentEvent): Partial<Said> | undefined {
  switch (event.type) {
    case "text":
    case "refusal":
      return event.text === "" ? undefined : { content: event.text };
    case "reasoning":
      return event.text === "" ? undefined : { thinking: event.text };
    case "media":
      return event.mediaType.startsWith("image/") ? { images: [event.data] } : undefined;
    case "redacted-reasoning":
    case "annotation":
    case "opaque":
      return undefined;
    default:
      return event satisfies never;
  }
}
