/** The form of the answer: JSON, or JSON of a schema, both ways (CASES G16). */

import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest, OutputFormat } from "../../chat/request.ts";
import type { Target } from "../dialect.ts";
import { fromGeminiSchema } from "../json_schema/from_gemini.ts";
import { hasOpenObject } from "../json_schema/open_object.ts";
import { toGeminiSchema } from "../json_schema/to_gemini.ts";
import type { LossList } from "../losses.ts";
import { generationOf, THIRD_GENERATION } from "./model_generation.ts";
import type { GenerationConfig } from "./schema.ts";

const JSON_TYPE = "application/json";

/** Undefined also for types that only this API has (`text/x.enum`): they go on as they are. */
export function parseOutput(config: GenerationConfig): OutputFormat | undefined {
  const { responseMimeType: type, responseSchema, responseJsonSchema } = config;
  if (type === "text/plain") return { type: "text" };
  if (type !== JSON_TYPE) return undefined;
  if (responseJsonSchema) return { type: "schema", schema: responseJsonSchema };
  return responseSchema ? { type: "schema", schema: fromGeminiSchema(responseSchema) } : { type: "json" };
}

/** What the model is asked for in the configuration, and what in words where it takes no configuration. */
export interface FormattedOutput {
  config: JsonObject;
  instruction?: string;
}

export function formatOutput(request: ChatRequest, target: Target, lost: LossList): FormattedOutput {
  const { output, tools, source } = request;
  if (output === undefined || output.type === "text") return { config: {} };
  // "Function calling with a response mime type: 'application/json' is unsupported": the tools matter more.
  // A client of this dialect answers for what it combines.
  const isOwn = source.dialect === "gemini";
  if (!isOwn && tools !== undefined && tools.length > 0 && generationOf(target.model) < THIRD_GENERATION) {
    lost.add("output", "the model takes no form of the answer beside tools and is asked for it in words");
    return { config: {}, instruction: instructionOf(output) };
  }
  if (output.type === "json") return { config: { responseMimeType: JSON_TYPE } };
  // The subset, not `responseJsonSchema`, which the older models and most relays do not know: but for objects of which no
  // member is named, as the subset refuses those (https://github.com/browser-use/browser-use/issues/3786, 2025-12-17).
  const subset = toGeminiSchema(output.schema);
  const form = hasOpenObject(subset) ? { responseJsonSchema: output.schema } : { responseSchema: subset };
  return { config: { responseMimeType: JSON_TYPE, ...form } };
}

function instructionOf(output: Exclude<OutputFormat, { type: "text" }>): string {
  const what = "When you answer without calling a function, answer with JSON only";
  return output.type === "json" ? `${what}.` : `${what}, valid for this JSON Schema:\n${JSON.stringify(output.schema)}`;
}
