/** Events as the Responses API tells them: a preamble, items one after the other, and one end. */

import type { ChatEvent } from "../../chat/event.ts";
import { GatewayError } from "../../chat/error.ts";
import type { FinishReason } from "../../chat/finish.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { Tool } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import { type BlockOperation, openBlocks } from "../open_blocks.ts";
import { errorObject } from "../openai_error.ts";
import { type Ending, formatFinish } from "./finish.ts";
import { itemWriter } from "./item_writer.ts";
import { formatUsage } from "./usage.ts";

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

const FINISHED: Ending = { status: "completed" };

export function responseWriter({ id, tools, begin, after }: ResponseWriterOptions): ResponseWriter {
  const blocks = openBlocks();
  const items = itemWriter({ id, tools, output: after?.output ?? [] });
  let response: JsonObject | undefined = after === undefined ? undefined : begin(undefined);
  let created: number | undefined;
  /** How much of the preamble was written. */
  let preamble: "none" | "created" | "all" = after === undefined ? "none" : "all";
  let number = after?.events ?? 0;
  let ending: Ending | undefined;
  let usage: Usage | undefined;
  let hasRefusal = false;
  /** Logprobs that wait for the text they belong to, or for its end where they came behind it. */
  let logprobs: Json[] = [];
  let over = false;

  function numbered({ type, ...members }: JsonObject): JsonObject {
    return { type, sequence_number: number++, ...members };
  }

  function current(): JsonObject {
    return response ??= begin(created);
  }

  function open(): JsonObject[] {
    const steps = { none: ["created", "in_progress"], created: ["in_progress"], all: [] }[preamble];
    preamble = "all";
    return steps.map((step) => numbered({ type: `response.${step}`, response: current() }));
  }

  function write(operations: readonly BlockOperation[], ended: Ending = FINISHED): JsonObject[] {
    return operations.flatMap((operation, at) => {
      // Of a cut answer the last item is the one that is not whole.
      const isCut = ended.status !== "completed" && at === operations.length - 1;
      const isText = operation.type === "close" || (operation.type === "delta" && operation.delta.kind === "text");
      const taken = isText ? logprobs : [];
      if (isText) logprobs = [];
      return items.write(operation, { status: isCut ? "incomplete" : "completed", logprobs: taken }).map(numbered);
    });
  }

  function finish(reason: FinishReason): JsonObject[] {
    ending = formatFinish(reason, { hasRefusal });
    // A malformed call must not be taken for a whole one (CASES G5).
    return ending.status === "failed" ? [] : write(blocks.end(), ending);
  }

  function say(event: ChatEvent): JsonObject[] {
    if ("choice" in event && event.choice !== undefined && event.choice > 0) return [];
    switch (event.type) {
      case "start":
        created ??= event.created;
        return [];
      case "usage":
        usage = event.usage;
        return [];
      case "finish":
        return finish(event.reason);
      case "error":
        return fail(event.error);
      case "refusal":
        hasRefusal ||= event.text !== "";
        return write(blocks.push(event));
      default:
        return write(blocks.push(event));
    }
  }

  /** Behind the end only counts and failures are (CASES O15). */
  function isHeard({ type }: ChatEvent): boolean {
    return !over && (ending === undefined || type === "usage" || type === "error");
  }

  function push(events: readonly ChatEvent[]): JsonObject[] {
    if (over || events.length === 0) return [];
    for (const event of events) {
      if (event.type === "start") say(event);
      if (event.type === "logprobs") logprobs.push(...event.content ?? []);
    }
    const opened = open();
    return [...opened, ...events.flatMap((event) => isHeard(event) ? say(event) : [])];
  }

  function conclude(status: Ending["status"], members: JsonObject): JsonObject {
    over = true;
    response = { ...current(), ...members, status, output: items.output(), usage: usage ? formatUsage(usage) : null };
    return numbered({ type: `response.${status}`, response });
  }

  /** The event that every client raises at, then the one that official upstreams end with, and Codex waits for. */
  function fail(error: GatewayError): JsonObject[] {
    if (over) return [];
    const { message, type, param, code } = errorObject(error);
    const opened = open();
    const told = numbered({ type: "error", code, message, param, error: { type, code, message, param } });
    return [...opened, told, conclude("failed", { error: { code: code ?? type, message } })];
  }

  return {
    push,
    end() {
      if (over) return [];
      const opened = open();
      const closed = ending === undefined ? finish("stop") : [];
      if (ending === undefined || ending.status === "completed") {
        return [...opened, ...closed, conclude("completed", {})];
      }
      if (ending.status === "failed") return [...opened, ...fail(malformed())];
      const details = ending.reason === undefined ? null : { reason: ending.reason };
      return [...opened, ...closed, conclude("incomplete", { incomplete_details: details })];
    },
    fail,
    ping() {
      if (over) return [];
      if (preamble === "none") {
        preamble = "created";
        return [numbered({ type: "response.created", response: current() })];
      }
      preamble = "all";
      return [numbered({ type: "response.in_progress", response: brief(current()) })];
    },
    response: current,
  };
}

function malformed(): GatewayError {
  return new GatewayError("upstream-malformed", "Cannot answer as the model gave a malformed answer");
}

/** What Codex asks with is some 40 kB, too much to repeat every few seconds. */
function brief(response: JsonObject): JsonObject {
  return { ...response, instructions: null, tools: [] };
}
