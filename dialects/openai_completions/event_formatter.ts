/** Beats as the chunks that a client reads: text alone, one end a choice, counts if asked for, one `[DONE]`. */

import type { ChatEvent } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import type { FinishReason } from "../../chat/finish.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import { sseText } from "../../streaming/frame.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { errorObject } from "../openai_error.ts";
import { FINISH_WORDS } from "./finish.ts";
import { formatLogprobs, lengthOf } from "./logprobs.ts";
import { echoOf } from "./parse_request.ts";
import { answerHead, formatUsage } from "./response.ts";

const DONE = sseText({ data: "[DONE]" });

interface Choice {
  begun: boolean;
  finished: boolean;
  /** How much text had its log probabilities told. */
  logged: number;
}

export function eventFormatter(request: ChatRequest, options: FormatOptions): EventFormatter {
  const echo = echoOf(request);
  const choices = new Map<number, Choice>();
  let upstreamCreated: number | undefined;
  /** What all chunks have in common, set by the first (CASES O2). */
  let head: JsonObject | undefined;
  let usage: Usage | undefined;
  let over = false;

  function frame(members: JsonObject): string {
    head ??= answerHead(options, upstreamCreated);
    return sseText({ data: JSON.stringify({ ...head, ...members }) });
  }

  function chunk(index: number, text: string, rest: JsonObject = {}): string {
    return frame({ choices: [{ text, index, logprobs: null, finish_reason: null, ...rest }] });
  }

  function at(index: number): Choice {
    const choice = choices.get(index) ?? { begun: false, finished: false, logged: echo.length };
    choices.set(index, choice);
    return choice;
  }

  /** The prompt, where it is to come first. */
  function begin(index: number): string[] {
    const choice = at(index);
    if (choice.begun) return [];
    choice.begun = true;
    return echo === "" ? [] : [chunk(index, echo)];
  }

  function finish(index: number, reason: FinishReason): string[] {
    at(index).finished = true;
    return [...begin(index), chunk(index, "", { finish_reason: FINISH_WORDS[reason] })];
  }

  function log(index: number, content: readonly Json[]): string[] {
    const choice = at(index);
    const logprobs = formatLogprobs(content, choice.logged);
    choice.logged += lengthOf(content);
    return [...begin(index), chunk(index, "", { logprobs })];
  }

  function write(event: ChatEvent): string[] {
    const index = "choice" in event ? event.choice ?? 0 : 0;
    const isHeard = !over && !choices.get(index)?.finished;
    switch (event.type) {
      case "text":
      case "refusal":
        return isHeard && event.text !== "" ? [...begin(index), chunk(index, event.text)] : [];
      case "logprobs":
        return isHeard && event.content !== undefined ? log(index, event.content) : [];
      case "finish":
        return isHeard ? finish(index, event.reason) : [];
      case "start":
        upstreamCreated = event.created;
        return [];
      case "usage":
        usage = event.usage;
        return [];
      case "error":
        return fail(event.error);
      // These have no place in a text.
      case "reasoning":
      case "redacted-reasoning":
      case "tool-call":
      case "tool-arguments":
      case "media":
      case "annotation":
      case "opaque":
        return [];
      default:
        return event satisfies never;
    }
  }

  function end(): string[] {
    if (over) return [];
    if (choices.size === 0) at(0);
    const ends = [...choices].flatMap(([index, { finished }]) => finished ? [] : finish(index, "stop"));
    over = true;
    const counts = request.includeUsage && usage !== undefined
      ? [frame({ choices: [], usage: formatUsage(usage) })]
      : [];
    return [...ends, ...counts, DONE];
  }

  function fail(error: GatewayError): string[] {
    if (over) return [];
    over = true;
    return [sseText({ data: JSON.stringify({ error: errorObject(error) }) })];
  }

  return {
    push: ({ events }) => events.flatMap(write),
    end,
    fail,
    ping() {
      if (over) return [];
      return options.keepAlive === "chunk" && !at(0).finished ? [chunk(0, "")] : [": keep-alive\n\n"];
    },
  };
}
