/** The neutral request: at least as rich as the richest dialect, so that a translation loses only what its target lacks. */

import type { DialectName } from "./event.ts";
import type { Json, JsonObject } from "./json.ts";

export type Role = "system" | "developer" | "user" | "assistant" | "tool";

/** Anthropic's prompt cache mark, verbatim: `{type: "ephemeral", ttl?, scope?}`. */
export type CacheMark = JsonObject;

export type MediaSource =
  | { kind: "base64"; mediaType: string; data: string }
  | { kind: "url"; url: string; mediaType?: string }
  /** A file kept by one vendor: of no meaning to any other. */
  | { kind: "file-id"; id: string };

export interface TextPart {
  type: "text";
  text: string;
  cache?: CacheMark;
  /** Gemini's thought signature on a text part. */
  signature?: string;
}
export interface ImagePart {
  type: "image";
  source: MediaSource;
  detail?: string;
  cache?: CacheMark;
}
export interface FilePart {
  type: "file";
  source: MediaSource | { kind: "text"; text: string };
  filename?: string;
  /** What Anthropic's clients say about a document, beside its name. */
  context?: string;
  /** Whether the answer shall cite it: Anthropic's again. */
  isCited?: boolean;
  cache?: CacheMark;
}
export interface AudioPart {
  type: "audio";
  /** base64 */
  data: string;
  /** `wav`, `mp3`, …: the subtype of `audio/*`. */
  format: string;
}
export interface VideoPart {
  type: "video";
  source: MediaSource;
}
export interface ReasoningPart {
  type: "reasoning";
  text: string;
  signature?: string;
}
export interface RedactedReasoningPart {
  type: "redacted-reasoning";
  data: string;
}
export interface ToolCallPart {
  type: "tool-call";
  id: string;
  name: string;
  /** The arguments as JSON text; `"{}"` for none, never `""`. */
  json: string;
  signature?: string;
  cache?: CacheMark;
  /** An OpenAI `custom` tool's call: `json` is then free text. */
  custom?: boolean;
}
export interface RefusalPart {
  type: "refusal";
  text: string;
}
/** A content part only the named dialect knows: kept for that dialect, lost to others. */
export interface OpaquePart {
  type: "opaque";
  dialect: DialectName;
  value: JsonObject;
  /** What it says, for those. */
  text?: string;
  /** What it searched the web for, in an answer. */
  queries?: string[];
}

export type UserPart = TextPart | ImagePart | FilePart | AudioPart | VideoPart | OpaquePart;
export type AssistantPart =
  | TextPart
  | ReasoningPart
  | RedactedReasoningPart
  | ToolCallPart
  | RefusalPart
  | ImagePart
  | OpaquePart;

export interface SystemMessage {
  role: "system" | "developer";
  parts: TextPart[];
  name?: string;
}
export interface UserMessage {
  role: "user";
  parts: UserPart[];
  name?: string;
}
export interface AssistantMessage {
  role: "assistant";
  parts: AssistantPart[];
  name?: string;
}
/** The result of one call. Parallel results are consecutive messages, in the order of the calls. */
export interface ToolMessage {
  role: "tool";
  callId: string;
  /** The called tool's name, where the dialect gives it or the history shows it. */
  name?: string;
  parts: UserPart[];
  isError?: boolean;
  cache?: CacheMark;
}
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

