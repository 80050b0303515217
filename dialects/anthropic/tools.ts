/** Tools and the choice among them, both ways. */

import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest, CustomTool, FunctionTool, ServerTool, Tool, ToolChoice } from "../../chat/request.ts";
import { CUSTOM_PARAMETERS, describeCustom } from "../custom_tools.ts";
import { given } from "../given.ts";
import type { LossList } from "../losses.ts";
import { isObject } from "../json.ts";
import { formatOwnMembers, parseOwnMembers } from "../own_members.ts";
import { formatDomains, parseScope } from "../search_scope.ts";
import { fitToolName } from "../tool_ids.ts";
import { formatOutputSchema } from "./output_schema.ts";
import type { RequestBody, RequestMessage, RequestTool } from "./schema.ts";

/** All tools that are offered by now: those that come amid the conversation other dialects offer from its beginning. */
export function parseTools({ tools, messages }: RequestBody): Tool[] | undefined {
  const changes = messages.flatMap(changesOf);
  if (changes.length === 0) return tools?.map(parseTool);
  const defined = new Map((tools ?? []).map(parseTool).map((tool) => [nameOf(tool), tool]));
  const offered = new Map(defined);
  for (const { tool, name, isOffered } of changes) {
    if (tool !== undefined) defined.set(name, tool);
    const meant = defined.get(name);
    if (!isOffered) offered.delete(name);
    else if (meant !== undefined) offered.set(name, meant);
  }
  return [...offered.values()];
}

/** `tool` is absent where one is named that was defined before. */
interface ToolChange {
  name: unknown;
  isOffered: boolean;
  tool?: Tool;
}

function changesOf({ role, content }: RequestMessage): ToolChange[] {
  if (role !== "system" || !Array.isArray(content)) return [];
  return content.flatMap((block): ToolChange[] => {
    if (block.type === "tool_addition") {
      const tool = parseTool(block.tool.definition);
      return [{ name: nameOf(tool), isOffered: true, tool }];
    }
    if (block.type !== "other" || !isObject(block.value.tool)) return [];
    const { type, tool: { name } } = block.value;
    return type === "tool_addition" || type === "tool_removal" ? [{ name, isOffered: type === "tool_addition" }] : [];
  });
}

/** A later definition takes the place of an earlier one of its name. */
function nameOf(tool: Tool): unknown {
  return tool.type === "server" ? tool.value.name : tool.name;
}

function parseTool(tool: RequestTool): Tool {
  if (tool.type === "server") {
    const { value } = tool;
    const kind = kindOf(String(value.type));
    const scope = kind === "web-search" ? parseScope(value, value.user_location) : undefined;
    return { type: "server", dialect: "anthropic", kind, value, ...given({ scope }) };
  }
  const { type, name, description, input_schema: parameters, strict, cache_control: cache, ...rest } = tool;
  return {
    type,
    name,
    ...given({ description, parameters, strict, cache }),
    ...parseOwnMembers("anthropic", rest),
  };
}

/** Types carry the date of their version: `web_search_20250305`. */
function kindOf(type: string): ServerTool["kind"] {
  if (type.startsWith("web_search")) return "web-search";
  if (type.startsWith("code_execution")) return "code-execution";
  return type.startsWith("web_fetch") ? "url-context" : "other";
}

export function parseToolChoice(
  choice: RequestBody["tool_choice"],
): Pick<ChatRequest, "toolChoice" | "parallelToolCalls"> {
  if (!choice) return {};
  const toolChoice = parseChoice(choice);
  const isSingle = choice.type === "none" ? undefined : choice.disable_parallel_tool_use;
  return { toolChoice, ...(typeof isSingle === "boolean" && { parallelToolCalls: !isSingle }) };
}

function parseChoice(choice: NonNullable<RequestBody["tool_choice"]>): ToolChoice {
  switch (choice.type) {
    case "auto":
    case "none":
      return { mode: choice.type };
    case "any":
      return { mode: "required" };
    case "tool":
      return { mode: "tool", name: choice.name };
    default:
      return choice satisfies never;
  }
}

