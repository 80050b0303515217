/** Asks in words for the form of an answer, where an upstream cannot be asked for it otherwise. */

import { instruct } from "./instructions.ts";
import { alterRequest, type ChatRequest, type Loss, type OutputFormat } from "./request.ts";

/**
 * The request with what its `output` says told as an instruction, behind those that lead the conversation, and asked for as
 * JSON of any form, or as text; the request itself where it asks for no form.
 */
export function tellOutput(request: ChatRequest, as: "json" | "text"): ChatRequest {
  const { output, messages } = request;
  if (output === undefined || output.type === "text") return request;
  const told = alterRequest(request, { messages: instruct(messages, wishFor(output)) });
  return as === "json" ? { ...told, output: { type: "json" } } : withoutOutput(told);
}

/** What it costs to tell it in words. */
export function lossOfForm(as: "json" | "text"): Loss {
  const asked = as === "json" ? "JSON" : "text";
  return { path: "output", reason: `the model does not take it, is told it in words, and asked for ${asked}` };
}

/** The request with nothing but words for the form of its answer. */
export function withoutOutput(request: ChatRequest): ChatRequest {
  const { output: _, ...rest } = alterRequest(request, {});
  return rest;
}

function wishFor(output: Exclude<OutputFormat, { type: "text" }>): string {
  const only = "and nothing before or after it";
  if (output.type === "json") return `Answer with one valid JSON object, ${only}.`;
  return `Answer with JSON that matches this JSON schema, ${only}:\n${JSON.stringify(output.schema)}`;
}
