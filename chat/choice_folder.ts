/** Joins the events of one choice to its parts: the fold inside `replyFolder`. */

import { type ChatEvent, isContent, type ToolCallEvent } from "./event.ts";
import { breaksBareCalls, type Finish } from "./finish.ts";
import type { ReplyChoice, ReplyPart } from "./reply.ts";
import type { ReasoningPart, RefusalPart, TextPart, ToolCallPart } from "./request.ts";

/** The events that belong to one choice. */
export type ChoiceEvent = Exclude<ChatEvent, { type: "start" | "usage" | "error" }>;

export interface ChoiceFolder {
  push(event: ChoiceEvent): void;
  /** The choice so far; later pushes leave it as it is. */
  collected(): ReplyChoice;
}

/** Texts grow by `+=`: V8 keeps the pieces as a rope and copies them once, when the whole is first read. */
export function choiceFolder(): ChoiceFolder {
  const parts: ReplyPart[] = [];
  const rest: Omit<ReplyChoice, "parts"> = {};
  const calls = new Map<number, ToolCallPart>();
  const thoughts = thoughtFolder(parts);
  // Both stay open to the end, as what comes between two deltas must not split them.
  let text: TextPart | undefined;
  let refusal: RefusalPart | undefined;

  function push(event: ChoiceEvent): void {
    if (event.type !== "reasoning" && isContent(event)) thoughts.interrupt();
    switch (event.type) {
      case "text":
        if (event.text !== "") (text ??= begin(parts, { type: "text", text: "" })).text += event.text;
        break;
      case "refusal":
        if (event.text !== "") (refusal ??= begin(parts, { type: "refusal", text: "" })).text += event.text;
        break;
      case "reasoning":
        thoughts.push(event.text, event.signature ?? "");
        break;
      case "tool-call":
        calls.set(event.index, begin(parts, callPart(event)));
        break;
      case "tool-arguments": {
        const call = calls.get(event.index);
        if (call !== undefined) call.json += event.json;
        break;
      }
      case "redacted-reasoning":
      case "media":
      case "opaque": {
        const { choice: _, ...part } = event;
        begin(parts, part);
        break;
      }
      case "annotation":
        (rest.annotations ??= []).push(event.annotation);
        break;
      case "logprobs":
        joinLogprobs(rest.logprobs ??= {}, event);
        break;
      case "finish": {
        const { type: _, choice: __, ...finish } = event;
        rest.finish ??= finish;
        break;
      }
      default:
        event satisfies never;
    }
  }

  return {
    push,
    collected: () => ({ parts: parts.map((part) => collectPart(part, rest.finish)), ...collectRest(rest) }),
  };
}

/** Joins thoughts to blocks: an unsigned block stays open past other content, a signature ends its block. */
function thoughtFolder(parts: ReplyPart[]) {
  let open: ReasoningPart | undefined;
  const isSigned = () => open?.signature !== undefined;

  return {
    /** Other content came: a signature that follows it belongs to a block of its own, not to the signed one before. */
    interrupt(): void {
      if (isSigned()) open = undefined;
    },
    push(text: string, signature: string): void {
      if (text === "" && signature === "") return;
      if (text !== "" && isSigned()) open = undefined;
      open ??= begin(parts, { type: "reasoning", text: "" });
      open.text += text;
      if (signature !== "") open.signature = (open.signature ?? "") + signature;
    },
  };
}

function begin<P extends ReplyPart>(parts: ReplyPart[], part: P): P {
  parts.push(part);
  return part;
}

/** The part that a call becomes, without its arguments. */
export function callPart({ id, name, signature, custom }: ToolCallEvent): ToolCallPart {
  return {
    type: "tool-call",
    id,
    name,
    json: "",
    ...(signature !== undefined && { signature }),
    ...(custom && { custom }),
  };
}

type Logprobs = NonNullable<ReplyChoice["logprobs"]>;

function joinLogprobs(logprobs: Logprobs, { content, refusal }: Logprobs): void {
  if (content !== undefined) append(logprobs.content ??= [], content);
  if (refusal !== undefined) append(logprobs.refusal ??= [], refusal);
}

/** One by one: a whole answer may have more tokens than a call takes arguments. */
function append<T>(list: T[], items: readonly T[]): void {
  for (const item of items) list.push(item);
}

/** Copies of what grows; what is in them stays as it came. */
function collectRest({ finish, annotations, logprobs }: Omit<ReplyChoice, "parts">): Omit<ReplyChoice, "parts"> {
  return {
    ...(annotations && { annotations: [...annotations] }),
    ...(logprobs && {
      logprobs: {
        ...(logprobs.content && { content: [...logprobs.content] }),
        ...(logprobs.refusal && { refusal: [...logprobs.refusal] }),
      },
    }),
    ...(finish && { finish: { ...finish } }),
  };
}

/** A copy; a call without arguments gets the empty object that every dialect wants to see, unless it broke off. */
function collectPart(part: ReplyPart, finish: Finish | undefined): ReplyPart {
  if (part.type !== "tool-call" || part.custom || part.json.trim() !== "") return { ...part };
  return { ...part, json: finish !== undefined && breaksBareCalls(finish.reason) ? "" : "{}" };
}
