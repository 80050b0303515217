/** What a request puts into the placeholders of a task's body, and what the body has no place for. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest, Loss } from "../../chat/request.ts";
import { type LossList, lossList } from "../../dialects/losses.ts";
import { formatSampling } from "../../dialects/openai_sampling.ts";
import { effortOf } from "../../dialects/reasoning_effort.ts";
import { placeholdersIn, textsIn } from "./template.ts";
import { promptOf, type Turn, turnsOf } from "./turns.ts";

export const PLACEHOLDERS = [
  "model",
  /** `[{role, content}]`, the roles being system, user and assistant. */
  "messages",
  /** The conversation as one text. */
  "prompt",
  /** The instructions; where the body has a place for them, `messages` and `prompt` are without. */
  "system",
  "max_tokens",
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "presence_penalty",
  "frequency_penalty",
  "repetition_penalty",
  "seed",
  "stop",
  "reasoning_effort",
  "user",
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** The placeholder that carries a field, if there is one; `null` where a field is nothing to carry or is seen to apart. */
const CARRIER = {
  model: null,
  messages: null,
  stream: null,
  includeUsage: null,
  tools: undefined,
  toolChoice: null,
  parallelToolCalls: null,
  maxTokens: "max_tokens",
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
  minP: "min_p",
  presencePenalty: "presence_penalty",
  frequencyPenalty: "frequency_penalty",
  repetitionPenalty: "repetition_penalty",
  seed: "seed",
  stop: "stop",
  n: null,
  logprobs: undefined,
  topLogprobs: null,
  logitBias: undefined,
  reasoning: "reasoning_effort",
  output: null,
  verbosity: undefined,
  user: "user",
  metadata: undefined,
  serviceTier: undefined,
  cacheKey: undefined,
  extra: null,
  source: null,
} as const satisfies Record<keyof ChatRequest, Placeholder | undefined | null>;

/** The values for a body, and what is lost with a body of this form. */
export function bodyValues(request: ChatRequest, template: JsonObject): {
  values: Record<Placeholder, Json | undefined>;
  lost: Loss[];
} {
  const used = new Set(textsIn(template).flatMap(placeholdersIn));
  const lost = lossList();
  const turns = turnsOf(request.messages, lost);
  const isSystem = ({ role }: Turn) => role === "system";
  const said = used.has("system") ? turns.filter((turn) => !isSystem(turn)) : turns;
  const system = turns.filter(isSystem).map(({ content }) => content).join("\n\n");
  noteUncarried(request, used, lost);
  return {
    values: {
      model: request.model,
      messages: said.map(({ role, content }) => ({ role, content })),
      prompt: promptOf(said),
      system: system === "" ? undefined : system,
      max_tokens: request.maxTokens,
      ...formatSampling(request),
      stop: request.stop,
      reasoning_effort: request.reasoning && effortOf(request.reasoning),
      user: request.user,
    },
    lost: lost.all(),
  };
}

const NO_PLACE = "the task's body has no place for it";

function noteUncarried(request: ChatRequest, used: ReadonlySet<string>, lost: LossList): void {
  for (const [field, carrier] of Object.entries(CARRIER)) {
    if (carrier === null || Reflect.get(request, field) === undefined) continue;
    if (carrier === undefined || !used.has(carrier)) lost.add(field, NO_PLACE);
  }
  if (request.n !== undefined && request.n > 1) lost.add("n", "a task gives one answer");
  if (request.output !== undefined && request.output.type !== "text") lost.add("output", NO_PLACE);
  for (const field of Object.keys(request.extra)) lost.add(field, NO_PLACE);
}
