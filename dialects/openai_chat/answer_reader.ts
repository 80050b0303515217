/** What an upstream's chunks say, and its whole answers, which are one chunk with `message` for `delta`. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { flatMap, joined } from "../../chat/lists.ts";
import { callId } from "../call_id.ts";
import { choiceReaders, placed } from "../choice_readers.ts";
import type { Quirks } from "../dialect.ts";
import { choiceParser } from "./choice_parser.ts";
import type { ReadDelta } from "./delta_reader.ts";
import { type FoundSources, foundSources } from "./found_sources.ts";
import { parseInBandError } from "../openai_error.ts";
import type { Head } from "./relay_rules.ts";
import type { Answer, AnswerChoice } from "./answer_schema.ts";
import type { Chunk } from "./chunk.ts";
import { parseUsage } from "./usage.ts";

export interface AnswerReader {
  /** What one chunk or answer says; `text` is the JSON it came as. */
  read(chunk: Chunk, text: string): ReadDelta;
  /** Text from a line that is no JSON. */
  readText(text: string): ChatEvent[];
  /** Held-back text of all choices. */
  flush(): ChatEvent[];
  /** Held-back text, and a `finish` for each choice that has none. */
  close(): ChatEvent[];
  /** Whether something was said, and each choice that spoke has ended. */
  isComplete(): boolean;
  /** The id, model and time of the first chunk that had them. */
  head(): Head | undefined;
}

export function answerReader(quirks: Quirks): AnswerReader {
  let head: Head | undefined;
  /** The chunk being read: with the head it tells calls without an id apart. */
  let current = "";
  const choices = choiceReaders((index) =>
    choiceParser(quirks, (call) => callId(`${head?.id}/${head?.created}/${index}/${call}/${current}`))
  );

  function start(answer: Answer): ChatEvent[] {
    const hasChoices = (answer.choices ?? []).length > 0;
    // Azure's first chunk, `prompt_filter_results`, has neither an id nor choices (CASES O10).
    if (head !== undefined || (!answer.id && !hasChoices)) return [];
    const created = answer.created ?? undefined;
    head = { id: answer.id ?? "", model: answer.model ?? "", created };
    return [{ type: "start", id: head.id, model: head.model, ...(created !== undefined && { created }) }];
  }

  function readChoice(choice: AnswerChoice, place: number): ReadDelta {
    const index = choice.index ?? place;
    const isNew = !choices.has(index);
    const { events, exact } = choices.at(index).push(choice);
    if (index === 0) return { events, exact };
    // A further choice that opens with its role alone is still told of, so that it is not opened again.
    const told: ChatEvent[] = isNew && events.length === 0 ? [{ type: "text", text: "" }] : events;
    return { events: placed(told, index), exact };
  }

  const sources = foundSources();

  return {
    read({ body, answer }, text) {
      current = text;
      const begin = start(answer);
      sources.hear(body);
      const deltas = (answer.choices ?? []).map(readChoice);
      const said = joined(begin, withSources(flatMap(deltas, ({ events }) => events), sources));
      return {
        events: errorLast(joined(said, endOf(answer, body))),
        exact: deltas.every(({ exact }) => exact),
      };
    },
    readText(text) {
      current = text;
      return choices.at(0).pushText(text);
    },
    flush: () => choices.fromAll((parser) => parser.flush()),
    close: () => choices.fromAll((parser) => parser.close()),
    isComplete: choices.areFinished,
    head: () => head,
  };
}

/** The pages that the answer rests on come before its end, when there is a text that they are notes on. */
function withSources(events: ChatEvent[], sources: FoundSources): ChatEvent[] {
  const end = events.findIndex((event) => event.type === "finish" && event.choice === undefined);
  const found = end === -1 ? [] : sources.take();
  return found.length === 0 ? events : events.toSpliced(end, 0, ...found);
}

/** What stands beside the choices. */
function endOf(answer: Answer, body: JsonObject): ChatEvent[] {
  const usage = parseUsage(answer.usage) ?? parseUsage(answer.x_groq?.usage);
  const counts: ChatEvent[] = usage === undefined ? [] : [{ type: "usage", usage }];
  return answer.error ? [...counts, { type: "error", error: parseInBandError(body) }] : counts;
}

/** Nothing follows an error, so what its chunk says besides comes before it. */
function errorLast(events: ChatEvent[]): ChatEvent[] {
  const error = events.find((event) => event.type === "error");
  return error === undefined ? events : [...events.filter((event) => event.type !== "error"), error];
}
