/** A client's messages as neutral ones: results of tools become messages of their own. */

import type { JsonObject } from "../../chat/json.ts";
import type { AssistantPart, Message, OpaquePart, TextPart, ToolMessage, UserPart } from "../../chat/request.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { withoutAttribution } from "./attribution.ts";
import { parseCallSignature } from "./call_signature.ts";
import { parseImage, parseMediaBlock, parseText } from "./media_blocks.ts";
import type { RequestBlock, RequestBody, RequestMessage } from "./schema.ts";

/** `system` comes first; a `system` message further down stays where it is (CASES Q7). */
export function parseMessages({ system, messages }: RequestBody): Message[] {
  /** The names of the calls so far: results of other dialects need them. */
  const names = new Map<string, string>();
  const instructions = instructionsOf(system ?? "");
  const lastUser = messages.findLastIndex(({ role }) => role === "user");
  return [
    ...(instructions.length > 0 ? [{ role: "system" as const, parts: instructions }] : []),
    ...messages.flatMap((message, at) => at < lastUser && isPassing(message) ? [] : parseMessage(message, names)),
  ];
}

/** A reminder for one turn: the model sees it until the user's next (Claude Code 2.1.332 sends all that there were). */
function isPassing(message: RequestMessage): boolean {
  return message.role === "system" && message.clear_at === "next_user_message";
}

function parseMessage(message: RequestMessage, names: Map<string, string>): Message[] {
  switch (message.role) {
    case "system": {
      const parts = instructionParts(message.content);
      return parts.length === 0 ? [] : [{ role: "system", parts }];
    }
    case "user":
      return parseUserTurn(blocksOf(message.content), names);
    case "assistant": {
      const parts = parseAssistantBlocks(blocksOf(message.content));
      for (const part of parts) if (part.type === "tool-call") names.set(part.id, part.name);
      return [{ role: "assistant", parts }];
    }
    default:
      return message satisfies never;
  }
}

function blocksOf(content: string | RequestBlock[]): RequestBlock[] {
  if (typeof content !== "string") return content;
  return content === "" ? [] : [{ type: "text", text: content }];
}

/** What Claude Code notes before its own is no instruction (CASES Q14). */
function instructionsOf(system: NonNullable<RequestBody["system"]>): TextPart[] {
  const parts = textParts(system);
  const [first, ...others] = parts;
  const text = first && withoutAttribution(first.text);
  if (first === undefined || text === first.text || text === undefined) return parts;
  return text === "" ? others : [{ ...first, text }, ...others];
}

function textParts(content: NonNullable<RequestBody["system"]>): TextPart[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return content.map(parseText);
}

/** What a turn of instructions says; its changes of the tools are read with the tools. */
function instructionParts(content: Extract<RequestMessage, { role: "system" }>["content"]): TextPart[] {
  return textParts(Array.isArray(content) ? content.filter((block) => block.type === "text") : content ?? "");
}

type ResultBlock = Extract<RequestBlock, { type: "tool_result" }>;

/** The results first, as every dialect wants them right behind their calls, then the rest in its order (CASES T20). */
function parseUserTurn(blocks: readonly RequestBlock[], names: ReadonlyMap<string, string>): Message[] {
  const results = blocks.filter((block) => block.type === "tool_result").map((block) => parseResult(block, names));
  const parts = blocks.flatMap(parseUserBlock);
  return parts.length > 0 || results.length === 0 ? [...results, { role: "user", parts }] : results;
}

function parseResult(block: ResultBlock, names: ReadonlyMap<string, string>): ToolMessage {
  const { tool_use_id: callId, content, is_error: isError, cache_control: cache } = block;
  const blocks = typeof content === "string" ? [{ type: "text" as const, text: content }] : content ?? [];
  return {
    role: "tool",
    callId,
    parts: blocks.flatMap((inner) => inner.type === "other" ? [parseOwnResult(inner.value)] : parseMediaBlock(inner)),
    ...given({ name: names.get(callId), isError: isError || undefined, cache }),
  };
}

/**
 * Claude Code (2.1.329) keeps most tools back, all of its MCP servers' among them, until its search for tools was called: it
 * answers with references, and offers what they name from then on. To another dialect they say that much in words.
 */
function parseOwnResult(value: JsonObject): ToolMessage["parts"][number] {
  if (value.type !== "tool_reference" || typeof value.tool_name !== "string") return parseOwnBlock(value);
  return opaque(value, `The tool ${value.tool_name} is loaded and can be called now.`);
}

function parseUserBlock(block: RequestBlock): UserPart[] {
  switch (block.type) {
    case "text":
    case "image":
    case "document":
      return parseMediaBlock(block);
    case "other":
      return [parseOwnBlock(block.value)];
    // A user's turn has no thoughts and no calls.
    case "tool_result":
    case "tool_use":
    case "thinking":
    case "redacted_thinking":
      return [];
    default:
      return block satisfies never;
  }
}

function parseAssistantBlocks(blocks: readonly RequestBlock[]): AssistantPart[] {
  /** The signature of another vendor's call: the thought before the call carries it. */
  let signature: string | undefined;
  return blocks.flatMap((block): AssistantPart[] => {
    if (block.type === "thinking") {
      signature = parseCallSignature(block.signature);
      return parseThought(block, signature !== undefined);
    }
    const part = parseAssistantBlock(block);
    if (part?.type !== "tool-call" || signature === undefined) return part === undefined ? [] : [part];
    const signed = { ...part, signature };
    signature = undefined;
    return [signed];
  });
}

function parseThought(block: Extract<RequestBlock, { type: "thinking" }>, isCallSigned: boolean): AssistantPart[] {
  const signature = block.signature && !isCallSigned ? { signature: block.signature } : {};
  return block.thinking === "" && !("signature" in signature)
    ? []
    : [{ type: "reasoning", text: block.thinking, ...signature }];
}

function parseAssistantBlock(block: Exclude<RequestBlock, { type: "thinking" }>): AssistantPart | undefined {
  switch (block.type) {
    case "text":
      return parseText(block);
    case "image":
      return parseImage(block);
    case "redacted_thinking":
      return { type: "redacted-reasoning", data: block.data };
    case "tool_use": {
      const { id, name, input, cache_control: cache } = block;
      return { type: "tool-call", id, name, json: JSON.stringify(input ?? {}), ...given({ cache }) };
    }
    case "other":
      return parseSummary(block.value);
    // What an assistant does not say.
    case "document":
    case "tool_result":
      return undefined;
    default:
      return block satisfies never;
  }
}

/** https://platform.claude.com/docs/en/build-with-claude/search-results: to another dialect, one is text under its title. */
function parseOwnBlock(value: JsonObject): OpaquePart {
  const { type, content, title, source } = value;
  if (type !== "search_result" || !Array.isArray(content)) return opaque(value);
  const texts = content.map((block) => isObject(block) ? block.text : undefined);
  return opaque(value, [title, source, ...texts].filter((line) => typeof line === "string").join("\n"));
}

/**
 * https://platform.claude.com/docs/en/build-with-claude/compaction: the summary stands for all that was said before it, which
 * many clients no longer send.
 */
function parseSummary(value: JsonObject): OpaquePart {
  const { type, content } = value;
  return opaque(value, type === "compaction" && typeof content === "string" && content !== "" ? content : undefined);
}

function opaque(value: JsonObject, text?: string): OpaquePart {
  return { type: "opaque", dialect: "anthropic", value, ...given({ text }) };
}
