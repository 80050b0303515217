/** A strict reader of what a Gemini client is sent, as events or as an array: it throws at the first rule it breaks. */

import assert from "node:assert/strict";
import type { Json, JsonObject } from "../../chat/json.ts";

export interface GeminiCall {
  id?: string;
  name: string;
  /** JSON text. */
  arguments: string;
  signature?: string;
}

export interface GeminiCandidate {
  text: string;
  reasoning: string;
  toolCalls: GeminiCall[];
  /** All parts but keep-alives, as they came. */
  parts: JsonObject[];
  /** The candidate's last chunk, for what stands beside its content. */
  last: JsonObject;
  finish?: string;
}

export interface GeminiError {
  code: number;
  message: string;
  status: string;
  details?: JsonObject[];
}

/** What the stream said; the members of the first candidate stand at the top. */
export interface GeminiStream extends GeminiCandidate {
  candidates: GeminiCandidate[];
  usage?: JsonObject;
  error?: GeminiError;
  blockReason?: string;
  model?: string;
  id?: string;
  pings: number;
}

const KEEP_ALIVE = '{"candidates":[{"content":{"parts":[{"text":"","thought":true}],"role":"model"},"index":0}]}';

const FINISH_REASONS = [
  ...["STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "LANGUAGE", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"],
  ...["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE", "CONTINUATION"],
  ...["IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "NO_IMAGE"],
];
const DATA_FIELDS = [
  ...["text", "functionCall", "inlineData", "fileData", "executableCode", "codeExecutionResult", "toolCall"],
  "toolResponse",
];
const COUNTS = ["promptTokenCount", "candidatesTokenCount", "totalTokenCount", "thoughtsTokenCount"];

/**
 * The stream with `alt=sse`, for a client that asked for `n` candidates: blocks of exactly `data: {…}` and a blank line; an
 * error once more on its own, as the last line without an end.
 */
export function checkGeminiStream(stream: string | readonly string[], { n = 1 } = {}): GeminiStream {
  const text = typeof stream === "string" ? stream : stream.join("");
  const blocks = text.split("\n\n");
  const rest = blocks.pop();
  assert.ok(rest === "" || rest?.startsWith('{"error":'), "the last block has its blank line");
  const reader = chunkReader(n);
  for (const block of blocks) {
    assert.match(block, /^data: \{[^\n\r]*\}$/, "a block is one line of data, without a name, an id or a comment");
    reader.push(block.slice("data: ".length));
  }
  const read = reader.end();
  const echo = read.error === undefined ? "" : blocks.at(-1)?.slice("data: ".length);
  assert.equal(rest, echo, "an error, and nothing else, is told once more on its own");
  return read;
}

/** The stream without `alt=sse`: one JSON array. White space between its chunks keeps the client waiting. */
export function checkGeminiArray(stream: string | readonly string[], { n = 1 } = {}): GeminiStream {
  const text = typeof stream === "string" ? stream : stream.join("");
  const chunks: unknown = JSON.parse(text);
  assert.ok(Array.isArray(chunks), "the stream is an array");
  const reader = chunkReader(n);
  for (const chunk of chunks) reader.push(JSON.stringify(chunk));
  return reader.end();
}

function chunkReader(n: number) {
  const candidates: GeminiCandidate[] = [];
  const read: { usage?: JsonObject; error?: GeminiError; blockReason?: string; model?: string; id?: string } = {};
  let pings = 0;
  let chunks = 0;

  const isEnded = () =>
    read.error !== undefined || read.blockReason !== undefined ||
    (candidates.length > 0 && candidates.every(({ finish }) => finish !== undefined));
  /** A candidate that the client asked for may begin when the others have ended. */
  const isOver = () =>
    isEnded() && (read.error !== undefined || read.blockReason !== undefined || candidates.length >= n);

  function push(text: string): void {
    assert.ok(!isOver(), `nothing follows the last chunk, but ${text.slice(0, 200)} does`);
    if (text === KEEP_ALIVE) return void pings++;
    const chunk = object(JSON.parse(text), "a chunk");
    chunks++;
    if (chunk.error !== undefined) return void (read.error = checkError(chunk));
    if (chunk.modelVersion !== undefined) read.model = constant(read.model, chunk.modelVersion, "modelVersion");
    if (chunk.responseId !== undefined) read.id = constant(read.id, chunk.responseId, "responseId");
    if (chunk.usageMetadata !== undefined) read.usage = checkUsage(chunk.usageMetadata);
    if (chunk.promptFeedback !== undefined) return checkBlock(chunk);
    assert.ok(Array.isArray(chunk.candidates) && chunk.candidates.length > 0, "a chunk has candidates");
    const indexes = chunk.candidates.map((candidate) => checkCandidate(object(candidate, "a candidate")));
    assert.equal(new Set(indexes).size, indexes.length, "a candidate is in a chunk once");
  }

  function checkBlock(chunk: JsonObject): void {
    assert.equal(chunk.candidates, undefined, "a refused prompt has no candidates");
    assert.equal(chunks, 1, "a refused prompt is all there is");
    const { blockReason } = object(chunk.promptFeedback, "promptFeedback");
    assert.ok(typeof blockReason === "string" && blockReason !== "", "a refused prompt has its reason");
    read.blockReason = blockReason;
  }

  function checkCandidate(candidate: JsonObject): number {
    const { index } = candidate;
    assert.ok(typeof index === "number" && Number.isInteger(index) && index >= 0, "a candidate has its index");
    const state = candidates[index] ??= { text: "", reasoning: "", toolCalls: [], parts: [], last: {} };
    assert.equal(state.finish, undefined, `candidate ${index} says nothing after its end`);
    const content = object(candidate.content, "a content");
    assert.equal(content.role, "model", "who speaks is the model");
    assert.ok(Array.isArray(content.parts) && content.parts.length > 0, "a candidate has a part");
    for (const part of content.parts) checkPart(object(part, "a part"), state);
    state.last = candidate;
    if (candidate.finishReason === undefined) return index;
    assert.ok(FINISH_REASONS.includes(String(candidate.finishReason)), `${candidate.finishReason} is a finish reason`);
    state.finish = String(candidate.finishReason);
    return index;
  }

  return {
    push,
    end(): GeminiStream {
      assert.ok(isEnded(), "the stream ends with the end of every candidate, or with an error");
      const nobody: GeminiCandidate = { text: "", reasoning: "", toolCalls: [], parts: [], last: {} };
      const isWhole = read.error !== undefined || Object.keys(candidates).length === candidates.length;
      assert.ok(isWhole, "candidates are told without gaps");
      return { ...(candidates[0] ?? nobody), candidates, ...read, pings };
    },
  };
}

function checkPart(part: JsonObject, state: GeminiCandidate): void {
  const data = DATA_FIELDS.filter((field) => part[field] !== undefined);
  assert.equal(data.length, 1, `a part says one thing: ${JSON.stringify(part).slice(0, 200)}`);
  assert.ok(part.thought === undefined || part.thought === true, "thought is a mark");
  const { thoughtSignature: signature } = part;
  if (signature !== undefined) {
    assert.ok(typeof signature === "string" && /^[A-Za-z0-9+/_-]+=*$/.test(signature), "a signature is base64");
  }
  state.parts.push(part);
  if (part.text !== undefined) {
    assert.equal(typeof part.text, "string", "text is a string");
    state[part.thought === true ? "reasoning" : "text"] += String(part.text);
  }
  if (part.functionCall !== undefined) state.toolCalls.push(checkCall(part.functionCall, signature));
}

function checkCall(value: Json | undefined, signature: Json | undefined): GeminiCall {
  const { id, name, args } = object(value, "a call");
  assert.ok(typeof name === "string" && name !== "", "a call has a name");
  assert.ok(id === undefined || (typeof id === "string" && id !== ""), "a call's id is not empty");
  // Google leaves the arguments out where there are none.
  return {
    name,
    arguments: JSON.stringify(object(args ?? {}, "a call's arguments")),
    ...(typeof id === "string" && { id }),
    ...(typeof signature === "string" && { signature }),
  };
}

function checkUsage(value: Json): JsonObject {
  const usage = object(value, "usageMetadata");
  assert.equal(typeof usage.promptTokenCount, "number", "the prompt is counted");
  for (const name of COUNTS) {
    const count = usage[name];
    assert.ok(count === undefined || (typeof count === "number" && count >= 0), `${name} is a count`);
  }
  return usage;
}

/** The form that every client raises (DIALECTS.md §2.1): a numeric code of an HTTP error. */
function checkError(chunk: JsonObject): GeminiError {
  assert.deepEqual(Object.keys(chunk), ["error"], "an error stands alone");
  const { code, message, status, details, ...others } = object(chunk.error, "an error");
  assert.ok(typeof code === "number" && Number.isInteger(code) && code >= 400 && code < 600, "the code is a status");
  assert.ok(typeof message === "string" && message !== "", "an error has a message");
  assert.match(String(status), /^[A-Z_]+$/, "an error has Google's status");
  assert.deepEqual(others, {}, "an error has no other members");
  const list = details === undefined ? undefined : [details].flat().map((detail) => object(detail, "a detail"));
  for (const detail of list ?? []) assert.equal(typeof detail["@type"], "string", "a detail has its type");
  return { code, message, status: String(status), ...(list !== undefined && { details: list }) };
}

function constant(before: string | undefined, now: Json, name: string): string {
  assert.ok(typeof now === "string" && now !== "", `${name} is a text`);
  if (before !== undefined) assert.equal(now, before, `${name} stays the same`);
  return now;
}

function object(value: unknown, what: string): JsonObject {
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), `${what} is an object`);
  return value as JsonObject;
}
