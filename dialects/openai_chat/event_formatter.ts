/** Beats as the stream of chunks that a client reads: one preamble, one end, counts if asked for, one `[DONE]`. */

import type { Beat, ChatEvent, StartEvent } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import { sseText } from "../../streaming/frame.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { type ChoiceWriter, choiceWriter } from "./choice_writer.ts";
import { errorObject } from "./error.ts";
import { answerId } from "./ids.ts";
import { isLegacy } from "./legacy.ts";
import { isCustomTool } from "./tools.ts";
import { formatUsage } from "./usage.ts";

/** Invisible to every client tested (DIALECTS.md §1.1). */
const COMMENT = ": keep-alive\n\n";
const DONE = sseText({ data: "[DONE]" });

export function eventFormatter(request: ChatRequest, options: FormatOptions): EventFormatter {
  const legacy = isLegacy(request);
  const choices = new Map<number, ChoiceWriter>();
  let start: StartEvent | undefined;
  /** What all our chunks have in common; set by the first frame that is written, whoever wrote it. */
  let head: { id: string; object: string; created: number; model: string } | undefined;
  /** Whether the frames so far have the upstream's id, so that more of its own may follow them (CASES O2). */
  let mirrors = false;
  let usage: Usage | undefined;
  /** The upstream's own chunk of counts, kept back to its place after the end of the choices (CASES O5). */
  let usageFrame: string | undefined;
  let over = false;

  function writer(index: number): ChoiceWriter {
    const known = choices.get(index);
    if (known !== undefined) return known;
    const made = choiceWriter({ index, legacy, isCustom: (name) => isCustomTool(name, request.tools) });
    choices.set(index, made);
    return made;
  }

  function frame(members: JsonObject): string {
    head ??= makeHead(answerId(options.id), options.model, start?.created ?? options.created);
    return sseText({ data: JSON.stringify({ ...head, ...members }) });
  }

  function chunks(entries: readonly JsonObject[]): string[] {
    const counts = request.includeUsage ? { usage: null } : {};
    return entries.map((entry) => frame({ choices: [entry], ...counts }));
  }

  /** Takes note of an event, and writes it. */
  function write(event: ChatEvent): JsonObject[] {
    switch (event.type) {
      case "start":
        start = event;
        return [];
      case "usage":
        usage = event.usage;
        usageFrame = undefined;
        return [];
      case "error":
        return [];
      default:
        return writer(event.choice ?? 0).write(event);
    }
  }

  /**
   * The upstream's own frame; none where it would not fit to what was written. Its events were noted, so that we know
   * what is left to say if it breaks off.
   */
  function relay({ raw, events }: Beat): string[] | undefined {
    if (raw === undefined || legacy || start === undefined || (head !== undefined && !mirrors)) return undefined;
    head ??= makeHead(start.id, start.model, start.created ?? options.created);
    mirrors = true;
    const isCount = events.some(isUsage) && events.every((event) => isUsage(event) || event.type === "start");
    if (isCount) {
      usageFrame = raw;
      return [];
    }
    // A frame that tells of no other choice is the first one's, be it its role alone.
    if (!events.some((event) => "choice" in event)) writer(0).begin();
    return [raw];
  }

  function fail(error: GatewayError): string[] {
    if (over) return [];
    over = true;
    return [sseText({ data: JSON.stringify({ error: errorObject(error) }) })];
  }

  return {
    push(beat) {
      if (over) return [];
      const entries = beat.events.flatMap(write);
      const frames = relay(beat) ?? chunks(entries);
      const failure = beat.events.find((event) => event.type === "error");
      return failure === undefined ? frames : [...frames, ...fail(failure.error)];
    },
    end() {
      if (over) return [];
      if (choices.size === 0) writer(0);
      const frames = chunks([...choices.values()].flatMap((choice) => choice.close()));
      over = true;
      if (request.includeUsage && usage !== undefined) {
        frames.push(usageFrame ?? frame({ choices: [], usage: formatUsage(usage) }));
      }
      return [...frames, DONE];
    },
    fail,
    ping() {
      if (over) return [];
      const isSettled = choices.size > 0 && [...choices.values()].every((choice) => choice.isFinished());
      if (options.keepAlive === "comment" || isSettled) return [COMMENT];
      const role = writer(0).begin();
      return chunks(role.length > 0 ? role : [{ index: 0, delta: { content: "" }, finish_reason: null }]);
    },
  };
}

function makeHead(id: string, model: string, created: number) {
  return { id, object: "chat.completion.chunk", created, model };
}

function isUsage(event: ChatEvent): boolean {
  return event.type === "usage";
}
