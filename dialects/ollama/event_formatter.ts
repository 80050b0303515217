/** Beats as the stream that a client of either route gets: lines, one of which is the last, whatever comes in. */

import type { ChatEvent } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import { flatMap } from "../../chat/lists.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { jsonLine } from "../json_line.ts";
import { type SaidEvent, untilFailure } from "../until_failure.ts";
import type { AnswerForm } from "./answer_form.ts";
import { errorBody } from "./error.ts";
import { lineWriter } from "./line_writer.ts";

/** The last line waits for `end`, as upstreams tell the counts that stand in it after their finish. */
export function eventFormatter(form: AnswerForm, options: FormatOptions): EventFormatter {
  const lines = lineWriter(form, options);
  /** The last line, or the error, was written. */
  let over = false;

  function write(event: SaidEvent): string[] {
    // Behind the finish nothing is heard any more (CASES O15), save the counts.
    const isHeard = !lines.isFinished() || event.type === "usage";
    return isHeard ? lines.write(event) : [];
  }

  /** An upstream's own line, behind what was held back from the lines before it. */
  function relay(raw: string, events: readonly ChatEvent[]): string[] {
    const end = events.find((event) => event.type === "finish");
    if (end === undefined) return [raw];
    over = true;
    return [...lines.finish(end.reason), raw];
  }

  function fail(error: GatewayError): string[] {
    if (over) return [];
    over = true;
    return [`${jsonLine(errorBody(error))}\n`];
  }

  return {
    push({ raw, events }) {
      if (over) return [];
      const { said, failure } = untilFailure(events.filter(isOfFirstChoice));
      if (failure !== undefined) return [...flatMap(said, write), ...fail(failure)];
      return raw !== undefined && !lines.isFinished() ? relay(raw, said) : flatMap(said, write);
    },
    end() {
      if (over) return [];
      over = true;
      return lines.close();
    },
    fail,
    // White space before a line is no line: the one keep-alive that no client sees (DIALECTS.md §1.5).
    ping: () => over ? [] : [" "],
  };
}

function isOfFirstChoice(event: ChatEvent): boolean {
  return !("choice" in event) || (event.choice ?? 0) === 0;
}
