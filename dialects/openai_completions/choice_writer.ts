/** Writes one choice of an answer as the `choices` entries of chunks: the prompt first where it is wanted, one end. */

import type { ChoiceEvent } from "../../chat/choice_folder.ts";
import type { FinishReason } from "../../chat/finish.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import { FINISH_WORDS } from "./finish.ts";
import { formatLogprobs, lengthOf } from "./logprobs.ts";

export interface ChoiceWriter {
  write(event: ChoiceEvent): JsonObject[];
  /** The end, unless it was written. */
  close(): JsonObject[];
  /** An entry that says nothing. */
  silence(): JsonObject;
  isFinished(): boolean;
}

export function choiceWriter(index: number, echo: string): ChoiceWriter {
  let begun = false;
  let finished = false;
  /** How much of the text had its log probabilities told. */
  let logged = echo.length;

  function entry(text: string, rest: JsonObject = {}): JsonObject {
    return { text, index, logprobs: null, finish_reason: null, ...rest };
  }

  /** The entry, behind the prompt if it is the first. */
  function say(text: string, rest: JsonObject = {}): JsonObject[] {
    const before = begun || echo === "" ? [] : [entry(echo)];
    begun = true;
    return [...before, entry(text, rest)];
  }

  function log(content: readonly Json[]): JsonObject[] {
    const logprobs = formatLogprobs(content, logged);
    logged += lengthOf(content);
    return say("", { logprobs });
  }

  function finish(reason: FinishReason): JsonObject[] {
    finished = true;
    return say("", { finish_reason: FINISH_WORDS[reason] });
  }

  return {
    write(event) {
      if (finished) return [];
      switch (event.type) {
        case "text":
        case "refusal":
          return event.text === "" ? [] : say(event.text);
        case "logprobs":
          return event.content === undefined ? [] : log(event.content);
        case "finish":
          return finish(event.reason);
        // These have no place in a text.
        case "reasoning":
        case "redacted-reasoning":
        case "tool-call":
        case "tool-arguments":
        case "media":
        case "annotation":
        case "opaque":
          return [];
        default:
          return event satisfies never;
      }
    },
    close: () => finished ? [] : finish("stop"),
    silence: () => entry(""),
    isFinished: () => finished,
  };
}
