/** What one candidate of an upstream's answer says, chunk by chunk. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { markSignature } from "../signatures.ts";
import { parseCitations, parseGrounding } from "./citations.ts";
import { parseFinish } from "./finish.ts";
import { parseLogprobs } from "./logprobs.ts";
import type { AnswerCandidate } from "./schema.ts";

/** `exact`: the events say what the candidate says, so that nothing has to be kept from a client. */
export interface CandidateBeat {
  events: ChatEvent[];
  exact: boolean;
}

export interface CandidateReader {
  read(candidate: AnswerCandidate): CandidateBeat;
  /** The `finish` that was never sent, for an answer that is known to be whole. */
  close(): ChatEvent[];
  isFinished(): boolean;
}

/** `makeId` makes an id for the call of an index whose upstream gave none, or one that is taken. */
export function candidateReader(makeId: (index: number) => string): CandidateReader {
  const ids = new Set<string>();
  /** Annotations so far, as JSON: the API repeats what it found in each chunk. */
  const told = new Set<string>();
  /** All the text, as the API gives places in it. */
  let text = "";
  let finished = false;

  function call(call: JsonObject & { name: string }, signature: string): ChatEvent[] {
    const index = ids.size;
    const id = typeof call.id === "string" && call.id !== "" && !ids.has(call.id) ? call.id : makeId(index);
    ids.add(id);
    return [
      { type: "tool-call", index, id, name: call.name, ...(signature !== "" && { signature }) },
      { type: "tool-arguments", index, json: JSON.stringify(call.args ?? {}) },
    ];
  }

  function say(part: JsonObject): ChatEvent[] {
    const { functionCall, inlineData, thought } = part;
    const signature = typeof part.thoughtSignature === "string" ? part.thoughtSignature : "";
    if (isCall(functionCall)) return call(functionCall, signature);
    const signed: ChatEvent[] = signature === ""
      ? []
      : [{ type: "reasoning", text: "", signature: markSignature("gemini", signature) }];
    if (typeof part.text === "string") {
      const said: ChatEvent = { type: thought === true ? "reasoning" : "text", text: part.text };
      return [...(part.text === "" ? [] : [said]), ...signed];
    }
    // An image that was thought of only is none of the answer's.
    if (isMedia(inlineData) && thought !== true) {
      return [{ type: "media", mediaType: inlineData.mimeType, data: inlineData.data }, ...signed];
    }
    return Object.keys(part).length === 0 ? [] : [{ type: "opaque", dialect: "gemini", value: part }];
  }

  function annotate({ groundingMetadata, citationMetadata }: AnswerCandidate): ChatEvent[] {
    const found = [
      ...(groundingMetadata ? parseGrounding(groundingMetadata, text) : []),
      ...(citationMetadata ? parseCitations(citationMetadata, text) : []),
    ];
    const fresh = found.filter((annotation) => !told.has(JSON.stringify(annotation)));
    for (const annotation of fresh) told.add(JSON.stringify(annotation));
    return fresh.map((annotation) => ({ type: "annotation", annotation }));
  }

  return {
    read(candidate) {
      // A second end, and what comes after the first, is dropped (CASES O15).
      if (finished) return { events: [], exact: false };
      const parts = candidate.content?.parts ?? [];
      // Half a call that leaked as text, or a call that is not one, must not pass for the answer (CASES G5).
      if (parseFinish(candidate.finishReason, false)?.reason === "malformed") {
        finished = true;
        return {
          events: [{ type: "finish", reason: "malformed", raw: candidate.finishReason! }],
          exact: parts.length === 0,
        };
      }
      const said = parts.flatMap(say);
      text += said.map((event) => event.type === "text" ? event.text : "").join("");
      const finish = parseFinish(candidate.finishReason, ids.size > 0);
      finished = finish !== undefined;
      const logprobs = candidate.logprobsResult ? parseLogprobs(candidate.logprobsResult) : [];
      return {
        events: [
          ...said,
          ...annotate(candidate),
          ...(logprobs.length > 0 ? [{ type: "logprobs" as const, content: logprobs }] : []),
          ...(finish === undefined ? [] : [{ type: "finish" as const, ...finish }]),
        ],
        exact: true,
      };
    },
    close() {
      if (finished) return [];
      finished = true;
      return [{ type: "finish", reason: ids.size > 0 ? "tool-calls" : "stop" }];
    },
    isFinished: () => finished,
  };
}

function isCall(value: unknown): value is JsonObject & { name: string } {
  return isObject(value) && typeof value.name === "string" && value.name !== "";
}

function isMedia(value: unknown): value is { mimeType: string; data: string } {
  return isObject(value) && typeof value.mimeType === "string" && typeof value.data === "string";
}
