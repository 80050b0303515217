/** How tokens are chosen, in OpenAI's words and those that the vendors of open models added to them. */

import type { ChatRequest } from "../chat/request.ts";

export function formatSampling(request: ChatRequest) {
  return {
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    min_p: request.minP,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    repetition_penalty: request.repetitionPenalty,
    seed: request.seed,
  };
}
