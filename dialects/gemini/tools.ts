/** Tools and the choice among them, both ways. */

import type { JsonObject } from "../../chat/json.ts";
import type { CustomTool, FunctionTool, ServerTool, Tool, ToolChoice } from "../../chat/request.ts";
import { CUSTOM_INPUT, describeCustom } from "../custom_tools.ts";
import { fitChoice } from "../fit_choice.ts";
import { fromGeminiSchema } from "../json_schema/from_gemini.ts";
import { hasOpenObject } from "../json_schema/open_object.ts";
import { toGeminiSchema } from "../json_schema/to_gemini.ts";
import type { LossList } from "../losses.ts";
import { formatOwnMembers, parseOwnMembers } from "../own_members.ts";
import { isNarrow } from "../search_scope.ts";
import { fitToolName } from "../tool_ids.ts";
import { generationOf, THIRD_GENERATION } from "./model_generation.ts";
import type { FunctionCallingConfig, FunctionDeclaration, RequestBody } from "./schema.ts";

const SERVER_KINDS: ReadonlyMap<string, ServerTool["kind"]> = new Map([
  ["googleSearch", "web-search"],
  ["googleSearchRetrieval", "web-search"],
  ["enterpriseWebSearch", "web-search"],
  ["codeExecution", "code-execution"],
  ["urlContext", "url-context"],
]);

/** The API's own tool of each kind, for other dialects' server tools (CASES T18). */
const SERVER_TOOLS = {
  "web-search": { googleSearch: {} },
  "code-execution": { codeExecution: {} },
  "url-context": { urlContext: {} },
  "other": undefined,
} as const satisfies Record<ServerTool["kind"], JsonObject | undefined>;

/** One entry of `tools` may hold functions and several of the API's own tools. */
export function parseTools(tools: RequestBody["tools"]): Tool[] | undefined {
  return tools?.flatMap(({ functionDeclarations, ...others }) => [
    ...(functionDeclarations ?? []).map(parseFunction),
    ...Object.entries(others).map(([name, value]): ServerTool => ({
      type: "server",
      dialect: "gemini",
      kind: SERVER_KINDS.get(name) ?? "other",
      value: { [name]: value } as JsonObject,
    })),
  ]);
}

function parseFunction(declaration: FunctionDeclaration): FunctionTool {
  const { name, description, parameters, parametersJsonSchema, ...rest } = declaration;
  const schema = parametersJsonSchema ?? (parameters ? fromGeminiSchema(parameters) : undefined);
  return {
    type: "function",
    name,
    ...(description && { description }),
    ...(schema && { parameters: schema }),
    ...parseOwnMembers("gemini", rest),
  };
}

export function parseToolChoice(config: FunctionCallingConfig | null | undefined): ToolChoice | undefined {
  const names = config?.allowedFunctionNames ?? [];
  switch (config?.mode) {
    case "ANY":
      if (names.length === 0) return { mode: "required" };
      return names.length === 1 ? { mode: "tool", name: names[0]! } : { mode: "allowed", names, required: true };
    case "VALIDATED":
      return names.length === 0 ? { mode: "auto" } : { mode: "allowed", names, required: false };
    case "NONE":
      return { mode: "none" };
    case "AUTO":
      return { mode: "auto" };
    case "MODE_UNSPECIFIED":
    case undefined:
    case null:
      return undefined;
  }
}

export interface ToolOptions {
  lost: LossList;
  /** The client spoke this dialect itself: its names need no fitting, and it answers for what it combines. */
  isOwn: boolean;
  model: string;
}

