/** What one candidate of an upstream's answer says, chunk by chunk. */

import type { ChatEvent } from "../../chat/event.ts";
import { flatMap } from "../../chat/lists.ts";
import type { Finish } from "../../chat/finish.ts";
import { type FinishWord, parseFinish } from "./finish.ts";
import { parseLogprobs } from "./logprobs.ts";
import { partReader } from "./part_reader.ts";
import type { AnswerCandidate } from "./schema.ts";
import { sourceReader } from "./source_reader.ts";

/** `exact`: the events say what the candidate says, so that nothing has to be kept from a client. */
export interface CandidateBeat {
  events: ChatEvent[];
  exact: boolean;
}

/** The end of a request that is not the answer's. */
const GOES_ON = "CONTINUATION" satisfies FinishWord;

export interface CandidateReader {
  read(candidate: AnswerCandidate): CandidateBeat;
  /** The `finish` that was never sent, for an answer that is known to be whole. */
  close(): ChatEvent[];
  isFinished(): boolean;
}

/** `makeId` makes an id for the call of an index whose upstream gave none, or one that is taken. */
export function candidateReader(makeId: (index: number) => string): CandidateReader {
  const parts = partReader(makeId);
  const sources = sourceReader();
  let finished = false;
  /** The latest: a long answer tells one now and then. */
  let token: string | undefined;

  /** An answer at the client's own limit has a token, too, which is of use only for one with a higher limit. */
  function resumption({ raw }: Finish): Pick<Finish, "resume"> {
    return raw === GOES_ON && token ? { resume: token } : {};
  }

  return {
    read(candidate) {
      // A second end, and what comes after the first, is dropped (CASES O15).
      if (finished) return { events: [], exact: false };
      token = candidate.continuationToken ?? token;
      const given = candidate.content?.parts ?? [];
      const end = parseFinish(candidate.finishReason, false);
      finished = end !== undefined;
      // Half a call that leaked as text, or a call that is not one, must not pass for the answer (CASES G5).
      if (end?.reason === "malformed") return { events: [{ type: "finish", ...end }], exact: given.length === 0 };
      const said = flatMap(given, parts.read);
      sources.hear(said);
      const finish = parseFinish(candidate.finishReason, parts.hasCalls());
      return {
        events: [
          ...said,
          ...sources.read(candidate),
          ...logprobsOf(candidate),
          ...(finish === undefined ? [] : [{ type: "finish" as const, ...finish, ...resumption(finish) }]),
        ],
        exact: true,
      };
    },
    close() {
      if (finished) return [];
      finished = true;
      return [{ type: "finish", reason: parts.hasCalls() ? "tool-calls" : "stop" }];
    },
    isFinished: () => finished,
  };
}

function logprobsOf({ logprobsResult }: AnswerCandidate): ChatEvent[] {
  const content = logprobsResult ? parseLogprobs(logprobsResult) : [];
  return content.length === 0 ? [] : [{ type: "logprobs", content }];
}
