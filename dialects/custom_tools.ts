/** Tools that take free text in place of arguments: OpenAI's alone, and functions of one text to all others. */

import type { JsonObject } from "../chat/json.ts";
import type { AssistantPart, ChatRequest, CustomTool, FunctionTool, Tool, ToolCallPart } from "../chat/request.ts";
import { given } from "./given.ts";
import { isObject, parseJson } from "./json.ts";
import type { LossList } from "./losses.ts";

/** Whether calls of this name take free text. */
export function isCustomTool(name: string, tools: readonly Tool[] = []): boolean {
  return tools.some((tool) => tool.type === "custom" && tool.name === name);
}

/** The one argument that stands for the free text. */
export const CUSTOM_INPUT = "input";

/** The parameters of the function that stands for such a tool. */
export const CUSTOM_PARAMETERS: JsonObject = {
  type: "object",
  properties: { [CUSTOM_INPUT]: { type: "string", description: "The tool's whole input, as plain text" } },
  required: [CUSTOM_INPUT],
};

/** What the tool is for, and the grammar of its text, which a function has no place for: Codex describes patches by one. */
export function describeCustom(
  { description, format }: Pick<CustomTool, "description" | "format">,
): string | undefined {
  const { definition, syntax = "" } = format ?? {};
  if (typeof definition !== "string") return description;
  const grammar = `The input is free text that follows this ${syntax} grammar:\n\n${definition}`;
  return description === undefined ? grammar : `${description}\n\n${grammar}`;
}

/** The request with functions in the place of such tools, and of their calls, for an upstream that knows no others. */
export function withFunctions(request: ChatRequest, lost: LossList): ChatRequest {
  const { tools = [], messages } = request;
  tools.forEach(({ type }, at) => {
    if (type === "custom") lost.add(`tools[${at}]`, "free text is asked for as a JSON object with one string");
  });
  const isCustomCall = (part: AssistantPart): part is ToolCallPart => part.type === "tool-call" && part.custom === true;
  const hasCalls = messages.some(({ role, parts }) => role === "assistant" && parts.some(isCustomCall));
  if (!hasCalls && !tools.some(({ type }) => type === "custom")) return request;
  const told = (part: AssistantPart): AssistantPart => {
    if (!isCustomCall(part)) return part;
    const { custom: _, ...call } = part;
    return { ...call, json: JSON.stringify(wrapInput(part.json)) };
  };
  return {
    ...request,
    tools: tools.map((tool) => tool.type === "custom" ? asFunction(tool) : tool),
    messages: messages.map((message) =>
      message.role === "assistant" ? { ...message, parts: message.parts.map(told) } : message
    ),
  };
}

function asFunction({ format, description, ...tool }: CustomTool): FunctionTool {
  return {
    ...tool,
    type: "function",
    parameters: CUSTOM_PARAMETERS,
    ...given({ description: describeCustom(given({ description, format })) }),
  };
}

export function wrapInput(text: string): JsonObject {
  return { [CUSTOM_INPUT]: text };
}

/** The free text in the arguments of a call; `undefined` where the model wrote something else. */
export function unwrapInput(json: string): string | undefined {
  const value = parseJson(json);
  const input = isObject(value) ? value[CUSTOM_INPUT] : undefined;
  return typeof input === "string" ? input : undefined;
}
