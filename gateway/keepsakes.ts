/** What a client's dialect has no field for, kept until its conversation comes back: thoughts and signatures of tool calls. */

import type { Reply, ReplyChoice } from "../chat/reply.ts";
import {
  alterRequest,
  type AssistantMessage,
  type AssistantPart,
  type ChatRequest,
  type ReasoningPart,
  type RedactedReasoningPart,
  type ToolCallPart,
} from "../chat/request.ts";
import { fitCallId } from "../dialects/tool_ids.ts";
import { createRecentlyUsed } from "./recently_used.ts";

/** Characters kept in all, and for how long since they were last used: a conversation's length. */
const LIMIT = 32 * 1024 * 1024;
const TIME_TO_LIVE = 2 * 3_600_000;

type Thought = ReasoningPart | RedactedReasoningPart;

interface Keepsake {
  /** All thoughts of the answer that made the call. */
  thoughts: Thought[];
  /** The call's own signature. */
  signature?: string;
}

export interface Keepsakes {
  /** Keeps what the answer's tool calls need back, under the client key's name: no other client is ever given it. */
  keep(owner: string | undefined, reply: Reply): void;
  /**
   * The request with what its client dropped from the history put back; the same object where nothing was. Gemini refuses
   * a call without its signature, Anthropic one without its signed thought, DeepSeek one without its reasoning (CASES K8, K11).
   */
  restore(owner: string | undefined, request: ChatRequest): ChatRequest;
}

export function createKeepsakes({ now }: { now: () => number }): Keepsakes {
  const kept = createRecentlyUsed<Keepsake>({ limit: LIMIT, sizeOf, timeToLive: TIME_TO_LIVE, now });
  // Formatters rewrite ids that a client's dialect would refuse, always to the same: that is what comes back.
  const keyOf = (owner: string | undefined, id: string) => `${owner ?? ""}\n${fitCallId(id)}`;

  function restoreMessage(owner: string | undefined, message: AssistantMessage): AssistantMessage {
    const calls = message.parts.filter(isCall);
    const found = calls.map((call) => kept.get(keyOf(owner, call.id)));
    const keepsake = found.find((keepsake) => keepsake);
    const thoughts = missingOf(keepsake?.thoughts ?? [], message.parts.filter(isThought));
    const signed = calls.map((call, at) => signedCall(call, found[at]?.signature));
    if (thoughts.length === 0 && signed.every((call, at) => call === calls[at])) return message;
    const others = thoughts.length === 0 ? message.parts : message.parts.filter((part) => !isThought(part));
    const parts = others.map((part): AssistantPart => isCall(part) ? signed[calls.indexOf(part)] ?? part : part);
    return { ...message, parts: [...thoughts, ...parts] };
  }

  return {
    keep(owner, reply) {
      for (const { id, keepsake } of reply.choices.flatMap(keepsakesOf)) kept.set(keyOf(owner, id), keepsake);
    },
    restore(owner, request) {
      const messages = request.messages.map((message) =>
        message.role === "assistant" ? restoreMessage(owner, message) : message
      );
      const isSame = messages.every((message, at) => message === request.messages[at]);
      return isSame ? request : alterRequest(request, { messages });
    },
  };
}

/**
 * The kept thoughts, unless the client sent thoughts of its own. Those it was told, without what it was not told of them, are
 * not its own: Qwen Code sends `reasoning_content` back, and Anthropic takes no thought without its signature.
 */
function missingOf(kept: Thought[], sent: readonly Thought[]): Thought[] {
  const isTold = textOf(sent) === textOf(kept) && !sent.some(isSigned) && kept.some(isSigned);
  return sent.length === 0 || isTold ? kept : [];
}

function textOf(thoughts: readonly Thought[]): string {
  return thoughts.map((thought) => thought.type === "reasoning" ? thought.text : "").join("");
}

function isSigned(thought: Thought): boolean {
  return thought.type === "redacted-reasoning" || thought.signature !== undefined;
}

function keepsakesOf({ parts }: ReplyChoice): { id: string; keepsake: Keepsake }[] {
  const thoughts = parts.filter(isThought);
  return parts.filter(isCall)
    .filter(({ signature }) => thoughts.length > 0 || signature !== undefined)
    .map(({ id, signature }) => ({ id, keepsake: { thoughts, ...(signature !== undefined && { signature }) } }));
}

function signedCall(call: ToolCallPart, signature: string | undefined): ToolCallPart {
  return signature === undefined || call.signature !== undefined ? call : { ...call, signature };
}

function sizeOf({ thoughts, signature = "" }: Keepsake): number {
  const sizes = thoughts.map((part) =>
    part.type === "reasoning" ? part.text.length + (part.signature ?? "").length : part.data.length
  );
  return sizes.reduce((sum, size) => sum + size, signature.length + 1);
}

function isThought(part: { type: string }): part is Thought {
  return part.type === "reasoning" || part.type === "redacted-reasoning";
}

function isCall(part: { type: string }): part is ToolCallPart {
  return part.type === "tool-call";
}
