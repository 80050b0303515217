/** Namespaces, which are this dialect's alone: others know a tool by one name, made of its namespace's and its own. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { CustomTool, FunctionTool, Tool } from "../../chat/request.ts";
import { isObject } from "../json.ts";

/** As Codex itself joins the names of an MCP server's tools. */
const JOINT = "__";

export function joinName(name: string, namespace: unknown): string {
  return typeof namespace === "string" && namespace !== "" ? `${namespace}${JOINT}${name}` : name;
}

/** How a call of the tool is named to the client: Codex (0.169) knows no tool of a namespace by any other form. */
export function splitName(name: string, tools: readonly Tool[] = []): { name: string; namespace?: string } {
  const found = tools.find((tool) => tool.type !== "server" && tool.name === name);
  const namespace = found?.type === "server" ? undefined : found?.namespace;
  return namespace === undefined ? { name } : { name: name.slice(namespace.length + JOINT.length), namespace };
}

/** The tools of a namespace; none where it is no namespace. Codex has all tools of its MCP servers in such. */
export function namespaceTools({ type, name, tools }: JsonObject): Tool[] {
  if (type !== "namespace" || typeof name !== "string" || !Array.isArray(tools)) return [];
  return tools.flatMap((tool) => parseMember(tool, name));
}

function parseMember(tool: Json, namespace: string): (FunctionTool | CustomTool)[] {
  if (!isObject(tool) || typeof tool.name !== "string") return [];
  const { type, name, description, parameters, strict, format } = tool;
  const head = {
    name: joinName(name, namespace),
    namespace,
    ...(typeof description === "string" && { description }),
  };
  if (type === "custom") return [{ type, ...head, ...(isObject(format) && { format }) }];
  if (type !== "function") return [];
  return [{
    type,
    ...head,
    ...(isObject(parameters) && { parameters }),
    ...(typeof strict === "boolean" && { strict }),
  }];
}
