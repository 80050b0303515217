/** What an upstream of another dialect said, as the client's formatter takes it. */

import { GatewayError } from "../chat/error.ts";
import type { Beat, ChatEvent } from "../chat/event.ts";
import type { Tool } from "../chat/request.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { restoreToolName } from "../dialects/tool_ids.ts";
import type { Pull } from "../streaming/pull.ts";
import { wholeCharacters } from "../streaming/whole_characters.ts";

export interface ForeignOptions {
  dialect: Pick<Dialect, "tellsMalformed">;
  tools: readonly Tool[] | undefined;
}

/**
 * The beats without frames of the upstream's own, and with its calls under the names the client knows (CASES T23). They
 * break off at a call that could not be written where the client's dialect has no word for that: what its formatter makes
 * a failure of is one for the record, too (CASES G5).
 */
export function asForeign(source: Pull<Beat[]>, { dialect, tools }: ForeignOptions): Pull<Beat[]> {
  /** Thrown once what was said before it is given. */
  let failure: GatewayError | undefined;
  const whole = wholeCharacters();

  const restored = (event: ChatEvent): ChatEvent =>
    event.type === "tool-call" ? { ...event, name: restoreToolName(event.name, tools) } : event;

  function passed({ events: said, last }: Beat): Beat {
    const events = whole(said);
    const end = dialect.tellsMalformed ? -1 : events.findIndex(isMalformed);
    if (end !== -1) {
      failure ??= malformed(events[end]);
      return { events: events.slice(0, end).map(restored) };
    }
    const told = events.some(isCall) ? events.map(restored) : events;
    return last === undefined ? { events: told } : { events: told, last };
  }

  return {
    async next() {
      if (failure !== undefined) throw failure;
      const beats = await source.next();
      const given: Beat[] = [];
      for (const beat of beats ?? []) {
        if (failure === undefined) given.push(passed(beat));
      }
      return beats && given;
    },
    cancel: (reason) => source.cancel(reason),
  };
}

function isCall(event: ChatEvent): boolean {
  return event.type === "tool-call";
}

function isMalformed(event: ChatEvent): boolean {
  return event.type === "finish" && event.reason === "malformed";
}

function malformed(event: ChatEvent | undefined): GatewayError {
  const detail = event?.type === "finish" ? event.raw : undefined;
  const message = "Cannot answer as the model gave a malformed answer";
  return new GatewayError("upstream-malformed", message, detail === undefined ? {} : { detail });
}
