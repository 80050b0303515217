/** The blocks of one choice that are not closed yet, in line: which one an event begins, and which one it goes on with. */

import type { ChatEvent, ToolCallEvent } from "../chat/event.ts";
import { type Block, isBareSignature, isLooseThought, type QueuedBlock, queuedBlock } from "./queued_block.ts";

export interface BlockQueue {
  /** Puts the event where it belongs. One that is no content does nothing. */
  push(event: ChatEvent): void;
  first(): QueuedBlock | undefined;
  /** Whether the first may close, as others wait behind it. */
  givesWay(): boolean;
  shift(): void;
  /** Leaves out the last ones that have no place behind others: bare signatures, and, if asked to, a loose thought. */
  dropLate(options: { thought: boolean }): void;
}

export function blockQueue(): BlockQueue {
  const queue: QueuedBlock[] = [];
  const calls = new Map<number, QueuedBlock>();

  function push(event: ChatEvent): void {
    switch (event.type) {
      case "text":
      case "refusal":
        if (event.text !== "") textIn(queue, event.type).grow({ kind: event.type, text: event.text });
        break;
      case "reasoning":
        think(queue, { text: event.text, signature: event.signature ?? "" });
        break;
      case "tool-call":
        calls.set(event.index, enqueue(queue, callBlock(event)));
        break;
      case "tool-arguments":
        if (event.json !== "") calls.get(event.index)?.grow({ kind: "json", json: event.json });
        break;
      case "annotation":
        lastOf(queue, "text")?.grow({ kind: "annotation", annotation: event.annotation });
        break;
      case "redacted-reasoning":
      case "media":
      case "opaque":
        enqueue(queue, wholeBlock(event));
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
    first: () => queue[0],
    givesWay: () => queue[0]?.yieldsTo(queue.slice(1)) ?? false,
    shift: () => void queue.shift(),
    dropLate({ thought }) {
      const isLate = (last: QueuedBlock) => isBareSignature(last) || (thought && isLooseThought(last));
      while (queue.length > 1 && queue.slice(-1).some(isLate)) queue.pop();
    },
  };
}

function enqueue(queue: QueuedBlock[], block: Block): QueuedBlock {
  const added = queuedBlock(block);
  queue.push(added);
  return added;
}

function lastOf(queue: readonly QueuedBlock[], kind: Block["kind"]): QueuedBlock | undefined {
  return queue.findLast(({ block }) => block.kind === kind);
}

/** The text that is still to be closed, unless something with a place of its own has come behind it. */
function textIn(queue: QueuedBlock[], kind: "text" | "refusal"): QueuedBlock {
  const last = lastOf(queue, kind);
  const behind = last === undefined ? [] : queue.slice(queue.indexOf(last) + 1);
  const goesOn = behind.every((other) => isLooseThought(other) || other.block.kind === "tool-call");
  return last !== undefined && goesOn ? last : enqueue(queue, { kind });
}

/** A thought goes on until it is signed; further pieces of the signature are its own as long as nothing follows it. */
function think(queue: QueuedBlock[], { text, signature }: { text: string; signature: string }): void {
  if (text === "" && signature === "") return;
  const last = lastOf(queue, "reasoning");
  const goesOn = last?.signature === "" || (text === "" && last === queue.at(-1));
  const block = last !== undefined && goesOn ? last : enqueue(queue, { kind: "reasoning" });
  if (text !== "") block.grow({ kind: "reasoning", text });
  block.signature += signature;
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
      return { kind: event.type, dialect: event.dialect, value: event.value };
    default:
      return event satisfies never;
  }
}
