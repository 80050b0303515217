/** Tools and the choice among them, both ways; the older `functions` and `function_call` are read as the same. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest, FunctionTool, ServerTool, Tool, ToolChoice } from "../../chat/request.ts";
import type { Quirks } from "../dialect.ts";
import { isObject } from "../json.ts";
import type { LossList } from "../losses.ts";
import { strictOf } from "../strict_tool.ts";
import { type ChoiceWords, formatToolFields as formatFields } from "../openai_tools.ts";
import { formatOwnMembers } from "../own_members.ts";
import { markOf } from "./content_parts.ts";
import type { RequestBody, RequestTool } from "./schema.ts";
import { parseSearch, searchTools } from "./web_search.ts";

export function parseTools({ tools, functions, web_search_options: search }: RequestBody): Tool[] | undefined {
  const parsed = tools ? tools.map(parseTool) : functions?.map((value) => parseFunction(value));
  return isObject(search) ? [...parsed ?? [], parseSearch(search)] : parsed;
}

function parseTool(tool: RequestTool): Tool {
  switch (tool.type) {
    case "function":
      return { ...parseFunction(tool.function), ...(tool.cache_control && { cache: tool.cache_control }) };
    case "custom": {
      const { name, description, format } = tool.custom;
      return {
        type: "custom",
        name,
        ...(description && { description }),
        ...(format && { format: parseGrammar(format) }),
      };
    }
    case "server":
      return { type: "server", dialect: "openai_chat", kind: kindOf(String(tool.value.type)), value: tool.value };
    default:
      return tool satisfies never;
  }
}

/** The neutral form is that of the Responses API, where the members of a grammar stand beside its type. */
function parseGrammar({ grammar, ...format }: JsonObject): JsonObject {
  return isObject(grammar) ? { ...format, ...grammar } : format;
}

function formatGrammar({ type, ...members }: JsonObject): JsonObject {
  return type === "grammar" ? { type, grammar: members } : { type, ...members };
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
  if (type.startsWith("web_search") || type === "openrouter:web_search") return "web-search";
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

export interface ToolOptions {
  lost: LossList;
  /** The client spoke this dialect itself. */
  isOwn: boolean;
  /** The upstream takes marks for the prompt cache. */
  marks: boolean;
  quirks: Quirks;
}

export function formatToolFields(request: ChatRequest, options: ToolOptions): JsonObject {
  const words: ChoiceWords = {
    one: (type, name) => ({ type, [type]: { name } }),
    some: (allowed) => ({ type: "allowed_tools", allowed_tools: allowed }),
  };
  return formatFields(request, formatTools(request, options), { words, lost: options.lost });
}

/** The tools an upstream of this dialect can be given. */
function formatTools({ tools = [], source: { body, parsed } }: ChatRequest, options: ToolOptions): JsonObject[] {
  const came = options.isOwn && tools === parsed?.tools && Array.isArray(body.tools) ? body.tools : [];
  return tools.flatMap((tool, at) => {
    const own = came[at];
    // Its client may say of it what only its vendor knows.
    if (isWhole(own)) return [own];
    if (tool.type !== "server") return [formatTool(tool, { ...options, path: `tools[${at}]` })];
    // A search that is asked for by a field of the body.
    if (tool.dialect === "openai_chat") return isObject(tool.value.web_search_options) ? [] : [tool.value];
    const path = `tools[${at}]`;
    const search = searchTools(tool, { ...options, path });
    if (search === undefined) options.lost.add(path, `only ${tool.dialect} runs this tool at the vendor`);
    return search ?? [];
  });
}

/** Whether a tool is in the form that every upstream reads: many clients leave the type out, or what it is in. */
function isWhole(tool: Json | undefined): tool is JsonObject {
  return isObject(tool) && typeof tool.type === "string" && isObject(tool[tool.type]);
}

function formatTool(tool: Exclude<Tool, ServerTool>, options: ToolOptions & { path: string }): JsonObject {
  const { name, description } = tool;
  const head = { name, ...(description !== undefined && { description }) };
  if (tool.type === "custom") {
    const format = tool.format === undefined ? {} : { format: formatGrammar(tool.format) };
    return { type: "custom", custom: { ...head, ...format } };
  }
  const { parameters } = tool;
  const strict = strictOf(tool, options);
  const rest = {
    ...(parameters !== undefined && { parameters }),
    ...(strict !== undefined && { strict }),
    ...formatOwnMembers(tool, { dialect: "openai_chat", ...options }),
  };
  return { type: "function", function: { ...head, ...rest }, ...markOf(tool, options) };
}
