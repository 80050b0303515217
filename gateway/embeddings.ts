/** The routes of embeddings: the client's words and the upstream's are each translated into OpenAI's. */

import type { Context } from "hono";
import { GatewayError, toGatewayError } from "../chat/error.ts";
import { estimateText } from "../chat/estimate_text.ts";
import type { JsonObject } from "../chat/json.ts";
import type { Usage } from "../chat/usage.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { ClientWords } from "../dialects/embeddings/client_words.ts";
import { encodeAnswer } from "../dialects/embeddings/encoding.ts";
import { type EmbeddingRequest, parseEmbeddingRequest } from "../dialects/embeddings/parse_request.ts";
import { isObject } from "../dialects/json.ts";
import { admit, takePlace } from "./admission.ts";
import type { GatewayEnv } from "./context.ts";
import type { Gateway } from "./gateway.ts";
import { newObservation } from "./new_observation.ts";
import { noteFailure } from "./note_failure.ts";
import type { Observation } from "./observation.ts";
import { readJson } from "./read_json.ts";
import { jsonResponse } from "./respond.ts";
import { learning, noting } from "./routing/attempt.ts";
import { createItinerary } from "./routing/itinerary.ts";
import { orderCandidates } from "./routing/order_candidates.ts";
import type { Try } from "./routing/stop.ts";
import { travel } from "./routing/travel.ts";
import { openScope, type Scope } from "./scope.ts";

export interface EmbeddingRoute {
  /** Whose errors the client understands. */
  dialect: Dialect;
  words: ClientWords;
  /** Where it stands in the path. */
  model?: string;
}

/** Answers one request for embeddings, observed as any other. */
export async function serveEmbeddings(
  context: Context<GatewayEnv>,
  gateway: Gateway,
  { dialect, words, model }: EmbeddingRoute,
): Promise<Response> {
  const { config, ports } = gateway;
  const observation: Observation = {
    ...newObservation(context, { dialect: dialect.name, now: ports.now }),
    operation: "embeddings",
  };
  gateway.start(observation);
  const scope = openScope(context.req.raw, { total: config.advanced.timeouts.total, closing: ports.closing });
  const arrival = { context, observation, scope };
  try {
    await takePlace(gateway, arrival);
    const { body } = await readJson(context.req.raw, config.advanced.bodyLimit);
    const request = parseEmbeddingRequest(words.read(body, model));
    observation.model = request.model;
    const input = () => tokensIn(request);
    await admit(gateway, arrival, { model: request.model, input, mostOutput: 0 });
    const answer = await askProvider(gateway, request, { observation, scope });
    const { usage, told } = usageOf(answer, request);
    Object.assign(observation, { usage, status: 200, end: "done" });
    const encoded = encodeAnswer({ ...answer, usage: told }, request.encoding);
    return jsonResponse(JSON.stringify(words.write(encoded, request.model)));
  } catch (thrown) {
    const error = toGatewayError(thrown);
    noteFailure(observation, error, dialect);
    observation.end = error.kind === "client-gone" ? "cancelled" : "failed";
    throw error;
  } finally {
    scope.release();
    gateway.finish(observation);
  }
}

/** @throws {GatewayError} `invalid-request` where no provider of the model embeds anything, or what the upstream says */
async function askProvider(
  { catalog, config, ports: { now, random }, routing }: Gateway,
  request: EmbeddingRequest,
  { observation, scope: { signal } }: { observation: Observation; scope: Scope },
): Promise<JsonObject> {
  const { candidates } = await catalog.resolve(request.model);
  const able = candidates.filter(({ provider }) => provider.embed !== undefined);
  if (able.length === 0) {
    throw new GatewayError(
      "invalid-request",
      `Cannot embed with "${request.model}" as its provider has no embeddings`,
      { param: "model" },
    );
  }
  const embed = async ({ lane: { candidate, key } }: Try, signal: AbortSignal) => {
    const { provider, model, facts, config: { timeouts } } = candidate;
    observation.provider = provider.name;
    observation.upstreamModel = model;
    const call = { signal, requestId: observation.id, stream: false, facts, timeouts, key };
    return { result: await provider.embed!({ ...request.body, model }, call), outcome: "answered" as const };
  };
  const itinerary = createItinerary({
    candidates: orderCandidates(able, random),
    routing,
    maxAttempts: config.advanced.maxRetries,
    mode: undefined,
    stream: false,
    now,
    random,
  });
  const attempt = noting(learning(embed, { routing, itinerary }), {
    now,
    note: (note) => observation.attempts.push(note),
  });
  return await travel(attempt, itinerary, signal);
}

/** The tokens that the upstream told, or an estimate: as we count them, and in the words of OpenAI. */
function usageOf(answer: JsonObject, { inputs }: EmbeddingRequest): { usage: Usage; told: JsonObject } {
  const told = isObject(answer.usage) ? answer.usage : {};
  const count = told.prompt_tokens ?? told.total_tokens;
  const isTold = typeof count === "number";
  const input = isTold ? count : tokensIn({ inputs });
  return {
    usage: { input, output: 0, ...(!isTold && { estimated: true }) },
    told: { ...told, prompt_tokens: input, total_tokens: input },
  };
}

function tokensIn({ inputs }: Pick<EmbeddingRequest, "inputs">): number {
  return inputs.reduce((sum, input) => sum + tokensOf(input), 0);
}

function tokensOf(input: string | number[]): number {
  return typeof input === "string" ? estimateText(input) : input.length;
}
