/** What one choice of an upstream's answer says, from its role to its end. */

import { breaksBareCalls } from "../../chat/finish.ts";
import type { ChatEvent } from "../../chat/event.ts";
import { joined } from "../../chat/lists.ts";
import type { Quirks } from "../dialect.ts";
import { upstreamError } from "../upstream_error.ts";
import { type DeltaReader, deltaReader, NOTHING, type ReadDelta } from "./delta_reader.ts";
import { finishFailure, parseFinish } from "./finish.ts";
import type { AnswerChoice, AnswerMessage } from "./answer_schema.ts";

export interface ChoiceParser {
  push(choice: AnswerChoice): ReadDelta;
  /** Text from a line that is no JSON. */
  pushText(text: string): ChatEvent[];
  /** Text that is still held back. */
  flush(): ChatEvent[];
  /** Held-back text and the `finish` that was never sent (CASES F10). */
  close(): ChatEvent[];
  isFinished(): boolean;
}

/** `makeId` makes an id for the call of an index whose upstream gave none. */
export function choiceParser(quirks: Quirks, makeId: (index: number) => string): ChoiceParser {
  const reader = deltaReader(quirks, makeId);
  let begun = false;
  let finished = false;

  function readFinish(choice: AnswerChoice): ReadDelta {
    const word = choice.finish_reason?.trim() ?? "";
    // Some vendors send an empty word with each chunk (CASES O9).
    if (word === "") return NOTHING;
    finished = true;
    const held = reader.flush();
    const end = readEnd(choice, { word, reader });
    return { events: [...held, ...end.events], exact: end.exact && held.length === 0 };
  }

  return {
    push(choice) {
      // A second end, and what comes after the first, is dropped (CASES O15).
      if (finished) return { events: [], exact: false };
      const message = choice.delta ?? wholeMessage(choice);
      const opens = begun || message.role === "assistant";
      begun = true;
      const said = reader.read(message);
      const end = readFinish(choice);
      return {
        events: joined(joined(said.events, logprobsOf(choice)), end.events),
        exact: opens && said.exact && end.exact,
      };
    },
    pushText: (text) => finished ? [] : reader.readText(text).events,
    flush: () => reader.flush(),
    close() {
      if (finished) return [];
      finished = true;
      return [...reader.flush(), { type: "finish", reason: reader.hasCalls() ? "tool-calls" : "stop" }];
    },
    isFinished: () => finished,
  };
}

/** A message of a whole answer: its calls are numbered by their places. */
function wholeMessage({ message }: AnswerChoice): AnswerMessage {
  const calls = message?.tool_calls?.map((call, place) => ({ ...call, index: call.index ?? place }));
  return { ...message, ...(calls !== undefined && { tool_calls: calls }) };
}

/** The end of a choice whose upstream called it `word`. */
function readEnd(choice: AnswerChoice, { word, reader }: { word: string; reader: DeltaReader }): ReadDelta {
  const failure = finishFailure(word);
  if (failure !== undefined) return { events: [{ type: "error", error: upstreamError(failure, word) }], exact: false };
  const raw = choice.native_finish_reason ?? word;
  // OpenRouter calls a call that Gemini could not write an ordinary end, and what is left of it text.
  if (parseFinish(raw).reason === "malformed") {
    return { events: [{ type: "finish", reason: "malformed", raw }], exact: false };
  }
  const finish = { ...parseFinish(word), raw };
  // Calls mean that it is for the client to go on, even where the upstream says `stop` (CASES A6, G1).
  if (finish.reason === "stop" && reader.hasCalls()) {
    return { events: [{ ...finish, type: "finish", reason: "tool-calls" }], exact: false };
  }
  // A call without arguments is given its empty object before the end (CASES T9), unless it was cut short.
  const exact = breaksBareCalls(finish.reason) || !reader.hasEmptyCall();
  if (finish.reason === "stop" && choice.stop_reason) {
    return {
      events: [{ ...finish, type: "finish", reason: "stop-sequence", stopSequence: choice.stop_reason }],
      exact,
    };
  }
  // A refusal in so many words ends in an ordinary way here, and in others by a word of its own (DIALECTS.md §5).
  const reason = finish.reason === "stop" && reader.hasRefusal() ? "refusal" : finish.reason;
  return { events: [{ ...finish, type: "finish", reason }], exact };
}

function logprobsOf({ logprobs }: AnswerChoice): ChatEvent[] {
  const content = logprobs?.content ?? [];
  const refusal = logprobs?.refusal ?? [];
  if (content.length === 0 && refusal.length === 0) return [];
  return [{ type: "logprobs", ...(content.length > 0 && { content }), ...(refusal.length > 0 && { refusal }) }];
}
