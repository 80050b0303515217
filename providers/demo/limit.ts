/** Ends an answer where the request says: at a stop string, or when its tokens are spent. */

import type { ChoiceEvent } from "../../chat/choice_folder.ts";
import { estimateOutput } from "../../chat/estimate_usage.ts";
import type { Finish } from "../../chat/finish.ts";
import { replyFolder } from "../../chat/reply_folder.ts";

export interface Limited {
  events: ChoiceEvent[];
  /** Absent where the answer is given to its own end. */
  finish?: Finish;
}

export interface Limits {
  stop: readonly string[] | undefined;
  maxTokens: number | undefined;
}

/** What comes first ends the answer: the limit is looked for in what the stop strings leave. */
export function limit(events: ChoiceEvent[], { stop = [], maxTokens }: Limits): Limited {
  const stopped = untilStop(events, stop);
  const fitting = maxTokens === undefined ? stopped.events.length : countFitting(stopped.events, maxTokens);
  if (fitting === stopped.events.length) return stopped;
  return { events: stopped.events.slice(0, fitting), finish: { reason: "length" } };
}

function untilStop(events: ChoiceEvent[], stops: readonly string[]): Limited {
  const text = events.map(textOf).join("");
  const hits = stops.map((stop) => ({ stop, at: stop === "" ? -1 : text.indexOf(stop) })).filter(({ at }) => at >= 0);
  const [first] = hits.sort((a, b) => a.at - b.at);
  if (first === undefined) return { events };

  const kept: ChoiceEvent[] = [];
  let left = first.at;
  for (const event of events) {
    if (event.type === "text" && event.text.length > left) {
      if (left > 0) kept.push({ ...event, text: event.text.slice(0, left) });
      break;
    }
    left -= textOf(event).length;
    kept.push(event);
  }
  return { events: kept, finish: { reason: "stop-sequence", stopSequence: first.stop } };
}

function textOf(event: ChoiceEvent): string {
  return event.type === "text" ? event.text : "";
}

/** How many of the first events cost no more than `maxTokens`: halved, as counting costs as much as the text is long. */
function countFitting(events: ChoiceEvent[], maxTokens: number): number {
  const fits = (length: number) => countTokens(events.slice(0, length)) <= maxTokens;
  if (fits(events.length)) return events.length;
  let [fitting, tooMany] = [0, events.length];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (fits(middle)) fitting = middle;
    else tooMany = middle;
  }
  return fitting;
}

function countTokens(events: ChoiceEvent[]): number {
  const folder = replyFolder();
  folder.push(events);
  return estimateOutput(folder.reply());
}
