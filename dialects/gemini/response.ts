/** Whole answers: an upstream's as events, and a client's from a reply. */

import type { Beat } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { flatMap } from "../../chat/lists.ts";
import type { Reply, ReplyChoice } from "../../chat/reply.ts";
import { type ChatRequest, textOf } from "../../chat/request.ts";
import type { FormatOptions } from "../dialect.ts";
import { failingBeat } from "../failing_beat.ts";
import { isObject } from "../json.ts";
import { upstreamError } from "../upstream_error.ts";
import { answerReader } from "./answer_reader.ts";
import { parseError } from "./error.ts";
import { type EndedCandidate, formatCandidate } from "./format_candidate.ts";
import { formatUsage } from "./usage.ts";

/** One answer, or the array of chunks that a stream without `alt=sse` is. */
export function parseResponse(body: unknown, text: string): Beat {
  const chunks = Array.isArray(body) ? body : [body];
  const failed = chunks.find((chunk) => isObject(chunk) && chunk.error);
  if (failed !== undefined) return failingBeat(parseError(0, failed));
  if (chunks.length === 0 || !chunks.every(isObject)) return failingBeat(upstreamError("upstream-malformed", text));
  const reader = answerReader();
  const beats = chunks.map((chunk, at) => reader.read(chunk, chunks.length === 1 ? text : `${at}/${text}`));
  const events = [...beats.flatMap((beat) => beat.events), ...reader.close()];
  const isRelayed = !Array.isArray(body) && beats.every((beat) => beat.exact);
  return isRelayed ? { events, raw: text, last: true } : { events, last: true };
}

export function formatResponse(reply: Reply, request: ChatRequest, options: FormatOptions): JsonObject {
  const { usage } = reply;
  return {
    candidates: reply.choices.map((choice, index) => formatCandidate(endedCandidate(choice, index), request)),
    ...(usage !== undefined && { usageMetadata: formatUsage(usage) }),
    modelVersion: options.model,
    responseId: options.id,
  };
}

const NONE: string[] = [];

function endedCandidate({ parts, finish, annotations = [], logprobs }: ReplyChoice, index: number): EndedCandidate {
  const queries = flatMap(parts, (part) => part.type === "opaque" ? part.queries ?? NONE : NONE);
  return { index, parts, finish, annotations, queries, text: textOf(parts), logprobs: logprobs?.content ?? [] };
}
