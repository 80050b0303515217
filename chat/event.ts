/** The neutral stream: what any upstream says, as one closed union of deltas. */

import type { GatewayError } from "./error.ts";
import type { Finish } from "./finish.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Usage } from "./usage.ts";

/** The wire formats that the gateway speaks, both as a server and as a client. */
export const DIALECT_NAMES = [
  "openai_chat",
  "openai_completions",
  "openai_responses",
  "anthropic",
  "gemini",
  "ollama",
  "ollama_generate",
] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];

/**
 * One thing an answer said. Deltas only: the opening and closing of blocks is inserted by the formatters of the dialects
 * that have them. `choice` is the candidate's index where `n > 1`, 0 when absent.
 *
 * Order: `start` once and first; content in any order; one `finish` per choice, after its content; `usage` anywhere, the
 * last one being the truth (counts are cumulative, never added).
 */
export type ChatEvent =
  | StartEvent
  | { type: "text"; text: string; choice?: number }
  /** A thought. `signature` fragments of one block are concatenated; `text: ""` with a signature is a block of its own. */
  | { type: "reasoning"; text: string; signature?: string; choice?: number }
  /** A thought the vendor encrypted: passed on verbatim, never shown as text. */
  | { type: "redacted-reasoning"; data: string; choice?: number }
  | ToolCallEvent
  | { type: "tool-arguments"; index: number; json: string; choice?: number }
  | { type: "refusal"; text: string; choice?: number }
  /** An image or audio that the model made, whole. `data` is base64. */
  | { type: "media"; mediaType: string; data: string; choice?: number }
  /** A citation or similar note on the text, in the words of OpenAI's `annotations`. */
  | { type: "annotation"; annotation: JsonObject; choice?: number }
  | { type: "logprobs"; content?: Json[]; refusal?: Json[]; choice?: number }
  | OpaqueEvent
  | { type: "usage"; usage: Usage }
  | ({ type: "finish"; choice?: number } & Finish)
  /** The upstream reported a failure inside its stream. Nothing follows it. */
  | { type: "error"; error: GatewayError };

/** Something only the named dialect can say (a server tool's result, say); other dialects leave it out as a loss. */
export interface OpaqueEvent {
  type: "opaque";
  dialect: DialectName;
  value: JsonObject;
  /** What it searched the web for, if that is what it tells of. */
  queries?: string[];
  choice?: number;
}

export interface StartEvent {
  type: "start";
  id: string;
  model: string;
  /** Seconds since the epoch. */
  created?: number;
}

/**
 * A call begins. `index` counts the calls of one choice from 0 without gaps and joins the `tool-arguments` that follow;
 * `id` is never empty and unique within the answer. `signature` is Gemini's thought signature.
 */
export interface ToolCallEvent {
  type: "tool-call";
  index: number;
  id: string;
  name: string;
  signature?: string;
  /** An OpenAI `custom` tool's call: the `tool-arguments` that follow are then free text. */
  custom?: boolean;
  choice?: number;
}

export type EventType = ChatEvent["type"];

/**
 * What one upstream frame said, and the text it was.
 *
 * `raw` is the frame in canonical form (LF only, its end included), set only where a client of the same dialect may be
 * sent it as it is. A parser that had to repair something leaves it out, and the formatter writes from `events`.
 */
export interface Beat {
  events: ChatEvent[];
  raw?: string;
  /** The upstream said that it is done: read no further, even if it keeps the connection open. */
  last?: boolean;
}

/** Whether an event is something the client would see: it commits the answer, and TTFT is measured at it. */
export function isContent(event: ChatEvent): boolean {
  switch (event.type) {
    case "text":
    case "refusal":
      return event.text !== "";
    case "reasoning":
      return event.text !== "" || event.signature !== undefined;
    case "redacted-reasoning":
    case "tool-call":
    case "tool-arguments":
    case "media":
    case "opaque":
      return true;
    case "start":
    case "annotation":
    case "logprobs":
    case "usage":
    case "finish":
    case "error":
      return false;
    default:
      return event satisfies never;
  }
}
