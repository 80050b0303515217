/** An upstream's chunks as beats, and its whole answers, which are one chunk. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import { flatMap } from "../../chat/lists.ts";
import type { EventParser } from "../dialect.ts";
import { failingBeat } from "../failing_beat.ts";
import { untilLast } from "../frame_parser.ts";
import { isObject, parseJson } from "../json.ts";
import { parseInBandError } from "../openai_error.ts";
import { upstreamError } from "../upstream_error.ts";
import { parseFinish } from "./finish.ts";
import { type Answer, answerSchema } from "./schema.ts";

export function eventParser(): EventParser {
  const reader = answerReader();
  return untilLast({
    push({ data }) {
      const text = data.trim();
      return text === "[DONE]" ? { events: reader.close(), last: true } : reader.read(parseJson(text), text);
    },
    end() {
      if (reader.isComplete()) return [];
      return failingBeat(upstreamError("upstream-cut", "neither a finish_reason nor [DONE]")).events;
    },
  });
}

export function parseResponse(body: unknown, text: string): Beat {
  const reader = answerReader();
  const { events, last } = reader.read(body, text);
  return { events: last ? events : [...events, ...reader.close()], last: true };
}

function answerReader() {
  let started = false;
  /** The choices that spoke, and whether each has ended. */
  const finished = new Map<number, boolean>();

  function start({ id, model, created }: Answer): ChatEvent[] {
    if (started) return [];
    started = true;
    return [{
      type: "start",
      id: id ?? "",
      model: model ?? "",
      ...(typeof created === "number" && { created }),
    }];
  }

  function readChoice({ index, text, finish_reason: word }: NonNullable<Answer["choices"]>[number]): ChatEvent[] {
    const choice = index ?? 0;
    if (finished.get(choice)) return [];
    const place = choice === 0 ? {} : { choice };
    finished.set(choice, Boolean(word));
    return [
      ...(text ? [{ type: "text" as const, text, ...place }] : []),
      ...(word ? [{ type: "finish" as const, ...parseFinish(word), ...place }] : []),
    ];
  }

  return {
    read(body: unknown, text: string): Beat {
      if (!isObject(body)) return failingBeat(upstreamError("upstream-malformed", text));
      const answer = answerSchema().parse(body);
      if (answer.error) return failingBeat(parseInBandError(body));
      const { usage } = answer;
      return {
        events: [
          ...start(answer),
          ...flatMap(answer.choices ?? [], readChoice),
          ...(usage
            ? [{ type: "usage" as const, usage: { input: usage.prompt_tokens, output: usage.completion_tokens } }]
            : []),
        ],
      };
    },
    /** A `finish` for each choice that has none (CASES F10). */
    close(): ChatEvent[] {
      if (finished.size === 0) finished.set(0, false);
      return [...finished].flatMap(([choice, isFinished]): ChatEvent[] => {
        if (isFinished) return [];
        finished.set(choice, true);
        return [{ type: "finish", reason: "stop", ...(choice === 0 ? {} : { choice }) }];
      });
    },
    isComplete: () => finished.size > 0 && [...finished.values()].every(Boolean),
  };
}
