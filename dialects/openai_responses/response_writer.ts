/** Events as the Responses API tells them: a preamble, items one after the other, and one end. */

import type { ChatEvent } from "../../chat/event.ts";
import { GatewayError } from "../../chat/error.ts";
import type { FinishReason } from "../../chat/finish.ts";
import type { JsonObject } from "../../chat/json.ts";
import { flatMap } from "../../chat/lists.ts";
import type { Tool } from "../../chat/request.ts";
import { errorObject } from "../openai_error.ts";
import { contentWriter } from "./content_writer.ts";
import { type Ending, ENDINGS, formatFinish } from "./finish.ts";
import { responseFrames } from "./response_frames.ts";

export interface ResponseWriterOptions {
  /** Random text that the items' ids are made of. */
  id: string;
  tools: readonly Tool[] | undefined;
  /** The response as it begins; called once, with the upstream's time if it is known by then. */
  begin: (created: number | undefined) => JsonObject;
  /** A stream that another writer began: what was written, and how many events. */
  after?: { output: JsonObject[]; events: number };
}

export interface ResponseWriter {
  /** What the events of one beat add. After the end nothing does. */
  push(events: readonly ChatEvent[]): JsonObject[];
  /** Closes what is open, and ends. */
  end(): JsonObject[];
  fail(error: GatewayError): JsonObject[];
  ping(): JsonObject[];
  /** The response as it stands: whole after the end. */
  response(): JsonObject;
}

export function responseWriter({ id, tools, begin, after }: ResponseWriterOptions): ResponseWriter {
  const frames = responseFrames({ begin, after: after?.events });
  const content = contentWriter({ id, tools, output: after?.output ?? [] });
  let ending: Ending | undefined;

  function say(event: ChatEvent): JsonObject[] {
    frames.note(event);
    if (event.type === "finish") return finish(event.reason);
    if (event.type === "error") return fail(event.error);
    return content.push(event).map(frames.number);
  }

  function finish(reason: FinishReason): JsonObject[] {
    ending = formatFinish(reason, { hasRefusal: content.hasRefusal() });
    // A malformed call must not be taken for a whole one (CASES G5).
    return ending.status === "failed" ? [] : content.end(ending).map(frames.number);
  }

  /** Behind the end only counts and failures are (CASES O15); there is one choice. */
  function isHeard(event: ChatEvent): boolean {
    if (frames.isOver() || ("choice" in event && event.choice !== undefined && event.choice > 0)) return false;
    return ending === undefined || event.type === "usage" || event.type === "error";
  }

  /** The event that every client raises at, then the one that official upstreams end with, and Codex waits for. */
  function fail(error: GatewayError): JsonObject[] {
    if (frames.isOver()) return [];
    const { message, type, param, code } = errorObject(error);
    const opened = frames.open();
    const told = frames.number({ type: "error", code, message, param, error: { type, code, message, param } });
    const members = { error: { code: code ?? type, message }, output: content.output() };
    return [...opened, told, frames.close("failed", members)];
  }

  return {
    push(events) {
      if (frames.isOver() || events.length === 0) return [];
      for (const event of events) {
        if (event.type === "start") frames.note(event);
        if (event.type === "logprobs") content.note(event.content ?? []);
      }
      return [...frames.open(), ...flatMap(events, (event) => isHeard(event) ? say(event) : [])];
    },
    end() {
      if (frames.isOver()) return [];
      const opened = frames.open();
      const closed = ending === undefined ? finish("stop") : [];
      const end: Ending = ending ?? ENDINGS.stop;
      if (end.status === "failed") return [...opened, ...fail(malformed())];
      return [...opened, ...closed, frames.close(end.status, { ...detailsOf(end), output: content.output() })];
    },
    fail,
    ping: () => frames.isOver() ? [] : frames.ping(),
    response: frames.response,
  };
}

/** Why an answer is not whole. */
function detailsOf(ending: Ending): JsonObject {
  if (ending.status !== "incomplete") return {};
  return { incomplete_details: ending.reason === undefined ? null : { reason: ending.reason } };
}

function malformed(): GatewayError {
  return new GatewayError("upstream-malformed", "Cannot answer as the model gave a malformed answer");
}
