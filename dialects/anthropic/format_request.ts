/** A neutral request as the body for an upstream. */

import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { tellOutput } from "../../chat/tell_output.ts";
import { withMarks } from "../cache_marks.ts";
import type { Target } from "../dialect.ts";
import { withoutAbsent } from "../given.ts";
import { type LossList, lossList } from "../losses.ts";
import type { Written } from "../own_words.ts";
import { fitUser } from "../user_id.ts";
import { systemFor } from "./attribution.ts";
import { fitThinking } from "./fit_thinking.ts";
import { formatMessages } from "./format_messages.ts";
import { formatOutputSchema, hasMap } from "./output_schema.ts";
import { ADAPTIVE, generationOf } from "./model_generation.ts";
import { inOwnWords } from "./own_words.ts";
import { repairBody } from "./repair_body.ts";
import { formatTier } from "./service_tier.ts";
import { formatThinking } from "./thinking.ts";
import { formatToolFields } from "./tools.ts";
import { takesUnsigned } from "./unsigned_thoughts.ts";

/** The body for an upstream. What it would refuse in a history is repaired last. */
export function formatRequest(request: ChatRequest, target: Target): Written {
  if (request.source.dialect !== "anthropic") return repaired(translate(withMarks(request, target), target), target);
  const written = translate(request, target);
  const own = inOwnWords(request, written, target.quirks);
  const lost = lossList();
  const fitted = withoutAbsent({
    ...own.body,
    system: systemFor(target.model, own.body.system) ?? own.body.system,
    ...fitThinking(own.body, request, { ...target, lost }),
  });
  return repaired({ body: fitted, lost: [...own.lost, ...lost.all()] }, target);
}

function repaired({ body, lost }: Written, target: Target): Written {
  const repairs = lossList();
  const patches = repairBody(body, { lost: repairs, takesUnsigned: takesUnsigned(target) });
  return { body: { ...body, ...patches }, lost: [...lost, ...repairs.all()] };
}

function translate(request: ChatRequest, target: Target): Written {
  const lost = lossList();
  const isOwn = request.source.dialect === "anthropic";
  const asked = withJsonMode(request, lost);
  const user = isOwn ? request.user : fitUser(request.user);
  const { max_tokens, thinking, effort } = formatThinking(request, { ...target, lost });
  const body: JsonObject = {
    model: target.model,
    max_tokens,
    ...formatMessages(asked.messages, {
      lost,
      isOwn,
      hasSystemTurns: isOwn && !target.quirks.noSystemTurns,
      takesPrefill: generationOf(target.model) < ADAPTIVE,
      takesUnsigned: takesUnsigned(target),
    }),
    ...formatToolFields(request, lost),
    ...formatSampling(request, { lost, isOwn, thinks: thinking !== undefined && thinking.type !== "disabled" }),
    stop_sequences: formatStop(request, lost),
    thinking,
    output_config: formatOutputConfig(asked, effort),
    metadata: user === undefined ? undefined : { user_id: user },
    service_tier: formatTier(request, { lost, isOwn }),
    // Absent is what an upstream takes for no stream.
    stream: target.stream || undefined,
  };
  nameLosses(request, lost);
  return { body: withoutAbsent(body), lost: lost.all() };
}

interface Sampling {
  lost: LossList;
  isOwn: boolean;
  thinks: boolean;
}

/** CASES R4. A model that thinks takes none of these; others take one of the two, and newest ones neither. */
function formatSampling({ temperature, topP, topK }: ChatRequest, { lost, isOwn, thinks }: Sampling): JsonObject {
  if (thinks) {
    for (const [path, value] of Object.entries({ temperature, topP, topK })) {
      if (value !== undefined) lost.add(path, "a model that thinks does not take it");
    }
    return {};
  }
  if (temperature !== undefined && temperature > 1) lost.add("temperature", "clamped to 1, the highest there is");
  const isDoubled = temperature !== undefined && topP !== undefined && !isOwn;
  if (isDoubled) lost.add("topP", "not taken together with a temperature");
  return {
    temperature: temperature === undefined ? undefined : Math.min(temperature, 1),
    top_p: isDoubled ? undefined : topP,
    top_k: topK,
  };
}

function formatStop({ stop }: ChatRequest, lost: LossList): string[] | undefined {
  const sequences = stop?.filter((sequence) => sequence.trim() !== "");
  if (sequences?.length !== stop?.length) lost.add("stop", "white space alone does not stop the answer");
  return sequences?.length === 0 ? undefined : sequences;
}

function formatOutputConfig({ output }: ChatRequest, effort: string | undefined): JsonObject | undefined {
  const format = output?.type === "schema"
    ? { type: "json_schema", schema: formatOutputSchema(output.schema) }
    : undefined;
  if (format === undefined && effort === undefined) return undefined;
  return { ...(effort !== undefined && { effort }), ...(format !== undefined && { format }) };
}

/** JSON without a schema can only be asked for in words (CASES R7), nor can a map: it would be an object without members. */
function withJsonMode(request: ChatRequest, lost: LossList): ChatRequest {
  const { output } = request;
  const isMap = output?.type === "schema" && hasMap(output.schema);
  if (output?.type !== "json" && !isMap) return request;
  lost.add("output", `JSON is asked for in words, as Messages has no ${isMap ? "maps in its schemas" : "JSON mode"}`);
  return tellOutput(request, "text");
}

/** What Messages has no field for, in the names of `ChatRequest`. */
const UNKNOWN_FIELDS = [
  ...["minP", "presencePenalty", "frequencyPenalty", "repetitionPenalty", "seed", "logprobs", "topLogprobs"] as const,
  ...["logitBias", "verbosity", "metadata", "cacheKey"] as const,
];

function nameLosses(request: ChatRequest, lost: LossList): void {
  for (const field of UNKNOWN_FIELDS) {
    if (request[field] !== undefined) lost.add(field, "Messages has no such field");
  }
  if (request.n !== undefined && request.n > 1) lost.add("n", "Messages gives one answer");
  for (const field of Object.keys(request.extra)) lost.add(field, "Messages has no such field");
}
