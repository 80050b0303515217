/** Gemini's API as a provider: what its fourth generation answers in several requests is one answer. */

import { FOURTH_GENERATION, generationOf } from "../dialects/gemini/model_generation.ts";
import type { ChatRequest } from "../chat/request.ts";
import { joinLegs } from "../streaming/join_legs.ts";
import { HTTP_DIALECTS } from "./http_dialects.ts";
import { createHttpProvider, type HttpProviderOptions } from "./http_provider.ts";
import type { Call, Provider, ProviderPorts, Upstream } from "./provider.ts";

/**
 * The most tokens of an answer that is no stream, whose request is refused where it asks for more; a stream gives twice as
 * many, then a token to go on with: https://ai.google.dev/gemini-api/docs/generate-content/long-decode (seen 2026-11-28).
 */
const MOST_AT_ONCE = 32_768;

export function createGemini(options: HttpProviderOptions, ports: ProviderPorts): Provider {
  const http = createHttpProvider(HTTP_DIALECTS.gemini, options, ports);

  async function openLong(request: ChatRequest, call: Call): Promise<Upstream> {
    const asked = { ...call, stream: call.stream || (request.maxTokens ?? 0) > MOST_AT_ONCE };
    const first = await http.open(request, asked);
    if (first.form === "json") return first;
    const openLeg = async (resume: string) => (await http.open(request, { ...asked, resume })).beats;
    return { ...first, beats: joinLegs(first.beats, openLeg) };
  }

  return { ...http, open: (request, call) => mayBeLong(request) ? openLong(request, call) : http.open(request, call) };
}

/** Clients of Gemini go on by themselves: they get the token. */
function mayBeLong({ model, source, n = 1 }: ChatRequest): boolean {
  return source.dialect !== "gemini" && n === 1 && generationOf(model) >= FOURTH_GENERATION;
}
