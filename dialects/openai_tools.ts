/** The choice among tools, as OpenAI's APIs tell it: they differ in where the members stand. */

import type { Json, JsonObject } from "../chat/json.ts";
import type { ChatRequest, Tool, ToolChoice } from "../chat/request.ts";
import { isCustomTool } from "./custom_tools.ts";
import { fitChoice } from "./fit_choice.ts";
import type { LossList } from "./losses.ts";

/** How one of the APIs names tools. */
export interface ChoiceWords {
  one(type: "function" | "custom", name: string): JsonObject;
  /** Only these may be called. */
  some(allowed: { mode: "auto" | "required"; tools: JsonObject[] }): JsonObject;
  /** The tool of the vendor's of that name, where it can be asked for. */
  server?(name: string): JsonObject | undefined;
}

/**
 * The members of a body that are about tools; `tools` are the request's as the API has them. A choice without tools, or
 * the leave to call several, is refused upstream, and says nothing (CASES T16).
 */
export function formatToolFields(
  request: ChatRequest,
  tools: JsonObject[],
  { words, lost }: { words: ChoiceWords; lost: LossList },
): JsonObject {
  if (tools.length === 0) return {};
  const { toolChoice: asked, parallelToolCalls } = request;
  const server = asked?.mode === "tool" ? words.server?.(asked.name) : undefined;
  const choice = server === undefined ? fitChoice(asked, { tools: request.tools, lost }) : undefined;
  return {
    tools,
    tool_choice: server ?? (choice && formatChoice(choice, request.tools ?? [], words)),
    parallel_tool_calls: parallelToolCalls,
  };
}

function formatChoice(choice: ToolChoice, tools: readonly Tool[], words: ChoiceWords): Json {
  const one = (name: string) => words.one(isCustomTool(name, tools) ? "custom" : "function", name);
  switch (choice.mode) {
    case "auto":
    case "none":
    case "required":
      return choice.mode;
    case "tool":
      return one(choice.name);
    case "allowed":
      return words.some({ mode: choice.required ? "required" : "auto", tools: choice.names.map(one) });
    default:
      return choice satisfies never;
  }
}
