/** OpenAI's two APIs as one provider: Chat Completions, and Responses where a model or a client wants that. */

import { GatewayError } from "../chat/error.ts";
import type { ChatRequest, ServerTool, Tool } from "../chat/request.ts";
import { asksForSearchAlone } from "../dialects/web_search.ts";
import { HTTP_DIALECTS } from "./http_dialects.ts";
import { createHttpProvider, type HttpProviderOptions } from "./http_provider.ts";
import { createLearnedApi } from "./learned_api.ts";
import { withParameters } from "./parameters.ts";
import type { Call, Provider, ProviderPorts, Upstream } from "./provider.ts";

/**
 * `auto`: Chat, save for what the upstream says it takes by Responses alone. `search`: so, and requests with no other tool
 * than a search of the web. `both`: so, with any tools beside, and what clients of Responses ask goes there as they wrote it.
 */
export const OPENAI_APIS = ["auto", "search", "both", "chat", "responses"] as const;

export type OpenaiApi = (typeof OPENAI_APIS)[number];

export interface OpenaiOptions extends HttpProviderOptions {
  api: OpenaiApi;
}

/**
 * How Chat Completions says that it is not the place to ask. OpenAI, of function tools for GPT-5.4 and later:
 * https://github.com/openai/openai-openapi/issues/541 (2026-05-18), even where no effort was asked for:
 * https://github.com/BerriAI/litellm/pull/34569 (2026-07-24); of Codex models:
 * https://github.com/arbs-io/vscode-openai/issues/358 (2025-11-04). Azure ("chatCompletion operation"):
 * https://github.com/langchain-ai/langchain-azure/issues/228 (2025-12-09).
 */
const ELSEWHERE = /v1\/responses|not a chat model|chatCompletion operation does not work/i;

const RUN_BY_VENDOR: ReadonlySet<ServerTool["kind"]> = new Set(["web-search", "code-execution"]);

export function createOpenai(options: OpenaiOptions, ports: ProviderPorts): Provider {
  if (options.api === "chat") return createHttpProvider(HTTP_DIALECTS.openai_chat, options, ports);
  const responses = createHttpProvider(HTTP_DIALECTS.openai_responses, options, ports);
  if (options.api === "responses") return responses;
  const learned = createLearnedApi(() => ports.now());
  const passesOn = (error: unknown) => learned.hasResponses() && isElsewhere(error);
  const chat = createHttpProvider(HTTP_DIALECTS.openai_chat, { ...options, passesOn }, ports);
  const isOwn = ({ source }: ChatRequest) => options.api === "both" && source.dialect === "openai_responses";
  const isForResponses = (request: ChatRequest) =>
    learned.hasResponses() && (isOwn(request) || wantsTools(request, options.api) || learned.wantsResponses(request));

  async function openChat(request: ChatRequest, call: Call): Promise<Upstream> {
    try {
      return await chat.open(request, call);
    } catch (error) {
      if (!passesOn(error)) throw error;
      const upstream = await openResponses(request, call);
      if (upstream.dialect === "openai_responses") learned.noteWanted(request);
      return upstream;
    }
  }

  async function openResponses(request: ChatRequest, call: Call): Promise<Upstream> {
    const { fields: parameters = {}, ...others } = call;
    const asked = withParameters(request, { parameters, dialect: "openai_responses" });
    try {
      const upstream = await responses.open(asked.request, others);
      return { ...upstream, lost: [...asked.lost, ...upstream.lost] };
    } catch (error) {
      if (isMissing(error)) learned.noteMissing();
      else if (!wantsTools(request, options.api) || !isToolRefused(error)) throw error;
      return await chat.open(request, call);
    }
  }

  return {
    ...chat,
    dialectFor: (request) => (isForResponses(request) ? responses : chat).dialectFor(request),
    open: (request, call) => isForResponses(request) ? openResponses(request, call) : openChat(request, call),
  };
}

/** Whether it is to be asked by Responses for the sake of tools that the vendor runs there, and Chat Completions has not. */
function wantsTools({ tools = [] }: ChatRequest, api: OpenaiApi): boolean {
  if (api === "search") return asksForSearchAlone(tools);
  const isRun = (tool: Tool) =>
    tool.type === "server" && tool.dialect !== "openai_chat" && RUN_BY_VENDOR.has(tool.kind);
  return api === "both" && tools.some(isRun);
}

/** Some models take none of them. */
function isToolRefused(error: unknown): boolean {
  return error instanceof GatewayError && error.status < 500 && /\btools?\b.*not supported/i.test(error.detail ?? "");
}

function isElsewhere(error: unknown): boolean {
  return error instanceof GatewayError && error.status < 500 && ELSEWHERE.test(error.detail ?? "");
}

/**
 * Things that a 404 may be about where the API is there: a model, and whatever a request refers to. OpenAI: "Item with id
 * 'rs_…' not found. Items are not persisted when `store` is set to false" (https://github.com/can1357/oh-my-pi/issues/41,
 * 2026-01-17).
 */
const THING = /model|deployment|with (?:the )?id\b|no such \w+ object/i;

/** Whether there is nothing at the path, as at a relay without this API. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof GatewayError) || error.kind !== "unknown-model") return false;
  return error.param === undefined && !THING.test(error.detail ?? "");
}
