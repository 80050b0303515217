/** What an upstream's chunks say, and its whole answers, which look the same. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { callId } from "../call_id.ts";
import { given } from "../given.ts";
import { type CandidateBeat, type CandidateReader, candidateReader } from "./candidate_reader.ts";
import { parseBlock } from "./finish.ts";
import { type Answer, type AnswerCandidate, answerSchema, type UsageMetadata } from "./schema.ts";
import { parseUsage } from "./usage.ts";

export interface AnswerReader {
  /** What one chunk or answer says; `text` is the JSON it came as. */
  read(body: JsonObject, text: string): CandidateBeat;
  /** A `finish` for each candidate that has none. */
  close(): ChatEvent[];
  /** Whether each candidate that spoke has ended, or the prompt was refused. */
  isComplete(): boolean;
}

export function answerReader(): AnswerReader {
  const candidates = new Map<number, CandidateReader>();
  let started: string | undefined;
  let blocked = false;
  /** The counts so far: they only grow, and a chunk may leave out those that others gave. */
  let counts: UsageMetadata = {};
  /** The chunk being read: with the answer's id it tells calls without an id apart from those of other turns. */
  let current = "";

  function at(index: number): CandidateReader {
    const known = candidates.get(index);
    if (known !== undefined) return known;
    const reader = candidateReader((call) => callId(`${started}/${index}/${call}/${current}`));
    candidates.set(index, reader);
    return reader;
  }

  /** Another gateway's keep-alive, coming first, tells neither the id nor the model. */
  function start({ responseId, modelVersion, createTime, candidates, promptFeedback }: Answer): ChatEvent[] {
    if (started !== undefined || !(responseId || modelVersion || promptFeedback || candidates?.some(says))) return [];
    started = responseId ?? "";
    const created = Math.floor(Date.parse(createTime ?? "") / 1000);
    return [{ type: "start", id: started, model: modelVersion ?? "", ...(created > 0 && { created }) }];
  }

  function readCandidate(candidate: AnswerCandidate, place: number): CandidateBeat {
    const index = candidate.index ?? place;
    const { events, exact } = at(index).read(candidate);
    return { events: events.map((event) => placed(event, index)), exact };
  }

  function isComplete(): boolean {
    return blocked || (candidates.size > 0 && [...candidates.values()].every((reader) => reader.isFinished()));
  }

  function readBlock({ promptFeedback }: Answer): ChatEvent[] {
    if (!promptFeedback?.blockReason || isComplete()) return [];
    blocked = true;
    return [{ type: "finish", ...parseBlock(promptFeedback.blockReason) }];
  }

  function readUsage({ usageMetadata }: Answer): ChatEvent[] {
    if (!usageMetadata) return [];
    counts = { ...counts, ...given(usageMetadata) };
    return [{ type: "usage", usage: parseUsage(counts) }];
  }

  return {
    read(body, text) {
      current = text;
      const answer = answerSchema.parse(body);
      const events = start(answer);
      const beats = (answer.candidates ?? []).map(readCandidate);
      for (const beat of beats) events.push(...beat.events);
      events.push(...readBlock(answer));
      events.push(...readUsage(answer));
      return { events, exact: beats.every((beat) => beat.exact) };
    },
    close: () => [...candidates].flatMap(([index, reader]) => reader.close().map((event) => placed(event, index))),
    isComplete,
  };
}

function says({ content, finishReason }: AnswerCandidate): boolean {
  return Boolean(finishReason) || (content?.parts ?? []).some(({ text }) => text !== "");
}

/** The event under its candidate's index; the first one's is left out. */
function placed(event: ChatEvent, choice: number): ChatEvent {
  if (choice === 0 || event.type === "start" || event.type === "usage" || event.type === "error") return event;
  return { ...event, choice };
}
