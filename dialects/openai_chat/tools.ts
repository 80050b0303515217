/** Tools and the choice among them, both ways; the older `functions` and `function_call` are read as the same. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { FunctionTool, ServerTool, Tool, ToolChoice } from "../../chat/request.ts";
import type { LossList } from "../losses.ts";
import { markOf } from "./content_parts.ts";
import type { RequestBody, RequestTool } from "./schema.ts";

export function parseTools({ tools, functions }: RequestBody): Tool[] | undefined {
  if (tools) return tools.map(parseTool);
  return functions ? functions.map((value) => parseFunction(value)) : undefined;
}

function parseTool(tool: RequestTool): Tool {
  switch (tool.type) {
    case "function":
      return { ...parseFunction(tool.function), ...(tool.cache_control && { cache: tool.cache_control }) };
    case "custom": {
      const { name, description, format } = tool.custom;
      return { type: "custom", name, ...(description && { description }), ...(format && { format }) };
    }
    case "server":
      return { type: "server", dialect: "openai_chat", kind: kindOf(String(tool.value.type)), value: tool.value };
    default:
      return tool satisfies never;
  }
}

type FunctionBody = NonNullable<RequestBody["functions"]>[number];

function parseFunction({ name, description, parameters, strict }: FunctionBody): FunctionTool {
  return {
    type: "function",
    name,
    ...(description && { description }),
    ...(parameters && { parameters }),
    ...(typeof strict === "boolean" && { strict }),
  };
}

function kindOf(type: string): ServerTool["kind"] {
  if (type.startsWith("web_search")) return "web-search";
  if (type.startsWith("code_interpreter") || type.startsWith("code_execution")) return "code-execution";
  return type.startsWith("url_context") ? "url-context" : "other";
}

export function parseToolChoice({ tool_choice: choice, function_call: legacy }: RequestBody): ToolChoice | undefined {
  if (typeof choice === "string") return { mode: choice };
  if (!choice) return parseLegacyChoice(legacy);
  switch (choice.type) {
    case "function":
      return { mode: "tool", name: choice.function.name };
    case "custom":
      return { mode: "tool", name: choice.custom.name };
    case "allowed_tools": {
      const { mode, tools } = choice.allowed_tools;
      const names = tools.flatMap((tool) => tool.function?.name ?? tool.custom?.name ?? []);
      return { mode: "allowed", names, required: mode === "required" };
    }
    default:
      return choice satisfies never;
  }
}

function parseLegacyChoice(choice: RequestBody["function_call"]): ToolChoice | undefined {
  if (!choice) return undefined;
  return typeof choice === "string" ? { mode: choice } : { mode: "tool", name: choice.name };
}

/** The tools an upstream of this dialect can be given. */
export function formatTools(tools: readonly Tool[], options: { lost: LossList; isOwn: boolean }): JsonObject[] {
  return tools.flatMap((tool, at) => {
    if (tool.type !== "server") return [formatTool(tool, options)];
    if (tool.dialect === "openai_chat") return [tool.value];
    options.lost.add(`tools[${at}]`, `only ${tool.dialect} runs this tool at the vendor`);
    return [];
  });
}

function formatTool(tool: Exclude<Tool, ServerTool>, options: { isOwn: boolean }): JsonObject {
  const { name, description } = tool;
  const head = { name, ...(description !== undefined && { description }) };
  if (tool.type === "custom") {
    return { type: "custom", custom: { ...head, ...(tool.format !== undefined && { format: tool.format }) } };
  }
  const { parameters, strict } = tool;
  const rest = { ...(parameters !== undefined && { parameters }), ...(strict !== undefined && { strict }) };
  return { type: "function", function: { ...head, ...rest }, ...markOf(tool, options) };
}

export function formatToolChoice(choice: ToolChoice, tools: readonly Tool[]): Json {
  switch (choice.mode) {
    case "auto":
    case "none":
    case "required":
      return choice.mode;
    case "tool":
      return nameTool(choice.name, tools);
    case "allowed": {
      const mode = choice.required ? "required" : "auto";
      return {
        type: "allowed_tools",
        allowed_tools: { mode, tools: choice.names.map((name) => nameTool(name, tools)) },
      };
    }
    default:
      return choice satisfies never;
  }
}

function nameTool(name: string, tools: readonly Tool[]): JsonObject {
  return isCustomTool(name, tools) ? { type: "custom", custom: { name } } : { type: "function", function: { name } };
}

/** Whether calls of this name take free text: neither a delta nor a choice of ours says so itself. */
export function isCustomTool(name: string, tools: readonly Tool[] = []): boolean {
  return tools.some((tool) => tool.type === "custom" && tool.name === name);
}
