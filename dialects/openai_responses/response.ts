/** Whole answers, both ways: each is read and written as the stream that it could have been. */

import type { Beat } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { Reply } from "../../chat/reply.ts";
import { replyToEvents } from "../../chat/reply_folder.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { FormatOptions } from "../dialect.ts";
import { failingBeat } from "../failing_beat.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { lossList } from "../losses.ts";
import { parseInBandError } from "../openai_error.ts";
import { upstreamError } from "../upstream_error.ts";
import { answerReader } from "./answer_reader.ts";
import { asksForCompaction, compactor, lastWords } from "./compaction.ts";
import { formatInput } from "./format_input.ts";
import { beginResponse } from "./response_object.ts";
import { responseWriter } from "./response_writer.ts";

export function parseResponse(body: unknown, text: string): Beat {
  if (!isObject(body) || !(Array.isArray(body.output) || isObject(body.error))) {
    return failingBeat(upstreamError("upstream-malformed", text));
  }
  // Some relays send a failure with status 200, in place of the answer.
  if (!Array.isArray(body.output)) return failingBeat(parseInBandError(body));
  const events = answerReader().end(body);
  const isClean = body.object === "response" && typeof body.id === "string" && events.at(-1)?.type === "finish";
  return { events, last: true, ...(isClean && { raw: text }) };
}

/** What is said of a conversation that was compacted: what its user said last, and the summary of all of it. */
export function formatCompaction(reply: Reply, request: ChatRequest, options: FormatOptions): JsonObject {
  const { id, created_at, output, usage } = formatResponse(reply, request, options);
  const { input } = formatInput(lastWords(request.messages), { lost: lossList(), isOwn: true, replayReasoning: false });
  const all = [input, output].flatMap((items) => Array.isArray(items) ? items : []);
  return given({
    id,
    object: "response.compaction",
    created_at,
    output: all,
    usage,
  });
}

export function formatResponse(reply: Reply, request: ChatRequest, options: FormatOptions): JsonObject {
  const begin = (created = options.created) => beginResponse(request, { ...options, created });
  const writer = responseWriter({ id: options.id, tools: request.tools, begin });
  const events = replyToEvents(reply);
  writer.push(asksForCompaction(request.source.body) ? compactor().push(events) : events);
  writer.end();
  return writer.response();
}
