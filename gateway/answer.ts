/** The story of one answer: resolve the model, open one of its upstreams, commit, and write the client's dialect. */

import { toGatewayError } from "../chat/error.ts";
import type { Beat } from "../chat/event.ts";
import type { JsonObject } from "../chat/json.ts";
import type { ChatRequest } from "../chat/request.ts";
import type { Dialect, FormatOptions } from "../dialects/dialect.ts";
import { keepAlive } from "../streaming/keep_alive.ts";
import { observe } from "../streaming/observe.ts";
import { pace } from "../streaming/pace.ts";
import { drain, type Pull, pullFrom } from "../streaming/pull.ts";
import { pullLater } from "../streaming/pull_later.ts";
import { toStream } from "../streaming/to_stream.ts";
import { writeReply } from "../streaming/write_reply.ts";
import type { AnswerKeeper } from "./answer_keeper.ts";
import type { Upstream } from "../providers/provider.ts";
import { asForeign } from "./as_foreign.ts";
import { chooseCandidates } from "./choose_candidates.ts";
import { settles } from "./commit.ts";
import { countSent } from "./count_sent.ts";
import type { Gateway } from "./gateway.ts";
import { completeUsage, createMeter, type Meter, usageOf } from "./meter.ts";
import type { Observation, StreamMode } from "./observation.ts";
import { type AnswerPlan, openAnswer } from "./open_answer.ts";
import { jsonResponse, lostHeader, streamHeaders } from "./respond.ts";
import type { Opened } from "./routing/open_lane.ts";
import { clientGone, type Scope } from "./scope.ts";
import { BEAT } from "../records/stream_log.ts";
import { streamResponse } from "./streams/stream_response.ts";
import type { FoundStream, RunningOptions } from "./streams/streams.ts";

export interface Ask {
  dialect: Dialect;
  request: ChatRequest;
  /** The client's. */
  headers: Headers;
  scope: Scope;
  observation: Observation;
  /** The mode the client asked for, where it did. */
  mode: StreamMode | undefined;
  /** Whether the client wants an answer that breaks off to be gone on with. */
  continuation: boolean;
  /** The provider that is to answer, where the client may say. */
  forced: string | undefined;
  /** Whether the stream is kept, so that the client may leave and come back. */
  resumable: boolean;
  /** Whoever keeps the answer, for a later request to refer to. */
  keeper?: AnswerKeeper;
  /** Members of the answer that repeat what of the request no upstream is told. */
  echo?: JsonObject;
  /** The client does not wait for the answer. */
  background?: BackgroundAsk;
}

export interface BackgroundAsk {
  /** The id of the answer's stream. */
  stream: string;
  /** What the client is told at once. */
  respond(found: FoundStream): Promise<Response>;
}

/** What is known once the model is: where the answer may come from, and how. */
interface Plan extends Ask, AnswerPlan {
  mode: StreamMode | undefined;
  format: FormatOptions;
  meter: Meter;
}

/**
 * Answers in the client's dialect: a stream or one JSON body.
 *
 * @throws {GatewayError} as long as nothing was committed to the client; later failures are in the stream
 */
export async function answer(gateway: Gateway, ask: Ask): Promise<Response> {
  const plan = await makePlan(gateway, ask);
  if (plan.background !== undefined) return await answerInBackground(gateway, plan, plan.background);
  if (!plan.request.stream) return await answerWhole(gateway, plan);
  return plan.resumable ? await answerResumable(gateway, plan) : await answerStream(gateway, plan);
}

async function makePlan(gateway: Gateway, ask: Ask): Promise<Plan> {
  const { observation, request } = ask;
  const chosen = await chooseCandidates(gateway, ask);
  const [first] = chosen.candidates;
  observation.provider = first.provider.name;
  observation.upstreamModel = first.model;
  observation.mode = ask.mode ?? first.stream;
  observation.resolvedAt = gateway.ports.now();
  const meter = createMeter({
    dialect: ask.dialect,
    request,
    observation,
    now: gateway.ports.now,
    // Collected answers come in chunks, too, where their upstream only streams.
    chunk: (gap) => request.stream && gateway.chunk(observation, gap),
    done(reply) {
      ask.scope.release();
      gateway.keepsakes.keep(observation.owner, reply);
      gateway.finish(observation);
    },
  });
  const format: FormatOptions = {
    model: observation.model ?? request.model,
    id: gateway.ports.randomId(),
    created: Math.floor(observation.startedAt / 1000),
    keepAlive: gateway.config.advanced.keepAlive,
    ...(ask.echo && { echo: ask.echo }),
  };
  return { ...ask, ...chosen, format, meter };
}

async function answerStream(gateway: Gateway, plan: Plan): Promise<Response> {
  const begun = await begin(gateway, plan);
  plan.observation.status = 200;
  return new Response(toStream(writeFrames(begun, plan)), {
    headers: { ...streamHeaders(plan.dialect), ...lostHeader(plan.observation) },
  });
}

/** The client reads what is kept of its stream, as whoever comes back for the rest does. */
async function answerResumable(gateway: Gateway, plan: Plan): Promise<Response> {
  const { observation, scope } = plan;
  const place = { owner: observation.owner, id: observation.id };
  const writer = await gateway.streams.begin(place, plan.dialect);
  scope.outliveClient();
  const begun = await begin(gateway, plan).catch(async (error) => {
    await writer.drop();
    throw error;
  });
  const stream = runKept(gateway, plan, { begun, place, writer, linger: gateway.config.streams.linger });
  const headers = { ...lostHeader(observation), "x-anystream-resume": `/v1/streams/${place.id}` };
  return streamResponse(stream, { after: 0, interval: begun.interval, immediately: begun.late, headers });
}

