/** What of a client's own body stays as it is when the request has to be written anew. */

import type { ChatRequest } from "../../chat/request.ts";
import { given } from "../given.ts";
import { type FieldTable, keepOwnWords, type Written } from "../own_words.ts";
import { isOurs, parseRequest } from "./parse_request.ts";

const FIELDS: FieldTable = {
  input: ["messages"],
  instructions: ["messages"],
  // Those that came as items of the input are told among them.
  tools: ["tools", "messages"],
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

/** The written request in the client's own words, as far as no stage altered what they say. */
export function inOwnWords(request: ChatRequest, written: Written): Written {
  const own = request.source.body;
  const { body, lost } = keepOwnWords(request, written, {
    own,
    before: parseRequest(own, { text: "" }),
    fields: FIELDS,
    routed: ["model", "stream", "store"],
    retold: isOurs(own) ? ["messages", "toolChoice"] : [],
  });
  return { body: given(body), lost };
}
