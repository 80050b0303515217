/** The routes of sessions: `/v1/sessions` and below. */

import type { Context } from "hono";
import { GatewayError } from "../../chat/error.ts";
import type { SessionTurn } from "../../records/session_record.ts";
import type { GatewayEnv } from "../context.ts";
import type { Gateway } from "../gateway.ts";
import { limitOf, listRefused } from "../list_query.ts";
import { isThought } from "./history.ts";
import { ownerOf } from "../owner_of.ts";
import { SANE } from "./with_session.ts";

const SESSIONS = "the sessions";

type Handler = (context: Context<GatewayEnv>, gateway: Gateway) => Promise<Response>;

/** By their ids; `after` is the last one of the page before. */
export const listSessions: Handler = async (context, gateway) => {
  const limit = limitOf(context.req.query("limit"), SESSIONS);
  const after = context.req.query("after");
  if (after !== undefined && !SANE.test(after)) {
    throw listRefused(SESSIONS, { param: "after", expected: "the id of a session" });
  }
  const found = await gateway.sessions.list(ownerOf(context), {
    limit: limit + 1,
    ...(after !== undefined && { after }),
  });
  const data = found.slice(0, limit).map(([id, { createdAt, updatedAt, turns, model }]) => ({
    ...{ id, object: "session", created_at: seconds(createdAt), updated_at: seconds(updatedAt), turns, model },
  }));
  return context.json({
    object: "list",
    data,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: found.length > limit,
  });
};

export const showSession: Handler = async (context, gateway) => {
  const id = context.req.param("id") ?? "";
  const { createdAt, instructions, turns } = await find(context, gateway);
  return context.json({
    ...{ id, object: "session", created_at: seconds(createdAt), instructions },
    turns: turns.map(shownTurn),
  });
};

export const deleteSession: Handler = async (context, gateway) => {
  const id = context.req.param("id") ?? "";
  await find(context, gateway);
  await gateway.sessions.delete(ownerOf(context), id);
  return context.json({ id, object: "session", deleted: true });
};

/** Thoughts are shown apart: they are no part of what was said. */
function shownTurn({ at, answer, isIncomplete, ...said }: SessionTurn) {
  return {
    ...{ at: seconds(at), ...said },
    answer: answer.filter((part) => !isThought(part)),
    reasoning: answer.filter(isThought),
    status: isIncomplete ? "incomplete" : "completed",
  };
}

async function find(context: Context<GatewayEnv>, gateway: Gateway) {
  const record = await gateway.sessions.get(ownerOf(context), context.req.param("id") ?? "");
  if (record !== undefined) return record;
  throw new GatewayError("not-found", "Cannot show the session as there is none with this id");
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
