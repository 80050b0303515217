/** Keeps a client's own words in a body that has to be written anew, so that only what a stage altered is told otherwise. */

import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest, Loss } from "../../chat/request.ts";
import { given } from "../given.ts";
import { hasForeignThought, parseRequest } from "./parse_request.ts";

type Field = Exclude<keyof ChatRequest, "model" | "stream" | "includeUsage" | "source" | "extra">;

/** The fields of a request that each member of a body is made of. */
const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  input: ["messages"],
  instructions: ["messages"],
  tools: ["tools"],
  tool_choice: ["tools", "toolChoice"],
  parallel_tool_calls: ["tools", "parallelToolCalls"],
  max_output_tokens: ["maxTokens"],
  temperature: ["temperature"],
  top_p: ["topP"],
  top_logprobs: ["topLogprobs"],
  include: ["logprobs", "reasoning"],
  reasoning: ["reasoning"],
  text: ["output", "verbosity"],
  user: ["user"],
  safety_identifier: ["user"],
  metadata: ["metadata"],
  service_tier: ["serviceTier"],
  prompt_cache_key: ["cacheKey"],
};

/**
 * The client's body, with those members as `written` has them that came of a field a stage altered. Thus nothing is lost
 * that only this dialect can say, such as the phase of a message.
 */
export function inOwnWords(
  request: ChatRequest,
  { body: written, lost }: { body: JsonObject; lost: Loss[] },
): { body: JsonObject; lost: Loss[] } {
  const own = request.source.body;
  const before = parseRequest(own, { text: "" });
  const altered = new Set(Object.values(FIELDS).flat().filter((field) => !isSame(before[field], request[field])));
  if (hasForeignThought(own)) altered.add("messages");
  const members = Object.keys(FIELDS).filter((name) => FIELDS[name]?.some((field) => altered.has(field)));
  const { model, stream, store } = written;
  const body = { ...own, ...Object.fromEntries(members.map((name) => [name, written[name]])), model, stream, store };
  const isNew = ({ path }: Loss) => [...altered].some((field) => path.split(/\W/)[0] === field);
  return { body: given(body), lost: lost.filter(isNew) };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
