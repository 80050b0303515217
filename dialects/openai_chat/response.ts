/** Whole answers, both ways. */

import { breaksBareCalls } from "../../chat/finish.ts";
import type { Beat } from "../../chat/event.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { Reply, ReplyChoice, ReplyPart } from "../../chat/reply.ts";
import { type ChatRequest, textOf, type ToolCallPart } from "../../chat/request.ts";
import { asCustomCall } from "../custom_calls.ts";
import type { FormatOptions, Quirks } from "../dialect.ts";
import { failingBeat } from "../failing_beat.ts";
import { isObject } from "../json.ts";
import { upstreamError } from "../upstream_error.ts";
import { answerReader } from "./answer_reader.ts";
import { readChunk } from "./chunk.ts";
import { formatToolCall, wholeCall } from "./assistant_message.ts";
import { parseInBandError } from "../openai_error.ts";
import { formatFinish } from "./finish.ts";
import { answerId } from "./ids.ts";
import { isLegacy } from "./legacy.ts";
import { formatMedia } from "./media.ts";
import { formatThought, type Thought } from "./reasoning.ts";
import { isRelayableAnswer } from "./relay_rules.ts";
import { formatUsage } from "./usage.ts";

/** A whole answer as events; some relays send a failure with status 200, too. */
export function parseResponse(body: unknown, text: string, quirks: Quirks): Beat {
  if (!isObject(body)) return failingBeat(upstreamError("upstream-malformed", text));
  if (body.object === "error" && !body.error) return failingBeat(parseInBandError(body));
  const reader = answerReader(quirks);
  const { events, exact } = reader.read(readChunk(body), text);
  if (events.at(-1)?.type === "error") return { events, last: true };
  const rest = reader.close();
  const head = reader.head();
  const isClean = exact && rest.length === 0 && head !== undefined && isRelayableAnswer(body, head);
  return { events: [...events, ...rest], last: true, ...(isClean && { raw: text }) };
}

export function formatResponse(reply: Reply, request: ChatRequest, options: FormatOptions): JsonObject {
  return {
    id: answerId(options.id),
    object: "chat.completion",
    created: reply.created ?? options.created,
    model: options.model,
    choices: reply.choices.map((choice, index) => formatChoice(choice, { index, request })),
    ...(reply.usage !== undefined && { usage: formatUsage(reply.usage) }),
  };
}

function formatChoice(choice: ReplyChoice, { index, request }: { index: number; request: ChatRequest }): JsonObject {
  const { parts, finish, logprobs } = choice;
  const legacy = isLegacy(request);
  const hasCalls = parts.some((part) => part.type === "tool-call");
  const hasRefusal = parts.some((part) => part.type === "refusal" && part.text !== "");
  const word = formatFinish(finish?.reason ?? "stop", { hasCalls, hasRefusal, legacy });
  return {
    index,
    message: formatMessage(choice, request),
    logprobs: logprobs === undefined ? null : { content: logprobs.content ?? null, refusal: logprobs.refusal ?? null },
    finish_reason: word,
    ...(finish?.raw !== undefined && finish.raw !== word && { native_finish_reason: finish.raw }),
  };
}

function formatMessage({ parts, annotations, finish }: ReplyChoice, request: ChatRequest): JsonObject {
  const text = textOf(parts);
  const refusal = joinTexts(parts, "refusal");
  const media = parts.filter((part) => part.type === "media");
  const calls = parts.filter((part) => part.type === "tool-call");
  return {
    role: "assistant",
    // Calls or a refusal alone have no text, which is not an empty text (CASES O13).
    content: text === "" && (calls.length > 0 || refusal !== "") ? null : text,
    refusal: refusal === "" ? null : refusal,
    ...formatThoughts(parts),
    ...formatMedia(media),
    ...(annotations !== undefined && { annotations }),
    ...Object.assign({}, ...parts.map(ownMembers)),
    ...formatCalls(calls, { request, finish }),
  };
}

function formatThoughts(parts: readonly ReplyPart[]): JsonObject {
  const text = joinTexts(parts, "reasoning");
  const bound = parts.filter((part): part is Thought =>
    part.type === "redacted-reasoning" || (part.type === "reasoning" && part.signature !== undefined)
  );
  return {
    ...(text !== "" && { reasoning_content: text }),
    ...(bound.length > 0 && { reasoning_details: bound.map(formatThought) }),
  };
}

function formatCalls(
  calls: readonly ToolCallPart[],
  { request, finish }: { request: ChatRequest; finish: ReplyChoice["finish"] },
): JsonObject {
  const [first] = calls;
  if (first === undefined) return {};
  const isCut = finish !== undefined && breaksBareCalls(finish.reason);
  const told = (call: ToolCallPart) => isCut ? call : wholeCall(call);
  if (isLegacy(request)) return { function_call: { name: first.name, arguments: told(first).json } };
  return {
    tool_calls: calls.map((call) => formatToolCall(asCustomCall(told(call), request.tools), { marks: false })),
  };
}

function ownMembers(part: ReplyPart): Record<string, Json | undefined> {
  return part.type === "opaque" && part.dialect === "openai_chat" ? part.value : {};
}

function joinTexts(parts: readonly ReplyPart[], type: "reasoning" | "refusal"): string {
  return parts.map((part) => part.type === type ? part.text : "").join("");
}