/** The tools as an upstream is told of them, and which of them it shall call (CASES T16). */
export function formatToolFields(request: ChatRequest, lost: LossList): JsonObject {
  const isOwn = request.source.dialect === "anthropic";
  const tools = (request.tools ?? [])
    .map((tool, at) =>
      isAllowed(tool, request.toolChoice) ? formatTool(tool, { path: `tools[${at}]`, lost, isOwn }) : undefined
    )
    .filter((tool) => tool !== undefined);
  // A choice without tools is refused.
  return tools.length === 0 ? {} : { tools, ...given({ tool_choice: formatToolChoice(request) }) };
}

/** A choice cannot name several tools, so that those it does not name are left out. */
function isAllowed(tool: Tool, choice: ToolChoice | undefined): boolean {
  return choice?.mode !== "allowed" || tool.type === "server" || choice.names.includes(tool.name);
}

interface ToolPlace {
  path: string;
  lost: LossList;
  isOwn: boolean;
}

function formatTool(tool: Tool, { path, lost, isOwn }: ToolPlace): JsonObject | undefined {
  switch (tool.type) {
    case "function":
      return { ...formatFunction(tool, isOwn), ...formatOwnMembers(tool, { dialect: "anthropic", path, lost }) };
    case "custom":
      lost.add(path, "free text is asked for as a JSON object with one string");
      return formatCustom(tool);
    case "server":
      if (tool.dialect === "anthropic") return tool.value;
      return formatServerTool(tool) ?? lost.add(path, `only ${tool.dialect} runs this tool at the vendor`);
    default:
      return tool satisfies never;
  }
}

/** What other vendors take in a strict schema is more than what this API takes: it becomes words, as in an answer's form. */
function formatFunction(
  { name, description, parameters: asked, strict, cache }: FunctionTool,
  isOwn: boolean,
): JsonObject {
  const parameters = strict && !isOwn && asked !== undefined ? formatOutputSchema(asked) : asked;
  return {
    name: fitToolName(name),
    ...given({ description }),
    // A schema that is no object's is refused, and some clients leave the type out.
    input_schema: parameters?.type === undefined ? { type: "object", ...parameters } : parameters,
    ...given({ strict, cache_control: cache }),
  };
}

function formatCustom(tool: CustomTool): JsonObject {
  return {
    name: fitToolName(tool.name),
    ...given({ description: describeCustom(tool) }),
    input_schema: CUSTOM_PARAMETERS,
  };
}

/** What does the like of other vendors' tools (CASES T18); the versions that every current model takes. */
const SERVER_TOOLS: Record<ServerTool["kind"], JsonObject | undefined> = {
  "web-search": { type: "web_search_20250305", name: "web_search" },
  "code-execution": { type: "code_execution_20250825", name: "code_execution" },
  "url-context": { type: "web_fetch_20250910", name: "web_fetch" },
  "other": undefined,
};

function formatServerTool(tool: ServerTool): JsonObject | undefined {
  const like = SERVER_TOOLS[tool.kind];
  return like && { ...like, ...formatDomains(tool), ...given({ user_location: tool.scope?.location }) };
}

function formatToolChoice({ toolChoice, parallelToolCalls }: ChatRequest): JsonObject | undefined {
  const choice = toolChoice === undefined ? undefined : formatChoice(toolChoice);
  if (parallelToolCalls === undefined || choice?.type === "none") return choice;
  // To leave several calls allowed is the default, and says nothing on its own.
  if (choice === undefined && parallelToolCalls) return undefined;
  return { ...choice ?? { type: "auto" }, disable_parallel_tool_use: !parallelToolCalls };
}

function formatChoice(choice: ToolChoice): JsonObject {
  switch (choice.mode) {
    case "auto":
    case "none":
      return { type: choice.mode };
    case "required":
      return { type: "any" };
    case "tool":
      return { type: "tool", name: fitToolName(choice.name) };
    case "allowed":
      return { type: choice.required ? "any" : "auto" };
    default:
      return choice satisfies never;
  }
}
