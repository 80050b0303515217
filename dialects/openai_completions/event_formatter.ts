/** Beats as the chunks that a client reads: text alone, one end a choice, counts if asked for, one `[DONE]`. */

import type { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import { sseText } from "../../streaming/frame.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { jsonLine } from "../json_line.ts";
import { errorObject } from "../openai_error.ts";
import { type ChoiceWriter, choiceWriter } from "./choice_writer.ts";
import { type SaidEvent, untilFailure } from "../until_failure.ts";
import { echoOf } from "./parse_request.ts";
import { answerHead, formatUsage } from "./response.ts";

const DONE = sseText({ data: "[DONE]" });

export function eventFormatter(request: ChatRequest, options: FormatOptions): EventFormatter {
  const choices = new Map<number, ChoiceWriter>();
  let upstreamCreated: number | undefined;
  /** What all chunks have in common, set by the first (CASES O2). */
  let head: JsonObject | undefined;
  let usage: Usage | undefined;
  let over = false;

  function frame(members: JsonObject): string {
    head ??= answerHead(options, upstreamCreated);
    return sseText({ data: jsonLine({ ...head, ...members }) });
  }

  function at(index: number): ChoiceWriter {
    const choice = choices.get(index) ?? choiceWriter(index, echoOf(request));
    choices.set(index, choice);
    return choice;
  }

  const chunk = (entry: JsonObject) => frame({ choices: [entry] });

  function write(event: SaidEvent): string[] {
    switch (event.type) {
      case "start":
        upstreamCreated = event.created;
        return [];
      case "usage":
        usage = event.usage;
        return [];
      default:
        return at(event.choice ?? 0).write(event).map(chunk);
    }
  }

  function fail(error: GatewayError): string[] {
    if (over) return [];
    over = true;
    return [sseText({ data: JSON.stringify({ error: errorObject(error) }) })];
  }

  return {
    push({ events }) {
      if (over) return [];
      const { said, failure } = untilFailure(events);
      return [...said.flatMap(write), ...(failure === undefined ? [] : fail(failure))];
    },
    end() {
      if (over) return [];
      over = true;
      if (choices.size === 0) at(0);
      const ends = [...choices.values()].flatMap((choice) => choice.close()).map(chunk);
      if (!request.includeUsage || usage === undefined) return [...ends, DONE];
      return [...ends, frame({ choices: [], usage: formatUsage(usage) }), DONE];
    },
    fail,
    ping() {
      if (over) return [];
      const isChunk = options.keepAlive === "chunk" && !at(0).isFinished();
      return isChunk ? [chunk(at(0).silence())] : [": keep-alive\n\n"];
    },
  };
}