/** From here on every failure is told in the stream: the client has its answer's id, and may be gone. */
async function answerInBackground(gateway: Gateway, plan: Plan, background: BackgroundAsk): Promise<Response> {
  const { observation, scope } = plan;
  const place = { owner: observation.owner, id: background.stream };
  const writer = await gateway.streams.begin(place, plan.dialect);
  scope.outliveClient();
  const begun = { opening: openAnswer(gateway, plan), interval: gateway.config.advanced.keepAliveInterval, late: true };
  return await background.respond(runKept(gateway, plan, { begun, place, writer, linger: 0 }));
}

type KeptRun = Pick<RunningOptions, "place" | "writer" | "linger"> & { begun: Begun };

function runKept(gateway: Gateway, plan: Plan, { begun, ...options }: KeptRun): FoundStream {
  const { dialect, observation, scope } = plan;
  observation.status = 200;
  const ending = () => observation.end ?? "failed";
  return gateway.streams.run(writeFrames(begun, plan), { ...options, dialect, scope, ending });
}

interface Begun {
  opening: Promise<Opened>;
  /** Milliseconds of silence after which the client is sent a keep-alive. */
  interval: number;
  /** Whether the first of them was due before the upstream had something to say. */
  late: boolean;
}

/**
 * Opens, and waits for as long as a failure can keep its HTTP status. A stream that is kept has no beat before it runs:
 * whoever comes back for it meanwhile would take its writer for gone.
 */
async function begin(gateway: Gateway, plan: Plan): Promise<Begun> {
  const { advanced } = gateway.config;
  const opening = openAnswer(gateway, plan);
  const interval = plan.observation.mode === "fake" ? advanced.fakeStreamInterval : advanced.keepAliveInterval;
  const late = !await settles(opening, plan.resumable ? Math.min(interval, BEAT) : interval);
  if (!late) await opening;
  return { opening, interval, late };
}

/** The answer as frames of the client's dialect, kept alive. */
function writeFrames({ opening, interval, late }: Begun, plan: Plan): Pull<string[]> {
  const { keeper, observation } = plan;
  const formatter = plan.dialect.eventFormatter(plan.request, plan.format);
  const source = observed(opening.then((opened) => passedOn(opened, plan)), plan);
  // Keep-alives come behind, as they are no part of the answer.
  const frames = writeReply(
    completeUsage(source, plan.meter, plan.request),
    formatter,
    (written) => countSent(written, observation),
  );
  const alive = keepAlive(frames, { interval, ping: (silence) => formatter.ping(silence), immediately: late });
  return keeper?.frames?.(alive) ?? alive;
}

/** The beats on their way to the client, under the eyes of those who measure and keep them. */
function observed(beats: Promise<Pull<Beat[]>>, { meter, keeper, scope }: Plan): Pull<Beat[]> {
  // It may fail before the client asks for more than its first keep-alive; whoever asks is told.
  beats.catch(() => {});
  const source = observe(pullLater(beats, () => scope.abort(clientGone())), meter);
  return keeper?.beats?.(source, meter.reply) ?? source;
}

/** The beats as this client gets them: verbatim text only from its own dialect, a finished answer at the pace asked for. */
function passedOn({ upstream, lane: { candidate } }: Opened, { dialect, mode, request }: Plan): Pull<Beat[]> {
  const beats = verbatim(upstream, { dialect, request, form: "stream" });
  return (mode ?? candidate.stream) === "fake" || upstream.form === "json" ? pace(beats, candidate.config.pace) : beats;
}

/** The beats with their own words where those may be the client's answer, which is of this form; else without. */
function verbatim(
  { form: told, dialect: from, beats }: Upstream,
  { dialect, request, form }: Pick<Plan, "dialect" | "request"> & Pick<Upstream, "form">,
): Pull<Beat[]> {
  const isOwn = told === form && from === dialect.name && (dialect.relays?.(request) ?? true);
  return isOwn ? beats : asForeign(beats, { dialect, tools: request.tools });
}

async function answerWhole(gateway: Gateway, plan: Plan): Promise<Response> {
  const { dialect, observation } = plan;
  const opening = openAnswer(gateway, plan);
  const { jsonKeepAlive, keepAliveInterval } = gateway.config.advanced;
  const body = wholeBody(plan, opening).then(async (json) => {
    await plan.keeper?.body?.(json);
    countSent([json], observation);
    return json;
  });
  if (!jsonKeepAlive || await settles(body, keepAliveInterval)) {
    return jsonResponse(await body, lostHeader(observation));
  }
  observation.status = 200;
  const told = body.catch((error) => JSON.stringify(dialect.formatError(toGatewayError(error), observation.id).body));
  const text = pullLater(told.then((json) => pullFrom([[json]])), () => plan.scope.abort(clientGone()));
  // White space before a JSON value is part of it: every official client reads on (DIALECTS.md §1.6).
  const kept = keepAlive(text, { interval: keepAliveInterval, ping: () => [" "], immediately: true });
  return jsonResponse(toStream(kept));
}

/** The answer as one JSON text: the upstream's own where it speaks the client's dialect and nothing must change. */
async function wholeBody(plan: Plan, opening: Promise<Opened>): Promise<string> {
  const { dialect, meter, request, format } = plan;
  const beats = opening.then(({ upstream }) => verbatim(upstream, { dialect, request, form: "json" }));
  const [only] = (await drain(observed(beats, plan))).flat();
  if (only?.raw !== undefined) return dialect.relayResponse?.(only.raw, request) ?? only.raw;
  const reply = meter.reply();
  // Clients of some dialects fail where the counts are missing (CASES A5).
  return JSON.stringify(dialect.formatResponse({ ...reply, usage: usageOf(reply, request) }, request, format));
}
