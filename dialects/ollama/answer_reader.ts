/** What the lines of an upstream's answer say, of either route; a whole answer is one line. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { argumentsText } from "../call_arguments.ts";
import { callId } from "../call_id.ts";
import type { Quirks } from "../dialect.ts";
import { mediaEvent } from "../media_event.ts";
import { thinkTags } from "../think_tags.ts";
import { parseFinish } from "./finish.ts";
import { imageType } from "./images.ts";
import { isRelayable } from "./relay_rules.ts";
import { type Answer, answerSchema, type Said } from "./schema.ts";
import { parseUsage } from "./usage.ts";

export interface Line {
  events: ChatEvent[];
  done: boolean;
  /** The events say what the line says, and a client can be given it as it is. */
  exact: boolean;
}

export interface AnswerReader {
  read(line: JsonObject): Line;
  /** Text that is held back. */
  flush(): ChatEvent[];
}

export function answerReader(quirks: Quirks): AnswerReader {
  const tags = quirks.thinkTags === false ? undefined : thinkTags();
  const calls = callReader();
  let started = false;

  function start(answer: Answer): ChatEvent[] {
    if (started) return [];
    started = true;
    const created = Math.floor(Date.parse(answer.created_at ?? "") / 1000);
    // Ollama's answers have no id.
    return [{ type: "start", id: "", model: answer.model ?? "", ...(Number.isFinite(created) && { created }) }];
  }

  function readText(text: string): ChatEvent[] {
    if (text === "") return [];
    return tags === undefined ? [{ type: "text", text }] : tags.push(text);
  }

  return {
    read(line) {
      const answer = answerSchema().parse(line);
      const said = saidIn(answer);
      const done = answer.done ?? false;
      // An object that says nothing, as some relays send to keep the connection alive (CASES V7).
      if (said === undefined && !done) return { events: [], done, exact: false };
      const { content, thinking, images, tool_calls } = said ?? {};

      const text = readText(content ?? "");
      const called = calls.read(answer, tool_calls);
      const held = done || called.length > 0 ? tags?.flush() ?? [] : [];
      const usage = done ? parseUsage(answer) : undefined;
      const events: ChatEvent[] = [
        ...start(answer),
        ...(thinking ? [{ type: "reasoning" as const, text: thinking }] : []),
        ...text,
        ...held,
        ...(images ?? []).flatMap((data) => mediaEvent(imageType(data), data)),
        ...(answer.logprobs?.length ? [{ type: "logprobs" as const, content: answer.logprobs }] : []),
        ...called,
        ...(usage === undefined ? [] : [{ type: "usage" as const, usage }]),
        ...(done
          ? [{ type: "finish" as const, ...parseFinish(answer.done_reason, { hasCalls: calls.count() > 0 }) }]
          : []),
      ];
      const isSame = held.length === 0 && isVerbatim(text, content ?? "");
      return { events, done, exact: isSame && isRelayable(line) };
    },
    flush: () => tags?.flush() ?? [],
  };
}

/** Each entry is a whole call (CASES T2, T10). */
function callReader() {
  const ids = new Set<string>();

  /** The call's own id, or one made of its line, whose time is told to the nanosecond (CASES T15). */
  function idOf(given: string | null | undefined, seed: string): string {
    const id = given && !ids.has(given) ? given : callId(`${seed}/${ids.size}`);
    ids.add(id);
    return id;
  }

  return {
    count: () => ids.size,
    read(answer: Answer, calls: Said["tool_calls"]): ChatEvent[] {
      return (calls ?? []).flatMap((call): ChatEvent[] => {
        const { name, arguments: given } = call.function ?? {};
        if (!name) return [];
        const json = argumentsText(given);
        const index = ids.size;
        const id = idOf(call.id, `${answer.created_at}/${name}/${json}`);
        return [{ type: "tool-call", index, id, name }, { type: "tool-arguments", index, json }];
      });
    },
  };
}

/** What was said, wherever the route puts it. */
function saidIn(answer: Answer): Said | undefined {
  if (answer.message) return answer.message;
  const { response, thinking, tool_calls, image } = answer;
  if (typeof response !== "string" && !thinking && !image && !tool_calls) return undefined;
  return { content: response, thinking, tool_calls, images: image ? [image] : undefined };
}

function isVerbatim(events: readonly ChatEvent[], text: string): boolean {
  const [first] = events;
  return text === "" ? events.length === 0 : events.length === 1 && first?.type === "text" && first.text === text;
}
