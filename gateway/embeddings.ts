/** The route of embeddings, in the words of OpenAI, whatever the upstream's are. */

import type { Context } from "hono";
import { GatewayError, toGatewayError } from "../chat/error.ts";
import { estimateText } from "../chat/estimate_usage.ts";
import type { JsonObject } from "../chat/json.ts";
import type { Usage } from "../chat/usage.ts";
import { encodeAnswer } from "../dialects/embeddings/encoding.ts";
import { type EmbeddingRequest, parseEmbeddingRequest } from "../dialects/embeddings/parse_request.ts";
import { isObject } from "../dialects/json.ts";
import type { GatewayEnv } from "./context.ts";
import type { Gateway } from "./gateway.ts";
import type { Observation } from "./observation.ts";
import { readJson } from "./read_json.ts";
import { jsonResponse } from "./respond.ts";
import { retry } from "./retry.ts";
import { openScope, type Scope } from "./scope.ts";

/** Answers one request for embeddings, observed as any other. */
export async function serveEmbeddings(context: Context<GatewayEnv>, gateway: Gateway): Promise<Response> {
  const { config, ports } = gateway;
  const key = context.get("key");
  const observation: Observation = {
    id: context.get("requestId"),
    startedAt: ports.now(),
    dialect: "openai_chat",
    operation: "embeddings",
    stream: false,
    ...(key !== undefined && { key }),
    attempts: [],
    lost: [],
    chunks: 0,
  };
  gateway.start(observation);
  const scope = openScope(context.req.raw, { total: config.advanced.timeouts.total, closing: ports.closing });
  try {
    const { body } = await readJson(context.req.raw, config.advanced.bodyLimit);
    const request = parseEmbeddingRequest(body);
    observation.model = request.model;
    const answer = await askProvider(gateway, request, { observation, scope });
    const { usage, told } = usageOf(answer, request);
    Object.assign(observation, { usage, status: 200, end: "done" });
    return jsonResponse(JSON.stringify(encodeAnswer({ ...answer, usage: told }, request.encoding)));
  } catch (thrown) {
    const error = toGatewayError(thrown);
    const end = error.kind === "client-gone" ? "cancelled" : "failed";
    Object.assign(observation, { error, status: error.status, end });
    throw error;
  } finally {
    scope.release();
    gateway.finish(observation);
  }
}

/** @throws {GatewayError} `invalid-request` where the model's provider embeds nothing, or what the upstream says */
async function askProvider(
  { catalog, config, ports }: Gateway,
  request: EmbeddingRequest,
  { observation, scope: { signal } }: { observation: Observation; scope: Scope },
): Promise<JsonObject> {
  const { candidates: [candidate] } = await catalog.resolve(request.model);
  const { provider: { name, embed }, model, facts, config: { timeouts } } = candidate;
  observation.provider = name;
  observation.upstreamModel = model;
  if (embed === undefined) {
    throw new GatewayError(
      "invalid-request",
      `Cannot embed with "${request.model}" as its provider has no embeddings`,
      {
        param: "model",
      },
    );
  }
  const call = { signal, requestId: observation.id, stream: false, facts, timeouts };
  const work = async () => ({ result: await embed({ ...request.body, model }, call), outcome: "answered" as const });
  return await retry(work, {
    signal,
    maxAttempts: config.advanced.maxRetries,
    random: ports.random,
    now: ports.now,
    note: (attempt) => observation.attempts.push({ provider: name, model, streamed: false, ...attempt }),
  });
}

/** The tokens that the upstream told, or an estimate: as we count them, and in the words of OpenAI. */
function usageOf(answer: JsonObject, { inputs }: EmbeddingRequest): { usage: Usage; told: JsonObject } {
  const told = isObject(answer.usage) ? answer.usage : {};
  const count = told.prompt_tokens ?? told.total_tokens;
  const isTold = typeof count === "number";
  const input = isTold ? count : inputs.reduce((sum, input) => sum + tokensOf(input), 0);
  return {
    usage: { input, output: 0, ...(!isTold && { estimated: true }) },
    told: { ...told, prompt_tokens: input, total_tokens: input },
  };
}

function tokensOf(input: string | number[]): number {
  return typeof input === "string" ? estimateText(input) : input.length;
}
