/** How compatible vendors are asked to search the web: the API itself has no tool for it. */

import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest, ServerTool } from "../../chat/request.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import type { Quirks, WebSearchWords } from "../dialect.ts";
import type { LossList } from "../losses.ts";
import { isNarrow } from "../search_scope.ts";

/** What stands for a search, among the tools or in a field of the body. */
interface Asked {
  tool?: JsonObject;
  field?: JsonObject;
  /** Whether it says which domains are to be searched. */
  isKept?: boolean;
}

const ASKED = {
  // https://openrouter.ai/docs/guides/features/server-tools/llms-full.txt
  openrouter({ scope = {} }) {
    const parameters = given({
      allowed_domains: scope.allowed,
      excluded_domains: scope.blocked,
      user_location: scope.location,
    });
    const isSaid = Object.keys(parameters).length > 0;
    return { tool: { type: "openrouter:web_search", ...(isSaid && { parameters }) }, isKept: true };
  },
  // The inner object is required, and what was found is told where it is asked for: https://docs.kapon.cloud/glm/web-search
  glm: () => ({ tool: { type: "web_search", web_search: { enable: true, search_result: true } } }),
  // The model decides, as with a tool: https://github.com/agno-agi/agno/issues/9265 (2026-07-30)
  qwen: () => ({ field: { enable_search: true } }),
} as const satisfies Record<WebSearchWords, (tool: ServerTool) => Asked>;

/** The search that OpenAI's models for it are asked for by a field: for an upstream of another dialect, a tool like others. */
export function parseSearch(options: JsonObject): ServerTool {
  const { user_location: place } = options;
  const { approximate } = isObject(place) ? place : {};
  const scope = isObject(approximate) ? { location: { type: "approximate", ...approximate } } : undefined;
  const value = { web_search_options: options };
  return { type: "server", dialect: "openai_chat", kind: "web-search", value, ...given({ scope }) };
}

/** The search among the tools; `undefined` for what is no search of another dialect, or where the vendor has none. */
export function searchTools(
  tool: ServerTool,
  { quirks, path, lost }: { quirks: Quirks; path: string; lost: LossList },
): JsonObject[] | undefined {
  const asked = askedOf(tool, quirks);
  if (asked === undefined) return undefined;
  if (!asked.isKept && isNarrow(tool)) lost.add(path, "the search cannot be kept to domains");
  return asked.tool === undefined ? [] : [asked.tool];
}

/** The members of a body that have it search. */
export function searchFields({ tools = [] }: ChatRequest, quirks: Quirks): JsonObject {
  return Object.assign({}, ...tools.map((tool) => tool.type === "server" && fieldOf(tool, quirks)));
}

function fieldOf(tool: ServerTool, quirks: Quirks): JsonObject | undefined {
  const isOwnField = tool.dialect === "openai_chat" && isObject(tool.value.web_search_options);
  return isOwnField ? tool.value : askedOf(tool, quirks)?.field;
}

function askedOf(tool: ServerTool, { webSearch }: Quirks): Asked | undefined {
  if (webSearch === undefined || tool.kind !== "web-search" || tool.dialect === "openai_chat") return undefined;
  return ASKED[webSearch](tool);
}
