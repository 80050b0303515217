/** Whole answers, both ways: each is read and written as the stream that it could have been. */

import type { Beat } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { Reply } from "../../chat/reply.ts";
import { replyToEvents } from "../../chat/reply_folder.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { FormatOptions } from "../dialect.ts";
import { failingBeat } from "../failing_beat.ts";
import { isObject } from "../json.ts";
import { parseInBandError } from "../openai_error.ts";
import { upstreamError } from "../upstream_error.ts";
import { answerReader } from "./answer_reader.ts";
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

export function formatResponse(reply: Reply, request: ChatRequest, options: FormatOptions): JsonObject {
  const begin = (created = options.created) => beginResponse(request, { ...options, created });
  const writer = responseWriter({ id: options.id, tools: request.tools, begin });
  writer.push(replyToEvents(reply));
  writer.end();
  return writer.response();
}
