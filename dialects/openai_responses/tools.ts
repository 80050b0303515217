/** Tools and the choice among them, both ways. */

import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest, ServerTool, Tool, ToolChoice } from "../../chat/request.ts";
import { serverTool } from "../fit_choice.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import type { LossList } from "../losses.ts";
import { strictOf } from "../strict_tool.ts";
import { type ChoiceWords, formatToolFields as formatFields } from "../openai_tools.ts";
import { formatOwnMembers, parseOwnMembers } from "../own_members.ts";
import { formatDomains, isNarrow, parseScope } from "../search_scope.ts";
import { fitToolName } from "../tool_ids.ts";
import { namespaceTools } from "./namespaces.ts";
import type { RequestBody, RequestTool } from "./schema.ts";

/**
 * All tools, those that items of the input bring among them: Codex (0.169) brings all of its own so where it knows the model's
 * name as OpenAI's.
 */
export function parseTools({ tools, input }: RequestBody): Tool[] | undefined {
  const items = typeof input === "string" ? [] : input;
  const added = items.flatMap((item) => item.type === "additional_tools" ? item.tools : []);
  return tools || added.length > 0 ? [...(tools ?? []), ...added].flatMap(parseTool) : undefined;
}

function parseTool(tool: RequestTool): Tool[] {
  switch (tool.type) {
    case "function": {
      const { type, name, description, parameters, strict, ...rest } = tool;
      const own = parseOwnMembers("openai_responses", rest);
      return [{ type, name, ...given({ description, parameters, strict }), ...own }];
    }
    case "custom": {
      const { name, description, format } = tool;
      return [{ type: "custom", name, ...given({ description, format }) }];
    }
    case "other": {
      const { value } = tool;
      const members = namespaceTools(value);
      if (members.length > 0) return members;
      return [parseServerTool(value)];
    }
    default:
      return tool satisfies never;
  }
}

function parseServerTool(value: JsonObject): ServerTool {
  const kind = kindOf(String(value.type));
  const domains = isObject(value.filters) ? value.filters : {};
  const scope = kind === "web-search" ? parseScope(domains, value.user_location) : undefined;
  return { type: "server", dialect: "openai_responses", kind, value, ...given({ scope }) };
}

function kindOf(type: string): ServerTool["kind"] {
  if (type.startsWith("web_search")) return "web-search";
  return type === "code_interpreter" ? "code-execution" : "other";
}

/** The choice; `undefined` for one that only this dialect knows (a server tool, say), which stays in `extra`. */
export function parseToolChoice(choice: RequestBody["tool_choice"]): ToolChoice | undefined {
  if (!choice) return undefined;
  if (typeof choice === "string") return { mode: choice };
  switch (choice.type) {
    case "function":
    case "custom":
      return { mode: "tool", name: choice.name };
    case "allowed_tools": {
      const names = choice.tools.flatMap(({ name }) => name ?? []);
      return { mode: "allowed", names, required: choice.mode === "required" };
    }
    case "other":
      return undefined;
    default:
      return choice satisfies never;
  }
}

/** What stands here for the server tools of other dialects (CASES T18). */
const SERVER_TOOLS = {
  "web-search": { type: "web_search" },
  "code-execution": { type: "code_interpreter", container: { type: "auto" } },
  "url-context": undefined,
  "other": undefined,
} as const satisfies Record<ServerTool["kind"], JsonObject | undefined>;

export interface ToolOptions {
  lost: LossList;
  /** The client spoke this dialect itself. */
  isOwn: boolean;
}

export function formatToolFields(request: ChatRequest, options: ToolOptions): JsonObject {
  const words: ChoiceWords = {
    one: (type, name) => ({ type, name: fitToolName(name) }),
    some: (allowed) => ({ type: "allowed_tools", ...allowed }),
    server(name) {
      const kind = serverTool(name, request.tools)?.kind;
      return kind && SERVER_TOOLS[kind] && { type: SERVER_TOOLS[kind].type };
    },
  };
  return formatFields(request, formatTools(request.tools ?? [], options), { words, lost: options.lost });
}

function formatTools(tools: readonly Tool[], options: ToolOptions): JsonObject[] {
  return tools
    .map((tool, at) => formatTool(tool, { ...options, path: `tools[${at}]` }))
    .filter((tool) => tool !== undefined);
}

function formatTool(tool: Tool, { lost, isOwn, path }: ToolOptions & { path: string }): JsonObject | undefined {
  switch (tool.type) {
    case "function": {
      const { name, description, parameters } = tool;
      const strict = strictOf(tool, { isOwn, lost, path });
      return {
        type: "function",
        name: fitToolName(name),
        ...given({ description }),
        // Both are required here. Absent, `strict` means true, which it does in no other dialect.
        parameters: parameters ?? null,
        ...given({ strict: strict ?? (isOwn ? undefined : false) }),
        ...formatOwnMembers(tool, { dialect: "openai_responses", path, lost }),
      };
    }
    case "custom": {
      const { name, description, format } = tool;
      return { type: "custom", name: fitToolName(name), ...given({ description, format }) };
    }
    case "server":
      if (tool.dialect === "openai_responses") return tool.value;
      return formatServerTool(tool) ?? lost.add(path, `only ${tool.dialect} runs this tool at the vendor`);
    default:
      return tool satisfies never;
  }
}

function formatServerTool(tool: ServerTool): JsonObject | undefined {
  const like = SERVER_TOOLS[tool.kind];
  const filters = isNarrow(tool) ? formatDomains(tool) : undefined;
  return like && { ...like, ...given({ filters, user_location: tool.scope?.location }) };
}
