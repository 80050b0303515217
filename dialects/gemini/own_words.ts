/** What of a client's own body stays as it is when the request has to be written anew. */

import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { isObject } from "../json.ts";
import { type FieldTable, keepOwnWords, type Written } from "../own_words.ts";
import { parseRequest, spelledBody } from "./parse_request.ts";

const FIELDS: FieldTable = {
  systemInstruction: ["messages"],
  contents: ["messages"],
  tools: ["tools"],
  toolConfig: ["tools", "toolChoice"],
  serviceTier: ["serviceTier"],
};

const CONFIG_FIELDS: FieldTable = {
  maxOutputTokens: ["maxTokens"],
  temperature: ["temperature"],
  topP: ["topP"],
  topK: ["topK"],
  presencePenalty: ["presencePenalty"],
  frequencyPenalty: ["frequencyPenalty"],
  seed: ["seed"],
  stopSequences: ["stop"],
  candidateCount: ["n"],
  responseLogprobs: ["logprobs"],
  logprobs: ["logprobs", "topLogprobs"],
  responseMimeType: ["output"],
  responseSchema: ["output"],
  responseJsonSchema: ["output"],
  // Thoughts count against the limit.
  thinkingConfig: ["reasoning", "maxTokens"],
};

/** The written request in the client's own words, as far as no stage altered what they say. */
export function inOwnWords(request: ChatRequest, { body: written, lost }: Written): Written {
  const route: JsonObject = { model: request.model, verb: "generateContent", sse: false };
  const before = parseRequest(request.source.body, { text: "", route });
  const own = spelledBody(request.source.body);
  const whole = keepOwnWords(request, { body: written, lost }, { own, before, fields: FIELDS, routed: [] });
  const config = keepOwnWords(request, { body: objectIn(written.generationConfig), lost }, {
    own: objectIn(own.generationConfig),
    before,
    fields: CONFIG_FIELDS,
    routed: [],
  });
  const hasConfig = Object.keys(config.body).length > 0;
  const { generationConfig: _, ...others } = whole.body;
  return {
    body: { ...others, ...(hasConfig && { generationConfig: config.body }) },
    lost: [...new Set([...whole.lost, ...config.lost])],
  };
}

function objectIn(value: JsonObject[string]): JsonObject {
  return isObject(value) ? value : {};
}
