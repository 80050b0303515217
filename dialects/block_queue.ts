/** The blocks of one choice that are not closed yet, in line: which one an event begins, and which one it goes on with. */

import type { ChatEvent, ToolCallEvent } from "../chat/event.ts";
import type { JsonObject } from "../chat/json.ts";
import { type BlockLine, blockLine } from "./block_line.ts";
import { type Block, isBareSignature, isLooseThought, type QueuedBlock } from "./queued_block.ts";

export interface BlockQueue {
  /** Puts the event where it belongs. One that is no content does nothing. */
  push(event: ChatEvent): void;
  first(): QueuedBlock | undefined;
  /** Whether the first may close, as others wait behind it. */
  givesWay(): boolean;
  shift(): void;
  /** Annotations of a text that is closed already. */
  takeLate(): JsonObject[] | undefined;
  /** Leaves out the last ones that have no place behind others: bare signatures, and, if asked to, a loose thought. */
  dropLate(options: { thought: boolean }): void;
}

export function blockQueue(): BlockQueue {
  const line = blockLine();
  const calls = new Map<number, QueuedBlock>();
  const texts = annotatedTexts(line);

  function push(event: ChatEvent): void {
    switch (event.type) {
      case "text":
      case "refusal":
        if (event.text !== "") texts.say(event.type, event.text);
        break;
      case "reasoning":
        think(line, { text: event.text, signature: event.signature ?? "" });
        break;
      case "tool-call":
        calls.set(event.index, line.add(callBlock(event)));
        break;
      case "tool-arguments":
        if (event.json !== "") calls.get(event.index)?.grow({ kind: "json", json: event.json });
        break;
      case "annotation":
        texts.annotate(event.annotation);
        break;
      case "redacted-reasoning":
      case "media":
      case "opaque":
        line.fix(line.add(wholeBlock(event)));
        break;
      case "start":
      case "usage":
      case "logprobs":
      case "finish":
      case "error":
        break;
      default:
        event satisfies never;
    }
  }

  return {
    push,
    first: line.first,
    givesWay: () => line.first()?.yieldsTo(line.isWaiting) ?? false,
    shift: line.shift,
    takeLate: texts.takeLate,
    dropLate: ({ thought }) => line.dropLast((last) => isBareSignature(last) || (thought && isLooseThought(last))),
  };
}

/** The texts and what is noted of them, which may come before the first one and behind the last. */
function annotatedTexts(line: BlockLine) {
  let early: JsonObject[] | undefined;
  let late: JsonObject[] | undefined;
  let hasSpoken = false;
  return {
    /** The first text takes what was noted of it before. */
    say(kind: "text" | "refusal", text: string): void {
      const block = textIn(line, kind);
      block.grow({ kind, text });
      if (kind !== "text") return;
      hasSpoken = true;
      for (const annotation of early ?? []) block.grow({ kind: "annotation", annotation });
      early = undefined;
    },
    annotate(annotation: JsonObject): void {
      const text = line.last("text");
      if (text !== undefined) text.grow({ kind: "annotation", annotation });
      else if (hasSpoken) (late ??= []).push(annotation);
      else (early ??= []).push(annotation);
    },
    takeLate(): JsonObject[] | undefined {
      const taken = late;
      late = undefined;
      return taken;
    },
  };
}

/** The text that is still to be closed, unless something with a place of its own has come behind it. */
function textIn(line: BlockLine, kind: "text" | "refusal"): QueuedBlock {
  const last = line.last(kind);
  if (last !== undefined && !line.isBehindFixed(last)) return last;
  const begun = line.add({ kind });
  line.fix(begun);
  return begun;
}

/** A thought goes on until it is signed; further pieces of the signature are its own as long as nothing follows it. */
function think(line: BlockLine, { text, signature }: { text: string; signature: string }): void {
  if (text === "" && signature === "") return;
  const last = line.last("reasoning");
  const goesOn = last !== undefined && (last.signature === "" || (text === "" && line.isAtEnd(last)));
  const block = goesOn ? last : line.add({ kind: "reasoning" });
  if (text !== "") block.grow({ kind: "reasoning", text });
  block.signature += signature;
  if (!isLooseThought(block)) line.fix(block);
}

function callBlock({ id, name, signature, custom }: ToolCallEvent): Block {
  return { kind: "tool-call", id, name, ...(signature !== undefined && { signature }), ...(custom && { custom }) };
}

function wholeBlock(event: Extract<ChatEvent, { type: "redacted-reasoning" | "media" | "opaque" }>): Block {
  switch (event.type) {
    case "redacted-reasoning":
      return { kind: event.type, data: event.data };
    case "media":
      return { kind: event.type, mediaType: event.mediaType, data: event.data };
    case "opaque":
      return {
        kind: event.type,
        dialect: event.dialect,
        value: event.value,
        ...(event.queries && { queries: event.queries }),
      };
    default:
      return event satisfies never;
  }
}
