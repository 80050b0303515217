/** Tools that take free text in place of arguments: OpenAI's alone, and functions of one text to all others. */

import type { JsonObject } from "../chat/json.ts";
import type { Tool } from "../chat/request.ts";
import { isObject, parseJson } from "./json.ts";

/** Whether calls of this name take free text. */
export function isCustomTool(name: string, tools: readonly Tool[] = []): boolean {
  return tools.some((tool) => tool.type === "custom" && tool.name === name);
}

/** The one argument that stands for the free text. */
export const CUSTOM_INPUT = "input";

export function wrapInput(text: string): JsonObject {
  return { [CUSTOM_INPUT]: text };
}

/** The free text in the arguments of a call; `undefined` where the model wrote something else. */
export function unwrapInput(json: string): string | undefined {
  const value = parseJson(json);
  const input = isObject(value) ? value[CUSTOM_INPUT] : undefined;
  return typeof input === "string" ? input : undefined;
}
