/** What an upstream's chunks say, and its whole answers, which look the same. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { flatMap } from "../../chat/lists.ts";
import { callId } from "../call_id.ts";
import { choiceReaders, placed } from "../choice_readers.ts";
import { given } from "../given.ts";
import { type CandidateBeat, candidateReader } from "./candidate_reader.ts";
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
  let started: string | undefined;
  let blocked = false;
  /** The counts so far: they only grow, and a chunk may leave out those that others gave. */
  let counts: UsageMetadata = {};
  /** The chunk being read: with the answer's id it tells calls without an id apart from those of other turns. */
  let current = "";
  const candidates = choiceReaders((index) =>
    candidateReader((call) => callId(`${started}/${index}/${call}/${current}`))
  );

  /** Another gateway's keep-alive, coming first, tells neither the id nor the model. */
  function start({ responseId, modelVersion, createTime, candidates, promptFeedback }: Answer): ChatEvent[] {
    if (started !== undefined || !(responseId || modelVersion || promptFeedback || candidates?.some(says))) return [];
    started = responseId ?? "";
    const created = Math.floor(Date.parse(createTime ?? "") / 1000);
    return [{ type: "start", id: started, model: modelVersion ?? "", ...(created > 0 && { created }) }];
  }

  function readCandidate(candidate: AnswerCandidate, place: number): CandidateBeat {
    const index = candidate.index ?? place;
    const { events, exact } = candidates.at(index).read(candidate);
    return { events: placed(events, index), exact };
  }

  function isComplete(): boolean {
    return blocked || candidates.areFinished();
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
      const answer = answerSchema().parse(body);
      const begin = start(answer);
      const beats = (answer.candidates ?? []).map(readCandidate);
      const said = flatMap(beats, ({ events }) => events);
      return {
        events: [...begin, ...said, ...readBlock(answer), ...readUsage(answer)],
        exact: beats.every(({ exact }) => exact),
      };
    },
    close: () => candidates.fromAll((reader) => reader.close()),
    isComplete,
  };
}

function says({ content, finishReason }: AnswerCandidate): boolean {
  return Boolean(finishReason) || (content?.parts ?? []).some(({ text }) => text !== "");
}
