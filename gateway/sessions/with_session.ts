/** A request that names a session, with what was said in it put in front, and what adds its answer. */

import { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { Beat } from "../../chat/event.ts";
import type { Reply, ReplyPart } from "../../chat/reply.ts";
import type { AssistantPart, ChatRequest } from "../../chat/request.ts";
import type { SessionRecord } from "../../records/session_record.ts";
import type { Pull } from "../../streaming/pull.ts";
import type { AnswerKeeper } from "../answer_keeper.ts";
import type { Gateway } from "../gateway.ts";
import { isWholeConversation, putInFront, saidIn } from "./history.ts";

/** As much of what a client asks for as a session has to do with. */
interface Asked {
  request: ChatRequest;
  keeper?: AnswerKeeper;
  echo?: JsonObject;
}

export interface SessionOptions {
  headers: Headers;
  /** Whose session it is. */
  owner: string;
}

/** As ids go into keys, paths and logs. Claude Code names its sessions by a header of its own, which is not meant here. */
export const SANE = /^[\w.:-]{1,256}$/;

/**
 * Beside it, `x-session-id` only says which requests belong together: OpenCode 1.18.33 sends both (measured 2026-11-27),
 * with the whole conversation, and with another one for the title.
 */
const ROUTING_ONLY = "x-session-affinity";

export async function withSession<T extends Asked>(
  gateway: Gateway,
  asked: T,
  { headers, owner }: SessionOptions,
): Promise<T> {
  const { sessions, config: { sessions: settings } } = gateway;
  const { request } = asked;
  const id = headers.get("x-session-id");
  if (id === null || headers.has(ROUTING_ONLY) || !settings.enabled) return asked;
  // What it goes on from stands in front of it already.
  if (asked.echo?.previous_response_id || asked.echo?.conversation) return asked;
  if (!SANE.test(id)) throw refused("x-session-id");
  const withReasoning = flagIn(headers, "x-session-reasoning") ?? settings.reasoning;
  const record = await sessions.get(owner, id);
  if (isWholeConversation(request)) {
    if (record !== undefined) await sessions.delete(owner, id);
    return asked;
  }
  return {
    ...asked,
    request: record === undefined ? request : putInFront(request, record, { withReasoning }),
    // This one keeps what was said, another what the client was told.
    keeper: { ...asked.keeper, ...sessionKeeper(gateway, { owner, id, request, before: record }) },
  };
}

function sessionKeeper(
  { sessions, ports }: Gateway,
  { owner, id, request, before }: {
    owner: string;
    id: string;
    request: ChatRequest;
    before: SessionRecord | undefined;
  },
): AnswerKeeper {
  const { instructions, messages } = saidIn(request);
  async function add(reply: Reply, isWhole: boolean): Promise<void> {
    const answer = (reply.choices[0]?.parts ?? []).flatMap(asSaid);
    // Who was told an error, and nothing else, asks again.
    if (!isWhole && answer.length === 0) return;
    const turn = {
      at: ports.now(),
      dialect: request.source.dialect,
      model: request.model,
      ...{ messages, answer },
      ...(!isWhole && { isIncomplete: true as const }),
    };
    await sessions.add(owner, id, { turn, instructions, before })
      .catch((error) => ports.log.warn("Cannot keep a turn of a session", { cause: String(error) }));
  }
  return { beats: (source, reply) => keptAtEnd(source, (isWhole) => add(reply(), isWhole)) };
}

/** Holds the last beats back until the turn is kept: a client that goes on at once finds it. */
function keptAtEnd(source: Pull<Beat[]>, keep: (isWhole: boolean) => Promise<void>): Pull<Beat[]> {
  let isKept = false;
  async function keepOnce(isWhole: boolean): Promise<void> {
    if (isKept) return;
    isKept = true;
    await keep(isWhole);
  }
  return {
    async next() {
      const beats = await source.next().catch(async (error) => {
        await keepOnce(false);
        throw error;
      });
      if (beats === undefined || beats.some(({ last }) => last)) await keepOnce(true);
      return beats;
    },
    cancel(reason) {
      source.cancel(reason);
      // Never rejects, and nobody waits for it any more.
      void keepOnce(false);
    },
  };
}

/** What can be said again: a picture is one, a sound is not. */
function asSaid(part: ReplyPart): AssistantPart[] {
  if (part.type !== "media") return [part];
  const { mediaType, data } = part;
  return mediaType.startsWith("image/") ? [{ type: "image", source: { kind: "base64", mediaType, data } }] : [];
}

function flagIn(headers: Headers, name: string): boolean | undefined {
  const value = headers.get(name);
  if (value === null) return undefined;
  if (value === "1" || value === "true") return true;
  if (value === "0" || value === "false") return false;
  throw refused(name);
}

function refused(header: string): GatewayError {
  return new GatewayError("invalid-request", `Cannot answer as the header ${header} is not valid`, { param: header });
}
