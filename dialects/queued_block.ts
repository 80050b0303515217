/** One block on its way to the client: what it is, what of it is still to be written, and whether it may close. */

import type { DialectName } from "../chat/event.ts";
import type { JsonObject } from "../chat/json.ts";
import { completeJson } from "./complete_json.ts";

/** What a block is, known when it opens. `redacted-reasoning`, `media` and `opaque` are whole then, and get no delta. */
export type Block =
  | { kind: "text" }
  | { kind: "refusal" }
  | { kind: "reasoning" }
  | { kind: "redacted-reasoning"; data: string }
  | { kind: "tool-call"; id: string; name: string; signature?: string; custom?: boolean }
  | { kind: "media"; mediaType: string; data: string }
  | { kind: "opaque"; dialect: DialectName; value: JsonObject; queries?: string[] };

export type BlockKind = Block["kind"];

/** How a block grows: the first two are never empty, `json` and `signature` neither. */
export type BlockDelta =
  | { kind: "text" | "refusal" | "reasoning"; text: string }
  | { kind: "signature"; signature: string }
  | { kind: "json"; json: string }
  | { kind: "annotation"; annotation: JsonObject };

export interface QueuedBlock {
  readonly block: Block;
  /** The signature so far: written when the block closes. */
  signature: string;
  /** Whether its arguments are whole; false for what is no call. */
  whole: boolean;
  /** Whether it has grown; a signature is no growth. */
  grown: boolean;
  grow(delta: BlockDelta): void;
  /** The deltas since the last `take`; those held for long come in one piece. */
  take(): BlockDelta[];
  /** Whether it may close for what waits behind it. */
  yieldsTo(isWaiting: IsWaiting): boolean;
}

/** Whether one of those behind a block is such. */
export type IsWaiting = (isMeant: (block: QueuedBlock) => boolean) => boolean;

export function queuedBlock(block: Block): QueuedBlock {
  const isWhole = completeJson();
  let deltas: BlockDelta[] = [];

  const self: QueuedBlock = {
    block,
    signature: "",
    whole: false,
    grown: false,
    grow(delta) {
      self.grown = true;
      if (delta.kind === "json") self.whole = isWhole(delta.json);
      const joined = join(deltas.at(-1), delta);
      if (joined === undefined) deltas.push(delta);
      else deltas[deltas.length - 1] = joined;
    },
    take() {
      const taken = deltas;
      deltas = [];
      return taken;
    },
    yieldsTo: (isWaiting) => YIELDS[block.kind](self, isWaiting),
  };
  return self;
}

/** An unsigned thought has no place of its own: it may stand behind a text that goes on. */
export function isLooseThought({ block, signature }: QueuedBlock): boolean {
  return block.kind === "reasoning" && signature === "";
}

/** A signature on its own: the place that it has is before whatever comes next, and at the end there is nothing. */
export function isBareSignature({ block, signature, grown }: QueuedBlock): boolean {
  return block.kind === "reasoning" && signature !== "" && !grown;
}

type Yields = (self: QueuedBlock, isWaiting: IsWaiting) => boolean;

const yieldsToAny: Yields = (_, isWaiting) => isWaiting(() => true);
const yieldsToPlaced: Yields = (_, isWaiting) =>
  isWaiting((other) => !isLooseThought(other) && !isBareSignature(other));
const yieldsAtOnce: Yields = () => true;

const YIELDS = {
  "text": yieldsToPlaced,
  "refusal": yieldsToPlaced,
  "reasoning": yieldsToAny,
  "tool-call": (self, isWaiting) => self.whole && isWaiting((other) => !isBareSignature(other)),
  "redacted-reasoning": yieldsAtOnce,
  "media": yieldsAtOnce,
  "opaque": yieldsAtOnce,
} as const satisfies Record<BlockKind, Yields>;

/** Two deltas as one, where they are of a kind. */
function join(before: BlockDelta | undefined, delta: BlockDelta): BlockDelta | undefined {
  if (before === undefined) return undefined;
  if (before.kind === "json" && delta.kind === "json") return { kind: "json", json: before.json + delta.json };
  if ("text" in before && "text" in delta && before.kind === delta.kind) {
    return { kind: before.kind, text: before.text + delta.text };
  }
  return undefined;
}
