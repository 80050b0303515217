/** A whole answer, and the fold that collects it from events: the one place where deltas are joined. */

import type { ChatEvent } from "./event.ts";
import type { Finish } from "./finish.ts";
import type { GatewayError } from "./error.ts";
import type { Json, JsonObject } from "./json.ts";
import type { AssistantPart } from "./request.ts";
import type { Usage } from "./usage.ts";

/** What an assistant said: the parts of a message, media included. */
export type ReplyPart = AssistantPart | { type: "media"; mediaType: string; data: string };

export interface ReplyChoice {
  /** In the order of their first delta; one text part and one part per call, thought blocks split at their signatures. */
  parts: ReplyPart[];
  finish?: Finish;
  logprobs?: { content?: Json[]; refusal?: Json[] };
  annotations?: JsonObject[];
}

export interface Reply {
  id: string;
  model: string;
  created?: number;
  /** Never empty; a choice that said nothing has no parts. */
  choices: ReplyChoice[];
  usage?: Usage;
  /** The failure the upstream reported in its stream, if any. */
  error?: GatewayError;
}

export interface ReplyFolder {
  push(events: readonly ChatEvent[]): void;
  /** The answer so far; callable at any time, also after a failure. */
  reply(): Reply;
}
