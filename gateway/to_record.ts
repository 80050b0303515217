/** From what was noted of a request to what is kept of it. */

import type { GatewayError } from "../chat/error.ts";
import type { Reply, ReplyPart } from "../chat/reply.ts";
import type { UserPart } from "../chat/request.ts";
import type {
  Attempt,
  Failure,
  HttpDetails,
  RequestDetails,
  RequestSummary,
  Timeline,
} from "../records/request_record.ts";
import { storeBody } from "../records/store_body.ts";
import type { Config } from "./config/mod.ts";
import { keptHeaders } from "./kept_headers.ts";
import { type AttemptNote, type Observation, tpotOf } from "./observation.ts";
import type { Redact } from "./redact.ts";

export interface RecordOptions {
  /** Milliseconds since the epoch. */
  endedAt: number;
  settings: Config["records"];
  redact: Redact;
}

/** Characters of a body that a summary shows. */
const PREVIEW = 200;

/** The two things that are stored: what a list shows, and the rest. */
export function toRecord(
  observation: Observation,
  options: RecordOptions,
): { summary: RequestSummary; details: RequestDetails } {
  const { error, errorStatus, attempts, lost, chunks } = observation;
  const { settings, redact } = options;
  const summary = toSummary(observation, options);
  const http = httpOf(observation, options);
  const details: RequestDetails = {
    ...(http !== undefined && { http }),
    ...(error !== undefined && { failure: failureOf(error, { status: errorStatus ?? error.status, redact }) }),
    tried: attempts.map((attempt) => attemptOf(attempt, { since: observation.startedAt, redact })),
    lost,
    chunks,
    ...(summary.tpot !== undefined && { tokensPerSecond: 1000 / summary.tpot }),
    timeline: timelineOf(observation, summary.total),
    ...(keepsBodies(observation, settings) && bodiesOf(observation, options)),
  };
  return { summary, details };
}

function toSummary(observation: Observation, { endedAt, settings, redact }: RecordOptions): RequestSummary {
  const { id, startedAt, dialect, stream, error, attempts, usage, tariff, end = "failed" } = observation;
  const { key, model, provider, upstreamModel, mode, status, finish, ttft } = observation;
  const tpot = tpotOf(observation);
  return {
    id,
    startedAt,
    dialect,
    stream,
    ...(key !== undefined && { key }),
    // A client may send any text as a model's name.
    ...(model !== undefined && { model: redact(model).slice(0, PREVIEW) }),
    ...(provider !== undefined && { provider }),
    ...(upstreamModel !== undefined && { upstreamModel: upstreamModel.slice(0, PREVIEW) }),
    ...(mode !== undefined && { mode }),
    ...(status !== undefined && { status }),
    end,
    ...(finish !== undefined && { finish }),
    ...(error !== undefined && { error: error.code ?? error.kind }),
    attempts: attempts.length,
    ...(usage !== undefined && { usage }),
    ...(tariff !== undefined && { tariff }),
    ...(ttft !== undefined && { ttft }),
    ...(tpot !== undefined && { tpot }),
    total: endedAt - startedAt,
    ...(keepsBodies(observation, settings) && previewsOf(observation, redact)),
  };
}

/** Whether its record has what was asked and answered, which may be large. */
export function keepsBodies({ end }: Observation, { bodies }: Pick<RecordOptions["settings"], "bodies">): boolean {
  return bodies === "full" || (bodies === "errors" && end !== "done" && end !== "cancelled");
}

function bodiesOf(
  { body, reply }: Observation,
  { settings: { limit }, redact }: RecordOptions,
): Pick<RequestDetails, "request" | "answer"> {
  return {
    ...(body !== undefined && { request: storeBody(body, { limit, redact }) }),
    ...(hasSaid(reply) && { answer: storeBody(JSON.stringify(plain(reply)), { limit, redact }) }),
  };
}

/** Clients write what they like into their headers, and keys into paths by mistake. */
function httpOf(observation: Observation, { settings, redact }: RecordOptions): HttpDetails | undefined {
  const { http, headers } = observation;
  if (http === undefined) return undefined;
  const { path, forwardedFor, userAgent } = http;
  return {
    ...http,
    path: redact(path),
    ...(forwardedFor !== undefined && { forwardedFor: redact(forwardedFor) }),
    ...(userAgent !== undefined && { userAgent: redact(userAgent) }),
    ...(headers !== undefined && keepsBodies(observation, settings) && { headers: keptHeaders(headers, redact) }),
  };
}

function failureOf(
  { kind, code, message, detail }: GatewayError,
  { status, redact }: { status: number; redact: Redact },
): Failure {
  return {
    kind,
    message: redact(message),
    status,
    ...(code !== undefined && { code }),
    ...(detail !== undefined && { detail: redact(detail) }),
  };
}

function attemptOf(
  { startedAt, milliseconds, detail, ...attempt }: AttemptNote,
  { since, redact }: { since: number; redact: Redact },
): Attempt {
  const start = startedAt - since;
  return { ...attempt, start, end: start + milliseconds, ...(detail !== undefined && { detail: redact(detail) }) };
}

function timelineOf({ ttft, contentTime = 0 }: Observation, end: number): Timeline {
  return { ...(ttft !== undefined && { firstContent: ttft, lastContent: ttft + contentTime }), end };
}

function hasSaid(reply: Reply | undefined): reply is Reply {
  return reply?.choices.some(({ parts, finish }) => parts.length > 0 || finish !== undefined) ?? false;
}

/** An error is no JSON by itself. */
function plain({ error, ...reply }: Reply): Record<string, unknown> {
  return error === undefined ? reply : { ...reply, error: { kind: error.kind, message: error.message } };
}

function previewsOf({ request, reply }: Observation, redact: Redact): Pick<RequestSummary, "asked" | "said"> {
  const asked = preview(spoken(request?.messages.findLast(({ role }) => role === "user")?.parts), redact);
  const said = preview(spoken(reply?.choices[0]?.parts), redact);
  return { ...(asked !== "" && { asked }), ...(said !== "" && { said }) };
}

function spoken(parts: readonly (UserPart | ReplyPart)[] = []): string {
  return parts.flatMap((part) => part.type === "text" ? [part.text] : []).join("");
}

/** Redacted before it is cut, so that no half of a secret is left; of a long text no more than is needed. */
function preview(text: string, redact: Redact): string {
  return redact(text.slice(0, 20 * PREVIEW)).slice(0, PREVIEW).trim();
}
