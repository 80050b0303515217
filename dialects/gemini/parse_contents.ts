/** A client's contents as the messages of a history. */

import type {
  AssistantPart,
  Message,
  SystemMessage,
  TextPart,
  ToolMessage,
  UserMessage,
  UserPart,
} from "../../chat/request.ts";
import { type CallBook, callBook } from "./call_book.ts";
import { unwrapResponse } from "./function_response.ts";
import { opaquePart, parseInline, parseMedia } from "./media.ts";
import type { FunctionResponse, RequestContent, RequestPart } from "./schema.ts";

/**
 * The messages of the contents. Contents of the model that follow each other are one message, as the official client
 * keeps each chunk of a stream as a content of its own; parallel calls thus stay together (CASES T22).
 */
export function parseContents(contents: readonly RequestContent[]): Message[] {
  const book = callBook();
  const messages: Message[] = [];
  let turn: AssistantPart[] = [];
  const endTurn = () => {
    if (turn.length > 0) messages.push({ role: "assistant", parts: joinPieces(turn) });
    turn = [];
  };
  for (const { role, parts } of contents) {
    if (role === "model") {
      for (const part of (parts ?? []).flatMap((part) => parseModelPart(part, book))) turn.push(part);
    } else {
      endTurn();
      for (const message of parseUserContent(parts ?? [], book)) messages.push(message);
    }
  }
  endTurn();
  return messages;
}

/** The instructions that stand beside the contents. What is no text no dialect has in them: the user shows it first. */
export function parseInstruction(parts: readonly RequestPart[]): (SystemMessage | UserMessage)[] {
  const texts = parts.flatMap((part): TextPart[] => part.text ? [{ type: "text", text: part.text }] : []);
  const shown = parts.filter(({ text }) => typeof text !== "string").flatMap(parseUserPart);
  return [
    ...texts.length === 0 ? [] : [{ role: "system" as const, parts: texts }],
    ...shown.length === 0 ? [] : [{ role: "user" as const, parts: shown }],
  ];
}

/** The results come first, right behind their calls, and then what the user says (CASES T20). */
function parseUserContent(parts: readonly RequestPart[], book: CallBook): Message[] {
  const results = parts.flatMap(({ functionResponse }) =>
    functionResponse ? [parseResult(functionResponse, book)] : []
  );
  const said = parts.filter((part) => !part.functionResponse).flatMap(parseUserPart);
  const user: UserMessage[] = said.length === 0 && results.length > 0 ? [] : [{ role: "user", parts: said }];
  return [...results, ...user];
}

function parseUserPart(part: RequestPart): UserPart[] {
  const media = parseMedia(part);
  if (media !== undefined) return [media];
  if (typeof part.text === "string") return [{ type: "text", text: part.text }];
  return [opaquePart(part)];
}

function parseResult(result: FunctionResponse, book: CallBook): ToolMessage {
  const { callId, name } = book.answer({ id: result.id || undefined, name: result.name || undefined });
  const { text, isError } = unwrapResponse(result.response, result.name || undefined);
  const media = (result.parts ?? []).map((part) => part.inlineData ? parseInline(part.inlineData) : opaquePart(part));
  return { role: "tool", callId, name, parts: [{ type: "text", text }, ...media], ...(isError && { isError }) };
}

function parseModelPart(part: RequestPart, book: CallBook): AssistantPart[] {
  const signature = part.thoughtSignature ? { signature: part.thoughtSignature } : {};
  if (part.thought && typeof part.text === "string") return parseThought(part.text, part.thoughtSignature ?? "");
  if (part.functionCall) {
    const { id, name, args } = part.functionCall;
    const callId = book.call({ id: id || undefined, name });
    return [{ type: "tool-call", id: callId, name, json: JSON.stringify(args ?? {}), ...signature }];
  }
  if (typeof part.text === "string") {
    return part.text === "" && !part.thoughtSignature ? [] : [{ type: "text", text: part.text, ...signature }];
  }
  // Image models sign what they draw, and want it back as it was.
  const media = part.thought || part.thoughtSignature ? undefined : parseMedia(part);
  return [media?.type === "image" ? media : opaquePart(part)];
}

/**
 * A thought of the history. Google signs what follows a thought, never the thought: a signature here is another vendor's
 * that we passed on. Python's client reads base64 into bytes and writes it back in the other alphabet.
 */
function parseThought(text: string, signature: string): AssistantPart[] {
  if (signature === "") return text === "" ? [] : [{ type: "reasoning", text }];
  return [{ type: "reasoning", text, signature: signature.replaceAll("-", "+").replaceAll("_", "/") }];
}

/** The parts, the pieces of one text and of one thought joined. */
function joinPieces(parts: readonly AssistantPart[]): AssistantPart[] {
  const joined: AssistantPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const goesOn = (part.type === "text" || part.type === "reasoning") && last?.type === part.type && !last.signature;
    if (goesOn) joined[joined.length - 1] = { ...part, text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}
