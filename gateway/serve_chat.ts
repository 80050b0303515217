/** The route of a dialect: from a client's HTTP request to the answer's response, observed to its end. */

import type { Context } from "hono";
import { GatewayError, toGatewayError } from "../chat/error.ts";
import { estimateInput } from "../chat/estimate_usage.ts";
import type { JsonObject } from "../chat/json.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { admit, takePlace, tellUpstreamLimits } from "./admission.ts";
import { answer, type Ask } from "./answer.ts";
import type { GatewayEnv } from "./context.ts";
import type { Gateway } from "./gateway.ts";
import { demandModel, demandNoOthers } from "./limits/mod.ts";
import { newObservation } from "./new_observation.ts";
import { noteFailure } from "./note_failure.ts";
import { type Observation, STREAM_MODES, type StreamMode } from "./observation.ts";
import { withProtocolHeaders } from "./protocol_headers.ts";
import { readJson } from "./read_json.ts";
import { jsonResponse } from "./respond.ts";
import { forcedRoute, tellRoute } from "./route_header.ts";
import { wantsResume } from "./streams/resume_wish.ts";
import { withSession } from "./sessions/with_session.ts";
import { openScope } from "./scope.ts";
import { tellTiming } from "./server_timing.ts";

export interface ServeOptions {
  dialect: Dialect;
  /** What the path said, in the form of request fields. */
  route?: JsonObject;
  /** Reads a request that may refer to something kept; by the dialect alone unless given. */
  read?: (incoming: Incoming) => Promise<Read>;
}

export interface Incoming {
  body: unknown;
  text: string;
  /** Whose the things are that are kept. */
  owner: string;
  dialect: Dialect;
  route?: JsonObject;
}

export type Read = Pick<Ask, "request" | "keeper" | "echo" | "background">;

export function parse({ dialect, body, text, route }: Incoming): Promise<Read> {
  return Promise.resolve({ request: dialect.parseRequest(body, { text, ...(route !== undefined && { route }) }) });
}

/** Answers one request in the dialect. */
export async function serveChat(
  context: Context<GatewayEnv>,
  gateway: Gateway,
  { dialect, route, read = parse }: ServeOptions,
): Promise<Response> {
  const { config, ports } = gateway;
  const request = context.req.raw;
  const observation = newObservation(context, { dialect: dialect.name, now: ports.now });
  gateway.start(observation);
  const end = (how: NonNullable<Observation["end"]>) => {
    observation.end ??= how;
    scope.release();
    gateway.finish(observation);
  };
  const scope = openScope(request, { total: config.advanced.timeouts.total, closing: ports.closing });
  const arrival = { context, observation, scope };
  try {
    await takePlace(gateway, arrival);
    const forced = forcedRoute(context, gateway);
    const asked = await readAsk(gateway, request, { dialect, observation, read, ...(route && { route }) });
    const chat = asked.request;
    const empty = dialect.answerEmpty?.(chat, Math.floor(observation.startedAt / 1000));
    if (empty === undefined) {
      const ask = await withSession(gateway, asked, { headers: request.headers, owner: observation.owner });
      demandNoOthers(context.get("client"), chat);
      const input = () => estimateInput(ask.request);
      await admit(gateway, arrival, { model: chat.model, input, mostOutput: chat.maxTokens });
      const response = await answer(gateway, { ...ask, scope, observation, forced });
      tellUpstreamLimits(gateway, arrival);
      return response;
    }
    const { publicId } = await gateway.catalog.resolve(chat.model);
    await demandModel(context.get("client"), publicId, gateway.catalog);
    observation.status = 200;
    end("done");
    return jsonResponse(`${JSON.stringify(empty)}\n`);
  } catch (thrown) {
    const error = toGatewayError(thrown);
    noteFailure(observation, error, dialect);
    end(error.kind === "client-gone" ? "cancelled" : "failed");
    throw error;
  } finally {
    tellTiming(context, observation);
    tellRoute(context, observation, { always: config.advanced.debugHeaders });
  }
}

/** What the client asks for, by body, path and headers. */
async function readAsk(
  { config }: Gateway,
  request: Request,
  { dialect, observation, read, route }: ServeOptions & { observation: Observation; read: typeof parse },
): Promise<Omit<Ask, "scope" | "observation" | "forced">> {
  const { headers } = request;
  const mode = requestedMode(headers);
  const { body, text } = await readJson(request, config.advanced.bodyLimit);
  observation.body = text;
  const found = await read({ dialect, body, text, owner: observation.owner, ...(route && { route }) });
  const chat = withProtocolHeaders(found.request, dialect, headers);
  observation.request = chat;
  // Who names no model is told which one it is.
  observation.model = chat.model || config.models.default_model || "";
  observation.stream = chat.stream;
  const resumable = chat.stream && wantsResume(headers, { key: observation.key, settings: config.streams });
  const continuation = headers.get("x-anystream-continuation") === "1";
  return { ...found, dialect, request: chat, headers, mode, continuation, resumable };
}

/** The stream mode the client asked for by header. */
function requestedMode(headers: Headers): StreamMode | undefined {
  const asked = headers.get("x-stream-mode");
  if (asked === null) return undefined;
  const mode = STREAM_MODES.find((name) => name === asked.trim().toLowerCase());
  if (mode !== undefined) return mode;
  throw new GatewayError("invalid-request", "Cannot answer as x-stream-mode is not one of real, fake, auto", {
    param: "x-stream-mode",
  });
}
