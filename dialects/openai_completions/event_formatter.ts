/** Beats as the chunks that a client reads: text alone, one end a choice, counts if asked for, one `[DONE]`. */

import type { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { flatMap } from "../../chat/lists.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import { sseText } from "../../streaming/frame.ts";
import { choiceWriters } from "../choice_writers.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { closeJson, type OpenJson, openJson } from "../json_line.ts";
import { errorObject } from "../openai_error.ts";
import { choiceWriter } from "./choice_writer.ts";
import { type SaidEvent, untilFailure } from "../until_failure.ts";
import { echoOf } from "./parse_request.ts";
import { answerHead, formatUsage } from "./response.ts";

const DONE = sseText({ data: "[DONE]" });

export function eventFormatter(request: ChatRequest, options: FormatOptions): EventFormatter {
  const frames = chunkFrames(options);
  const echo = echoOf(request);
  const choices = choiceWriters((index) => choiceWriter(index, echo));
  let usage: Usage | undefined;
  let over = false;

  const chunk = (entry: JsonObject) => frames.frame({ choices: [entry] });

  function write(event: SaidEvent): string[] {
    switch (event.type) {
      case "start":
        frames.begin(event.created);
        return [];
      case "usage":
        usage = event.usage;
        return [];
      default:
        return choices.at(event.choice ?? 0).write(event).map(chunk);
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
      return [...flatMap(said, write), ...(failure === undefined ? [] : fail(failure))];
    },
    end() {
      if (over) return [];
      over = true;
      const ends = choices.close().map(chunk);
      if (!request.includeUsage || usage === undefined) return [...ends, DONE];
      return [...ends, frames.frame({ choices: [], usage: formatUsage(usage) }), DONE];
    },
    fail,
    ping() {
      if (over) return [];
      const isChunk = options.keepAlive === "chunk" && !choices.at(0).isFinished();
      return isChunk ? [chunk(choices.at(0).silence())] : [": keep-alive\n\n"];
    },
  };
}

/** Chunks of one answer: what they have in common is set by the first (CASES O2). */
function chunkFrames(options: FormatOptions) {
  let upstreamCreated: number | undefined;
  let head: OpenJson | undefined;
  return {
    begin(created: number | undefined): void {
      upstreamCreated = created;
    },
    frame(members: JsonObject): string {
      head ??= openJson(answerHead(options, upstreamCreated));
      return sseText({ data: closeJson(head, members) });
    },
  };
}
