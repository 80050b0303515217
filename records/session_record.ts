/** What is kept of a session, and under which keys: its turns in neutral form, whatever dialects they were spoken in. */

import type { DialectName } from "../chat/event.ts";
import type { AssistantPart, Message, SystemMessage } from "../chat/request.ts";
import type { Key } from "./store.ts";

export interface SessionTurn {
  /** Milliseconds since the epoch. */
  at: number;
  dialect: DialectName;
  /** As the client named it. */
  model: string;
  /** What the client said, without its instructions. */
  messages: Message[];
  /** What the model said, its thoughts included. */
  answer: AssistantPart[];
  /** It broke off: an error, or a client that left. */
  isIncomplete?: true;
}

export interface SessionRecord {
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Of the last request that had any. */
  instructions: SystemMessage[];
  /** The oldest first. */
  turns: SessionTurn[];
}

/** What a list shows of a session. */
export interface SessionSummary {
  createdAt: number;
  updatedAt: number;
  turns: number;
  /** The model of the last turn. */
  model: string;
}

/** A session belongs to a client key, `""` where the gateway is open: nobody else's request finds it. */
export function sessionKey(owner: string, id: string): Key {
  return ["sessions", owner, "turns", id];
}

export function sessionSummaryKey(owner: string, id?: string): Key {
  return ["sessions", owner, "summaries", ...id === undefined ? [] : [id]];
}