/** `tools` and `toolConfig`; nothing where no tool is left, as a choice alone is refused (CASES T16). */
export function formatTools(tools: readonly Tool[], choice: ToolChoice | undefined, options: ToolOptions): JsonObject {
  const functions = tools.flatMap((tool, at) => tool.type === "server" ? [] : [formatFunction(tool, at, options)]);
  const asked = tools.flatMap((tool, at) => tool.type === "server" ? formatServerTool(tool, at, options) : []);
  const isMixed = functions.length > 0 && asked.length > 0 && !options.isOwn;
  // "Tool use with function calling is unsupported" by the older models: the client's own functions matter more.
  const isRefused = isMixed && generationOf(options.model) < THIRD_GENERATION;
  if (isRefused) options.lost.add("tools", "the model takes no tools of the vendor beside functions");
  const servers = isRefused ? [] : asked;
  if (functions.length === 0 && servers.length === 0) return {};
  return {
    tools: [...(functions.length > 0 ? [{ functionDeclarations: functions }] : []), ...servers],
    toolConfig: formatToolConfig(fitChoice(choice, { tools, lost: options.lost }), {
      ...options,
      hasFunctions: functions.length > 0,
      isMixed: isMixed && !isRefused,
    }),
  };
}

/**
 * The schema goes out as `parameters`, in the API's subset: `parametersJsonSchema` takes more, but is not known to older
 * models and to most relays, and models get the subset's unions and null right. An object of any keys is what the subset
 * has no form for ("properties: should be non-empty for OBJECT type", at any depth); then the client's own schema goes out
 * (vercel/ai#20757, 2026-09-14). Claude Code, Qwen Code and many an MCP server have such tools.
 */
function formatFunction(tool: FunctionTool | CustomTool, at: number, { lost, isOwn }: ToolOptions): JsonObject {
  const { name } = tool;
  const description = tool.type === "custom" ? describeCustom(tool) : tool.description;
  const named = { name: isOwn ? name : fitToolName(name), ...(description !== undefined && { description }) };
  if (tool.type === "custom") {
    lost.add(`tools[${at}]`, "the API knows no free-text tools, so that it takes an object with one text");
    const properties = { [CUSTOM_INPUT]: { type: "STRING", description: "The tool's input" } };
    return { ...named, parameters: { type: "OBJECT", properties, required: [CUSTOM_INPUT] } };
  }
  const head = { ...named, ...formatOwnMembers(tool, { dialect: "gemini", path: `tools[${at}]`, lost }) };
  const parameters = toGeminiSchema(tool.parameters ?? {});
  // An object without properties is refused here; a function without parameters is not.
  if (parameters.type !== "OBJECT" || parameters.properties === undefined) return head;
  return hasOpenObject(parameters) ? { ...head, parametersJsonSchema: tool.parameters } : { ...head, parameters };
}

function formatServerTool(asked: ServerTool, at: number, { lost }: ToolOptions): JsonObject[] {
  const { dialect, kind, value } = asked;
  if (dialect === "gemini") return [value];
  const tool = SERVER_TOOLS[kind];
  if (tool !== undefined && isNarrow(asked)) lost.add(`tools[${at}]`, "the search cannot be kept to domains");
  if (tool !== undefined) return [tool];
  lost.add(`tools[${at}]`, `only ${dialect} runs this tool at the vendor`);
  return [];
}

function formatToolConfig(
  choice: ToolChoice | undefined,
  { hasFunctions, isMixed, ...options }: ToolOptions & { hasFunctions: boolean; isMixed: boolean },
): JsonObject | undefined {
  const members = {
    ...(choice !== undefined && hasFunctions && { functionCallingConfig: formatToolChoice(choice, options) }),
    ...(isMixed && { includeServerSideToolInvocations: true }),
  };
  return Object.keys(members).length === 0 ? undefined : members;
}

function formatToolChoice(choice: ToolChoice, { isOwn }: ToolOptions): JsonObject {
  const fit = (name: string) => isOwn ? name : fitToolName(name);
  switch (choice.mode) {
    case "auto":
      return { mode: "AUTO" };
    case "none":
      return { mode: "NONE" };
    case "required":
      return { mode: "ANY" };
    case "tool":
      return { mode: "ANY", allowedFunctionNames: [fit(choice.name)] };
    case "allowed":
      // Names are refused beside AUTO; VALIDATED leaves the choice to the model as well.
      return { mode: choice.required ? "ANY" : "VALIDATED", allowedFunctionNames: choice.names.map(fit) };
    default:
      return choice satisfies never;
  }
}
