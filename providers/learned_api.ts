/** By which of OpenAI's two APIs an upstream takes a request, as its own refusals say. */

import type { ChatRequest } from "../chat/request.ts";

/** Milliseconds for which it is believed: models and relays change. */
const LASTING = 3_600_000;

export interface LearnedApi {
  /** Whether there is a Responses API, as far as is known. */
  hasResponses(): boolean;
  /** Whether the model is known to take such a request by the Responses API alone. */
  wantsResponses(request: ChatRequest): boolean;
  /** Chat refused the request, Responses took it. */
  noteWanted(request: ChatRequest): void;
  /** There is nothing where the Responses API would be. */
  noteMissing(): void;
}

interface Wanted {
  /** Only by requests with tools: GPT-5.4 and later take all others by Chat, too. */
  forTools: boolean;
  until: number;
}

/** What is learned is of models that have answered: there are as many as the upstream has. */
export function createLearnedApi(now: () => number): LearnedApi {
  const wanted = new Map<string, Wanted>();
  let missingUntil = 0;

  function lookUp(model: string): Wanted | undefined {
    const found = wanted.get(model);
    return found !== undefined && found.until > now() ? found : undefined;
  }

  return {
    hasResponses: () => missingUntil <= now(),
    wantsResponses(request) {
      const found = lookUp(request.model);
      return found !== undefined && (!found.forTools || hasTools(request));
    },
    noteWanted: (request) => void wanted.set(request.model, { forTools: hasTools(request), until: now() + LASTING }),
    noteMissing: () => void (missingUntil = now() + LASTING),
  };
}

function hasTools({ tools = [] }: ChatRequest): boolean {
  return tools.length > 0;
}
