/** One candidate of a stream: what is said of it at once, and what it owes its client until its end. */

import { callPart } from "../../chat/choice_folder.ts";
import type { ChatEvent } from "../../chat/event.ts";
import type { Finish } from "../../chat/finish.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest, ToolCallPart } from "../../chat/request.ts";
import { formatCandidate } from "./format_candidate.ts";
import { formatReplyPart } from "./reply_parts.ts";

export interface CandidateWriter {
  /** The parts that an event makes now. */
  push(event: ChatEvent): JsonObject[];
  /** Notes what a relayed chunk said. */
  relayed(event: ChatEvent): void;
  /** Whether something waits for the last chunk, so that none may be relayed before it. */
  isHolding(): boolean;
  /** Whether its end is known. */
  isFinished(): boolean;
  /** Whether its end went out, with a relayed chunk. */
  isClosed(): boolean;
  /** The candidate of the last chunk: all that is owed. */
  end(index: number): JsonObject;
}

export function candidateWriter(request: ChatRequest): CandidateWriter {
  /** A call leaves whole, in one part, so that its arguments are gathered until the end. */
  const calls = new Map<number, ToolCallPart>();
  const annotations: JsonObject[] = [];
  const queries: string[] = [];
  const logprobs: Json[] = [];
  let text = "";
  let finish: Finish | undefined;
  let closed = false;

  function say(event: ChatEvent): JsonObject[] {
    switch (event.type) {
      case "text":
        text += event.text;
        return formatReplyPart(event, request);
      case "refusal":
      case "reasoning":
      case "redacted-reasoning":
      case "media":
      case "opaque":
        if (event.type === "opaque") queries.push(...event.queries ?? []);
        return formatReplyPart(event, request);
      case "tool-call":
        calls.set(event.index, callPart(event));
        return [];
      case "tool-arguments": {
        const call = calls.get(event.index);
        if (call !== undefined) call.json += event.json;
        return [];
      }
      case "annotation":
        annotations.push(event.annotation);
        return [];
      case "logprobs":
        for (const logprob of event.content ?? []) logprobs.push(logprob);
        return [];
      case "finish":
        finish = event;
        return [];
      case "start":
      case "usage":
      case "error":
        return [];
      default:
        return event satisfies never;
    }
  }

  return {
    push: (event) => finish === undefined && !closed ? say(event) : [],
    relayed(event) {
      if (event.type === "text") text += event.text;
      if (event.type === "finish") closed = true;
    },
    isHolding: () => finish !== undefined || calls.size + annotations.length + logprobs.length > 0,
    isFinished: () => finish !== undefined || closed,
    isClosed: () => closed,
    end: (index) =>
      formatCandidate({ index, parts: [...calls.values()], finish, annotations, queries, text, logprobs }, request),
  };
}
