/** What an upstream's events say, and its whole answers, which are the same blocks at once. */

import type { ChatEvent } from "../../chat/event.ts";
import { breaksBareCalls } from "../../chat/finish.ts";
import type { JsonObject } from "../../chat/json.ts";
import { parseFinish } from "./finish.ts";
import { type AnswerState, type OpenBlock, openBlock } from "./open_block.ts";
import type { Answer, StreamDelta, StreamEvent } from "./schema.ts";
import { parseUsage } from "./usage.ts";

export interface AnswerReader {
  begin(message: Answer): ChatEvent[];
  startBlock(block: JsonObject, index: number): { events: ChatEvent[]; isRepaired: boolean };
  growBlock(delta: StreamDelta, index: number): ChatEvent[];
  stopBlock(index: number): ChatEvent[];
  isOpen(index: number): boolean;
  /** Why the answer ends, and its counts: either may come without the other. */
  finish(part: Pick<StreamEvent, "usage"> & { delta?: Partial<StreamDelta> | null | undefined }): ChatEvent[];
  /** A `finish` that was never sent, where something was said (CASES F10). */
  close(): ChatEvent[];
  isFinished(): boolean;
}

export function answerReader(): AnswerReader {
  const state: AnswerState = { id: "", calls: new Set(), bare: [], length: 0, thought: "" };
  const blocks = new Map<number, OpenBlock>();
  const count = usageReader();
  let finished = false;
  let spoke = false;

  function stopBlock(index: number): ChatEvent[] {
    const events = blocks.get(index)?.stop() ?? [];
    blocks.delete(index);
    return events;
  }

  /** The arguments of calls that have none, as the answer went on behind them: in one that breaks off, of all but the last. */
  function takeBare({ allButLast = false } = {}): ChatEvent[] {
    const last = state.calls.size - 1;
    return state.bare.splice(0).filter(({ index }) => !allButLast || index < last);
  }

  function stopAll(): ChatEvent[] {
    return [...blocks.keys()].flatMap(stopBlock);
  }

  return {
    begin({ id, model, usage }) {
      state.id = id ?? "";
      return [{ type: "start", id: state.id, model: model ?? "" }, ...count(usage)];
    },
    startBlock(block, index) {
      // What comes behind the end is dropped (CASES O15).
      if (finished) return { events: [], isRepaired: true };
      spoke = true;
      const stopped = stopBlock(index);
      const opened = openBlock(block, state);
      blocks.set(index, opened);
      return { events: [...stopped, ...takeBare(), ...opened.events], isRepaired: opened.isRepaired ?? false };
    },
    growBlock: (delta, index) => blocks.get(index)?.delta(delta) ?? [],
    stopBlock,
    isOpen: (index) => blocks.has(index),
    finish({ delta, usage }) {
      const word = delta?.stop_reason;
      if (!word || finished) return count(usage);
      finished = true;
      const finish = parseFinish(word, delta?.stop_sequence);
      const stopped = stopAll();
      const bare = takeBare({ allButLast: breaksBareCalls(finish.reason) });
      return [...stopped, ...bare, { type: "finish", ...finish }, ...count(usage)];
    },
    close() {
      if (finished || !spoke) return [];
      finished = true;
      return [...stopAll(), ...takeBare(), { type: "finish", reason: state.calls.size > 0 ? "tool-calls" : "stop" }];
    },
    isFinished: () => finished,
  };
}

/** Counts as they come: later ones replace those before one by one, as they are totals (CASES U11). */
function usageReader(): (usage: JsonObject | null | undefined) => ChatEvent[] {
  let counts: JsonObject = {};
  return function count(usage) {
    if (!usage) return [];
    counts = { ...counts, ...Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null)) };
    const parsed = parseUsage(counts);
    return parsed === undefined ? [] : [{ type: "usage", usage: parsed }];
  };
}
