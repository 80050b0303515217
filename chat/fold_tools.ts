/** More tools than an upstream takes: those behind the limit are called through one, and described as an instruction. */

import { instruct } from "./instructions.ts";
import type { Json, JsonObject } from "./json.ts";
import {
  alterRequest,
  type AssistantPart,
  type ChatRequest,
  type FunctionTool,
  type Message,
  type Tool,
  type ToolCallPart,
  type ToolChoice,
} from "./request.ts";

/** The tool that stands for those that are folded. */
export const FURTHER = "call_further_tool";

/**
 * The request with so many tools at most, the last of which calls the others: `{name, arguments}`. Calls of the past that are
 * folded are told so, too. `undefined` where there is nothing to fold, or too much that cannot be.
 */
export function foldTools(request: ChatRequest, limit: number): ChatRequest | undefined {
  const { tools = [], toolChoice, messages } = request;
  if (tools.length <= limit) return undefined;
  const kept = keptOf(tools, { limit: limit - 1, toolChoice });
  const folded = tools.filter((tool): tool is FunctionTool => tool.type === "function" && !kept.has(tool));
  if (folded.length + kept.size < tools.length) return undefined;
  const names = new Set(folded.map(({ name }) => name));
  return alterRequest(request, {
    messages: instruct(messages.map((message) => toldBy(names, message)), described(folded)),
    tools: [...tools.filter((tool) => kept.has(tool)), dispatcher(names)],
    ...(toolChoice && { toolChoice: allowing(names, toolChoice) }),
  });
}

/** Whether tools of the request are folded, so that its answer's calls are. */
export function isFolded({ tools = [] }: ChatRequest): boolean {
  return tools.some((tool) => tool.type === "function" && tool.name === FURTHER);
}

/** Those that no other can call, the one that is to be called, and the first of the others. */
function keptOf(
  tools: readonly Tool[],
  { limit, toolChoice }: { limit: number; toolChoice: ToolChoice | undefined },
): ReadonlySet<Tool> {
  const isBound = (tool: Tool) =>
    tool.type !== "function" || (toolChoice?.mode === "tool" && tool.name === toolChoice.name);
  const bound = tools.filter(isBound);
  const others = tools.filter((tool) => !isBound(tool)).slice(0, Math.max(0, limit - bound.length));
  return new Set([...bound.slice(0, limit), ...others]);
}

function dispatcher(names: ReadonlySet<string>): FunctionTool {
  return {
    type: "function",
    name: FURTHER,
    description: "Calls one of the further tools that the instructions describe, with the arguments of that tool.",
    parameters: {
      type: "object",
      properties: {
        name: { type: "string", enum: [...names], description: "The tool to call" },
        arguments: { type: "object", description: "Its arguments, as its schema has them", additionalProperties: true },
      },
      required: ["name", "arguments"],
    },
  };
}

function described(folded: readonly FunctionTool[]): string {
  const sections = folded.map(({ name, description = "", parameters = { type: "object" } }) =>
    `## ${name}\n\n${description}\n\nSchema of its arguments: ${JSON.stringify(parameters)}`
  );
  return [`# Further tools\n\nCall these by \`${FURTHER}\`, each as a tool of its own.`, ...sections].join("\n\n");
}

function allowing(folded: ReadonlySet<string>, choice: ToolChoice): ToolChoice {
  if (choice.mode !== "allowed" || !choice.names.some((name) => folded.has(name))) return choice;
  return { ...choice, names: [...choice.names.filter((name) => !folded.has(name)), FURTHER] };
}

function toldBy(folded: ReadonlySet<string>, message: Message): Message {
  if (message.role === "tool") {
    return message.name !== undefined && folded.has(message.name) ? { ...message, name: FURTHER } : message;
  }
  if (message.role !== "assistant" || !message.parts.some((part) => callsOne(folded, part))) return message;
  const parts = message.parts.map((part) =>
    callsOne(folded, part) ? { ...part, name: FURTHER, json: JSON.stringify(wrapped(part.name, part.json)) } : part
  );
  return { ...message, parts };
}

function callsOne(folded: ReadonlySet<string>, part: AssistantPart): part is ToolCallPart {
  return part.type === "tool-call" && folded.has(part.name);
}

function wrapped(name: string, json: string): JsonObject {
  return { name, arguments: parsed(json) };
}

function parsed(json: string): Json {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** What a call of it means, once its arguments are whole; `undefined` for one that names no tool. */
export function unfold(json: string): { name: string; json: string } | undefined {
  const value = parsed(json);
  if (typeof value !== "object" || value === null || Array.isArray(value) || typeof value.name !== "string") {
    return undefined;
  }
  const { name, arguments: given = {} } = value;
  // Some models write the inner arguments as text.
  return { name, json: typeof given === "string" ? given : JSON.stringify(given) };
}
