/** Claude Code's note of who is to be billed, which stands before its instructions and is another one in each request. */

import type { Json } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/**
 * Anthropic knows what to make of it. Anywhere else it is the beginning of the prompt, so that no cache of prompts ever finds
 * one again: https://github.com/anthropics/claude-code/issues/68900 (2026-06-16). On a local server a turn took 50 s with it
 * and 4 s without: https://github.com/waybarrios/vllm-mlx/pull/277 (2026-04-10).
 */
const HEADER = "x-anthropic-billing-header:";
const ATTRIBUTION = /^x-anthropic-billing-header:[^\n]*\n*/;

/** The instruction without the note; empty where it is nothing else. */
export function withoutAttribution(text: string): string {
  return text.startsWith(HEADER) ? text.replace(ATTRIBUTION, "") : text;
}

/** The `system` of a client's own body as an upstream that serves another model than Claude gets it: `undefined` as it is. */
export function systemFor(model: string, system: Json | undefined): Json | undefined {
  const first = Array.isArray(system) ? system[0] : system;
  const text = isObject(first) ? first.text : first;
  if (typeof text !== "string" || !text.startsWith(HEADER) || /claude/i.test(model)) return undefined;
  const rest = withoutAttribution(text);
  if (!Array.isArray(system)) return rest;
  const others = system.slice(1);
  return rest === "" || !isObject(first) ? others : [{ ...first, text: rest }, ...others];
}