export interface FunctionTool {
  type: "function";
  name: string;
  description?: string;
  /** JSON Schema; absent means no parameters. */
  parameters?: JsonObject;
  strict?: boolean;
  /** OpenAI's group of tools that it is in: `name` begins with the group's. */
  namespace?: string;
  cache?: CacheMark;
  /** Members only the named dialect knows: kept for that dialect, lost to others. */
  own?: { dialect: DialectName; members: JsonObject };
}
/** OpenAI's tool with free-text input. */
export interface CustomTool {
  type: "custom";
  name: string;
  description?: string;
  format?: JsonObject;
  /** As that of a function. */
  namespace?: string;
}
/** A tool that runs at the vendor (web search, code execution, computer use, MCP), in its own dialect's words. */
export interface ServerTool {
  type: "server";
  dialect: DialectName;
  /** What it does, where other dialects have the like. */
  kind: "web-search" | "code-execution" | "url-context" | "other";
  value: JsonObject;
  /** Where a search of the web is to look, if the client says so. */
  scope?: SearchScope;
}
export interface SearchScope {
  /** Only pages of these domains. */
  allowed?: string[];
  /** No pages of these. */
  blocked?: string[];
  /** Where the user is, in the words that Anthropic and OpenAI share: `{type: "approximate", city?, country?, …}`. */
  location?: JsonObject;
}
export type Tool = FunctionTool | CustomTool | ServerTool;

export type ToolChoice =
  | { mode: "auto" | "none" | "required" }
  | { mode: "tool"; name: string }
  /** Only these may be called; `required` says that one must be. */
  | { mode: "allowed"; names: string[]; required: boolean };

export const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
export type Effort = (typeof EFFORTS)[number];

export interface ReasoningRequest {
  effort?: Effort;
  /** Thinking tokens; 0 switches thinking off, -1 leaves it to the model. */
  budget?: number;
  /** Whether the client wants to see the thoughts (or their summary). */
  show?: boolean;
  /** OpenAI's `summary`: auto, concise, detailed. */
  summary?: string;
}

export type OutputFormat =
  | { type: "text" }
  | { type: "json" }
  | { type: "schema"; schema: JsonObject; name?: string; description?: string; strict?: boolean };

/** The client's own words, kept for relay, for a later translation from the original, and for the record. */
export interface Source {
  dialect: DialectName;
  body: JsonObject;
  /**
   * The body's JSON text as it came: what a relay sends, patched. Absent once a stage altered the neutral request, which
   * must then be formatted anew.
   */
  text?: string;
  /** What the body's messages and tools became: those that no stage has altered may be written as they came. */
  parsed?: { messages: readonly Message[]; tools: readonly Tool[] | undefined };
  /**
   * Headers of the dialect that belong to the body (`anthropic-beta`): they go with it to an upstream of the same dialect,
   * and nowhere else.
   */
  headers?: Readonly<Record<string, string>>;
  /** The field that names contents of the conversation which the dialect's vendor holds: nobody else knows them. */
  held?: string;
}

export interface ChatRequest {
  model: string;
  messages: Message[];
  /** Whether the client wants a stream. What the upstream is asked for is the call's matter. */
  stream: boolean;
  /** Whether the client's stream shall carry usage (always true in dialects that always do). */
  includeUsage: boolean;
  tools?: Tool[];
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  minP?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  repetitionPenalty?: number;
  seed?: number;
  stop?: string[];
  n?: number;
  logprobs?: boolean;
  topLogprobs?: number;
  logitBias?: JsonObject;
  reasoning?: ReasoningRequest;
  output?: OutputFormat;
  verbosity?: string;
  user?: string;
  metadata?: JsonObject;
  serviceTier?: string;
  cacheKey?: string;
  /** Top-level fields of the body that have no place above: carried to an upstream of the same dialect, lost to others. */
  extra: JsonObject;
  source: Source;
}

/** Something a conversion could not carry: `path` in the client's words, and why. */
export interface Loss {
  path: string;
  reason: string;
}

/** The request changed by a stage: its source text no longer says the same, so that no relay sends it. */
export function alterRequest(request: ChatRequest, changes: Partial<ChatRequest>): ChatRequest {
  const { text: _, ...source } = request.source;
  return { ...request, ...changes, source };
}

/** The text of a message's text parts, joined. */
export function textOf(parts: readonly { type: string; text?: Json | undefined }[]): string {
  return parts.filter((part) => part.type === "text").map((part) => part.text).join("");
}
