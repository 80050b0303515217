/** The `response` object that begins and ends every stream, and is the whole of an answer without one. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { FormatOptions } from "../dialect.ts";

/** Members that repeat the request, as official clients expect them, with what stands for a request's silence. */
const ECHOED = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  parallel_tool_calls: true,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: null,
  temperature: null,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_logprobs: null,
  top_p: null,
  truncation: "disabled",
  user: null,
  metadata: {},
} as const satisfies Record<string, Json>;

/** A response under way. */
export function beginResponse(
  request: ChatRequest,
  { id, model, created, echo: told = {} }: FormatOptions,
): JsonObject {
  const asked = request.source.dialect === "openai_responses" ? request.source.body : {};
  const echo = Object.entries(ECHOED).map(([name, silence]) => [name, asked[name] ?? silence] as const);
  return {
    id: `resp_${idText(id)}`,
    object: "response",
    created_at: created,
    status: "in_progress",
    background: false,
    error: null,
    incomplete_details: null,
    model,
    output: [],
    previous_response_id: null,
    store: false,
    usage: null,
    ...Object.fromEntries(echo),
    ...told,
  };
}

export type IdPrefix = "msg" | "fc" | "ctc" | "rs" | "ig" | "ws" | "cmp" | "item";

/** The id of an output item: the official ones begin so, and clients check it. */
export function itemId(prefix: IdPrefix, { id, index }: { id: string; index: number }): string {
  return `${prefix}_${idText(id)}_${index}`;
}

/** Official ids have no more than 64 characters, of which the random ones are letters and digits. */
function idText(random: string): string {
  return random.replace(/[^a-zA-Z0-9]/g, "").slice(0, 48);
}
