/** Tools, both ways. Ollama knows functions, and no choice among them. */

import type { JsonObject } from "../../chat/json.ts";
import type { FunctionTool, Tool, ToolChoice } from "../../chat/request.ts";
import { fitChoice } from "../fit_choice.ts";
import type { LossList } from "../losses.ts";
import { formatOwnMembers } from "../own_members.ts";
import type { RequestTool } from "./schema.ts";

export function parseTool({ function: { name, description, parameters } }: RequestTool): FunctionTool {
  return { type: "function", name, ...(description && { description }), ...(parameters && { parameters }) };
}

/** The tools that may be called under the choice: what it forbids is left out, what it demands is lost. */
export function formatTools(
  { tools = [], toolChoice: asked }: { tools?: readonly Tool[]; toolChoice?: ToolChoice },
  lost: LossList,
): JsonObject[] | undefined {
  const toolChoice = fitChoice(asked, { tools, lost });
  const allowed = allowedNames(toolChoice);
  const formatted = tools.flatMap((tool, at) => {
    if (tool.type === "server") {
      lost.add(`tools[${at}]`, `only ${tool.dialect} runs this tool at the vendor`);
    } else if (tool.type === "custom") {
      lost.add(`tools[${at}]`, "Ollama has no tools with free text");
    } else if (allowed === undefined || allowed.includes(tool.name)) {
      return [formatTool(tool, { path: `tools[${at}]`, lost })];
    }
    return [];
  });
  if (formatted.length === 0) return undefined;
  if (isDemand(toolChoice)) lost.add("toolChoice", "Ollama cannot be made to call a tool");
  return formatted;
}

function formatTool(tool: FunctionTool, { path, lost }: { path: string; lost: LossList }): JsonObject {
  const { name, description, parameters, strict } = tool;
  if (strict) lost.add(`${path}.strict`, "Ollama does not hold calls to their schema");
  return {
    type: "function",
    function: {
      name,
      ...(description !== undefined && { description }),
      // The templates of some models go through the properties without asking whether there are any.
      parameters: parameters ?? { type: "object", properties: {} },
      ...formatOwnMembers(tool, { dialect: "ollama", path, lost }),
    },
  };
}

/** The names a choice leaves; `undefined` for all. */
function allowedNames(choice: ToolChoice | undefined): readonly string[] | undefined {
  switch (choice?.mode) {
    case undefined:
    case "auto":
    case "required":
      return undefined;
    case "none":
      return [];
    case "tool":
      return [choice.name];
    case "allowed":
      return choice.names;
    default:
      return choice satisfies never;
  }
}

function isDemand(choice: ToolChoice | undefined): boolean {
  if (choice?.mode === "allowed") return choice.required;
  return choice?.mode === "required" || choice?.mode === "tool";
}
