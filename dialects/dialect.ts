/** The contract of a wire format: a codec in both directions, pure and synchronous. No fetch, no clock, no env, no log. */

import type { Beat, DialectName } from "../chat/event.ts";
import type { GatewayError } from "../chat/error.ts";
import type { JsonObject } from "../chat/json.ts";
import type { ModelFacts } from "../chat/model.ts";
import type { Reply } from "../chat/reply.ts";
import type { ChatRequest, Loss } from "../chat/request.ts";
import type { Framing } from "../streaming/frame.ts";
import type { EventParser } from "../streaming/read_beats.ts";
import type { EventFormatter } from "../streaming/write_reply.ts";

export type { EventFormatter, EventParser };

/** What a request is written for: the upstream's model and what is known of that upstream. */
export interface Target {
  /** The model's id at the upstream. */
  model: string;
  /** Whether the upstream is asked for a stream. */
  stream: boolean;
  facts: ModelFacts;
  quirks: Quirks;
  /** What the finish of an answer told that its rest is asked for with. */
  resume?: string | undefined;
}

/** How one vendor differs from its dialect's letter. All data, all off by default. */
export interface Quirks {
  /** It answers 400 to `stream_options`. */
  noStreamOptions?: boolean;
  /** It accepts only string content, no arrays of parts (GLM). */
  flatContent?: boolean;
  /** The name of its limit field: `max_completion_tokens` where it refuses the old one. */
  maxTokensField?: "max_tokens" | "max_completion_tokens";
  /** `data:` that is no JSON is text, and so is a line without `data:` (old relays). */
  tolerant?: boolean;
  /** A leading `<think>…</think>` in the text is reasoning. On unless set to false. */
  thinkTags?: boolean;
  /**
   * Assistant turns must bring their thoughts back, signed or not (DeepSeek and Kimi while thinking with tools); false where
   * those are refused (Groq, Mistral). Left open they go back as the client has them.
   */
  replayReasoning?: boolean;
  /** It wants signed thoughts back in the `reasoning_details` that are OpenRouter's. */
  reasoningDetails?: boolean;
  /** Fields of a request that it answers 400 or 422 to: they are left out, and named as lost. */
  refusedFields?: readonly string[];
  /** It knows `developer` messages; otherwise they are sent as `system`. */
  developerRole?: boolean;
  /** It knows tools that take free text, which are OpenAI's alone; others get functions in their place. */
  customTools?: boolean;
  /** It takes a key by which the turns of a conversation find the same prompt cache, and wants one. */
  cacheKey?: boolean;
  /** It caches of a prompt what is marked, as Claude does: on for models of that name, unless set. */
  cacheMarks?: boolean;
  /** It takes instructions before all else alone: those amid a conversation in Anthropic's dialect are said by the user. */
  noSystemTurns?: boolean;
  /** In whose words it is asked to search the web, where Chat Completions itself has none. */
  webSearch?: WebSearchWords;
}

export const WEB_SEARCH_WORDS = ["openrouter", "glm", "qwen"] as const;
export type WebSearchWords = (typeof WEB_SEARCH_WORDS)[number];

/** Settings of one answer to one client. */
export interface FormatOptions {
  /** The model name the client asked for. */
  model: string;
  /** A new id in the dialect's alphabet is made from this random text. */
  id: string;
  /** Seconds since the epoch, for answers whose upstream gave none. */
  created: number;
  /** How a silent stream is kept alive where the dialect leaves a choice: an SSE comment or an empty chunk. */
  keepAlive: "comment" | "chunk";
  /** Members of an answer that repeat what its request said to the gateway alone, in dialects that repeat such. */
  echo?: JsonObject;
}

export interface Dialect {
  name: DialectName;
  /** How its streams are cut on the wire when it is spoken to an upstream. */
  framing: Framing;
  /** The `content-type` of its streams when it is served. */
  streamType: string;
  /**
   * Whether its clients take an `id:` line in a frame that has data. Gemini's lose an event that begins with anything but
   * `data:` (DIALECTS.md §1.4), and lines of JSON have no such field: those clients count what they got.
   */
  takesIds?: boolean;
  /** Whether it has a finish for a call that the model could not write; all others tell of a failure there (CASES G5). */
  tellsMalformed?: boolean;
  /** Request headers that are part of the dialect, and go with the body to an upstream of the same dialect (CASES Q4). */
  protocolHeaders?: readonly string[];

  /**
   * Reads a client's body: `body` is the parsed JSON, `text` the JSON as it came, `route` what the path said (Gemini's
   * model and verb, say) in the form of request fields.
   *
   * @throws {GatewayError} `invalid-request` naming the field, what was found and what was expected
   */
  parseRequest(body: unknown, context: { text: string; route?: JsonObject }): ChatRequest;
  /** The whole answer to a request that asks a model for nothing; `created` is in seconds. */
  answerEmpty?(request: ChatRequest, created: number): JsonObject | undefined;
  /** Writes the body for an upstream of this dialect, and lists what it could not carry. */
  formatRequest(request: ChatRequest, target: Target): { body: JsonObject; lost: Loss[] };
  /** The client's own JSON for an upstream of this same dialect: only model, stream flags and usage flags patched. */
  relayRequest(text: string, request: ChatRequest, target: Target): string;

  eventParser(quirks: Quirks): EventParser;
  /** Beats that carry `raw` come from an upstream of this dialect: the gateway strips it from all others. */
  eventFormatter(request: ChatRequest, options: FormatOptions): EventFormatter;

  /** Reads an upstream's whole JSON answer: a short stream. `raw` is set where it may be relayed as it is. */
  parseResponse(body: unknown, text: string, quirks: Quirks): Beat;
  /** Whether an upstream's own words may be the client's answer; they may wherever it is absent. */
  relays?(request: ChatRequest): boolean;
  /** An upstream's whole answer with the name the client asked for, in dialects whose clients are shown it (CASES A12). */
  relayResponse?(text: string, request: ChatRequest): string;
  /** Writes a whole answer for a client. */
  formatResponse(reply: Reply, request: ChatRequest, options: FormatOptions): JsonObject;

  /** What an upstream's error answer means. `body` is parsed JSON, or text where it was none. */
  parseError(status: number, body: unknown): GatewayError;
  /** The error body for a client; the status is the error's, or as the dialect has it. */
  formatError(error: GatewayError, requestId: string): { status: number; body: JsonObject };
}
