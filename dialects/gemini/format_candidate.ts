/** A candidate that has ended, as a client gets it: in the last chunk of a stream, or in a whole answer. */

import { BREAKS_CALLS, breaksBareCalls, type Finish } from "../../chat/finish.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { ReplyPart } from "../../chat/reply.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { argumentsObject } from "../call_arguments.ts";
import { asksForSearch } from "../web_search.ts";
import { formatCitations, formatGrounding } from "./citations.ts";
import { formatFinish } from "./finish.ts";
import { formatLogprobs } from "./logprobs.ts";
import { formatReplyPart } from "./reply_parts.ts";

export interface EndedCandidate {
  index: number;
  parts: readonly ReplyPart[];
  /** Absent where the upstream never said why. */
  finish: Finish | undefined;
  annotations: readonly JsonObject[];
  /** What its vendor searched the web for. */
  queries: readonly string[];
  /** All the text, which the annotations have their places in. */
  text: string;
  logprobs: readonly Json[];
}

/** It has a part in any case: clients forget a turn of which a candidate has none. */
export function formatCandidate(candidate: EndedCandidate, request: ChatRequest): JsonObject {
  const finish = candidate.finish ?? { reason: "other" };
  const parts = candidate.parts.filter((part) => isMade(part, finish)).flatMap((part) =>
    formatReplyPart(part, request)
  );
  return {
    content: { role: "model", parts: parts.length > 0 ? parts : [{ text: "" }] },
    finishReason: formatFinish(finish),
    index: candidate.index,
    ...(candidate.annotations.length + candidate.queries.length > 0 && formatSources(candidate, request)),
    ...(candidate.logprobs.length > 0 && { logprobsResult: formatLogprobs(candidate.logprobs) }),
  };
}

function isMade(part: ReplyPart, { reason }: Finish): boolean {
  if (part.type !== "tool-call") return true;
  if (part.json.trim() === "") return !breaksBareCalls(reason);
  return !BREAKS_CALLS[reason] || argumentsObject(part.json) !== undefined;
}

/** A client that asked for a search looks for what it found in a place of its own. */
function formatSources(candidate: EndedCandidate, request: ChatRequest): JsonObject {
  if (asksForSearch(request.tools, "gemini")) {
    const groundingMetadata = formatGrounding(candidate.annotations, candidate);
    return groundingMetadata === undefined ? {} : { groundingMetadata };
  }
  const citationMetadata = formatCitations(candidate.annotations, candidate.text);
  return citationMetadata === undefined ? {} : { citationMetadata };
}
