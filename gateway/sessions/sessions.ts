/** The sessions of all clients: their turns are put in front of requests, and added to when an answer ended. */

import {
  sessionKey,
  type SessionRecord,
  type SessionSummary,
  sessionSummaryKey,
  type SessionTurn,
} from "../../records/session_record.ts";
import type { Store } from "../../records/store.ts";
import { updateValue } from "../../records/update_value.ts";
import type { SystemMessage } from "../../chat/request.ts";
import type { Config } from "../config/mod.ts";
import { dropOldest } from "./drop_oldest.ts";

export interface Sessions {
  get(owner: string, id: string): Promise<SessionRecord | undefined>;
  /**
   * Adds a turn behind all others, whoever else does the same now. One of a session that was deleted since is none: who
   * deletes a session does not want it back from an answer that was under way.
   */
  add(owner: string, id: string, said: SaidInSession): Promise<void>;
  /** A page of them, by their ids. */
  list(owner: string, page: { limit: number; after?: string }): Promise<[id: string, SessionSummary][]>;
  delete(owner: string, id: string): Promise<void>;
}

export interface SaidInSession {
  turn: SessionTurn;
  instructions: readonly SystemMessage[];
  /** The session as its request found it. */
  before: SessionRecord | undefined;
}

export interface SessionsOptions {
  store: Store;
  settings: Config["sessions"];
}

export function createSessions({ store, settings }: SessionsOptions): Sessions {
  const { limit, expire: expireIn } = settings;
  return {
    get: async (owner, id) => (await store.get<SessionRecord>(sessionKey(owner, id)))?.value,
    async add(owner, id, { turn, instructions, before }) {
      // While the storage is away, what is in it is not seen, and not deleted.
      const wasDeleted = (now: SessionRecord | undefined) =>
        before !== undefined && now?.createdAt !== before.createdAt && store.state().degraded === undefined;
      const record = await updateValue<SessionRecord, SessionRecord | undefined>(store, sessionKey(owner, id), {
        change(now) {
          if (wasDeleted(now)) return undefined;
          const { createdAt = turn.at, turns = [], instructions: last = [] } = now ?? {};
          const said = instructions.length > 0 ? [...instructions] : last;
          return { createdAt, instructions: said, turns: dropOldest([...turns, turn], limit) };
        },
        expireIn,
      });
      if (record === undefined) return;
      const { createdAt, turns } = record;
      const summary: SessionSummary = { createdAt, updatedAt: turn.at, turns: turns.length, model: turn.model };
      await store.set(sessionSummaryKey(owner, id), summary, { expireIn });
    },
    async list(owner, { limit, after }) {
      const entries = await store.list<SessionSummary>(sessionSummaryKey(owner), {
        limit,
        ...(after !== undefined && { after: sessionSummaryKey(owner, after) }),
      });
      return entries.map(({ key, value }) => [String(key.at(-1)), value]);
    },
    async delete(owner, id) {
      await Promise.all([store.delete(sessionKey(owner, id)), store.delete(sessionSummaryKey(owner, id))]);
    },
  };
}
