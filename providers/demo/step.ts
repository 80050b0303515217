/** What a demo answer is made of before it is given: things to say, waits and failures, as data. */

import type { ChoiceEvent } from "../../chat/choice_folder.ts";
import type { GatewayError } from "../../chat/error.ts";
import type { ChatEvent } from "../../chat/event.ts";
import type { FinishReason } from "../../chat/finish.ts";
import type { ModelFacts } from "../../chat/model.ts";
import type { ChatRequest } from "../../chat/request.ts";

export type Step =
  /** One beat of a stream. */
  | { type: "say"; events: ChatEvent[] }
  | { type: "wait"; milliseconds: number }
  | { type: "fail"; error: GatewayError };

/** One request as a demo model sees it. */
export interface DemoAsk {
  request: ChatRequest;
  /** 1 for the first time that this request is asked. */
  attempt: number;
  /** An id for an answer or a call, in letters and digits. */
  newId(): string;
  /** Seconds since the epoch. */
  created: number;
}

/** Milliseconds each. */
export interface Pace {
  /** Before the upstream begins to answer at all. */
  opening?: number;
  /** Between that and the first content. */
  first?: number;
  /** Between one piece of content and the next. */
  between?: number;
}

export interface DemoModel {
  facts: ModelFacts;
  /** What one choice says, in deltas. */
  says(ask: DemoAsk): ChoiceEvent[];
  /** Why it ends; `tool-calls` or `stop` by what it said, if absent. */
  finish?: FinishReason;
  pace?: Pace;
  /** It breaks after so many deltas, or for 0 before it begins to answer. */
  breaks?: { after: number; error: () => GatewayError };
}
