/** Ids and names of tools in the alphabet and length that every vendor takes, and the names back again (CASES T14, T15, T23). */

import type { Tool } from "../chat/request.ts";
import { callId } from "./call_id.ts";

/** What OpenAI, Anthropic and Gemini all take: `^[a-zA-Z0-9_-]{1,64}$`. Some compatible vendors take 40 for ids. */
const LIMIT = 64;
const ILLEGAL = /[^a-zA-Z0-9_-]/g;
/** The digits that tell two texts apart that look alike once they are rewritten. */
const DIGITS = 8;

/** The id, or one made from it that is legal: always the same for the same id, so that call and result still match. */
export function fitCallId(id: string, limit: number = LIMIT): string {
  return id === "" ? callId("") : fit(id, limit);
}

/** The tool's name, or one made from it that is legal. `restoreToolName` is its inverse. */
export function fitToolName(name: string): string {
  return fit(name, LIMIT);
}

/** The client's own name for what an upstream called: that of the tool whose name had to be rewritten to it. */
export function restoreToolName(name: string, tools: readonly Tool[] = []): string {
  const names = tools.flatMap((tool) => tool.type === "server" ? [] : [tool.name]);
  return names.find((known) => fitToolName(known) === name) ?? name;
}

function fit(text: string, limit: number): string {
  const legal = text.replace(ILLEGAL, "_");
  if (legal === text && text.length <= limit) return text;
  return `${legal.slice(0, limit - DIGITS - 1)}_${callId(text).slice(-DIGITS)}`;
}

export interface CallIds {
  /** The id under which the next call of the history is sent. */
  call(id: string): string;
  /** The id of the call that a result with the client's `id` belongs to. */
  result(id: string): string;
}

/**
 * The ids of one history, from its first message to its last. A client that gives two calls the same id (`call_<name>`)
 * is refused by vendors that want them unique: the later calls get a number, and so do their results.
 */
export function callIds(limit: number = LIMIT): CallIds {
  const used = new Set<string>();
  /** For each of the client's ids, the calls that still wait for their result, and the last one that got it. */
  const waiting = new Map<string, string[]>();
  const last = new Map<string, string>();
  /** The number that the next call of an id is tried with. */
  const counts = new Map<string, number>();

  function unique(id: string): string {
    let name = id;
    let count = counts.get(id) ?? 2;
    for (; used.has(name); count++) name = fitCallId(`${id}_${count}`, limit);
    counts.set(id, count);
    return name;
  }

  return {
    call(id) {
      const sent = unique(fitCallId(id, limit));
      used.add(sent);
      last.set(id, sent);
      const others = waiting.get(id);
      if (others === undefined) waiting.set(id, [sent]);
      else others.push(sent);
      return sent;
    },
    result(id) {
      return waiting.get(id)?.shift() ?? last.get(id) ?? fitCallId(id, limit);
    },
  };
}
