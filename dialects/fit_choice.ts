/** The choice among tools, for an upstream that can be told of functions alone. */

import type { ServerTool, Tool, ToolChoice } from "../chat/request.ts";
import type { LossList } from "./losses.ts";

/**
 * A choice that names no function which is not there, as upstreams refuse one: a tool that runs at the vendor has no
 * name elsewhere, and a list without functions leaves none of them.
 */
export function fitChoice(
  choice: ToolChoice | undefined,
  { tools = [], lost }: { tools: readonly Tool[] | undefined; lost: LossList },
): ToolChoice | undefined {
  if (choice?.mode === "tool" && serverTool(choice.name, tools) !== undefined) {
    return lost.add("toolChoice", "a tool that runs at the vendor cannot be asked for by its name");
  }
  if (choice?.mode !== "allowed" || choice.names.length > 0) return choice;
  if (choice.required) lost.add("toolChoice", "a tool that runs at the vendor cannot be asked for by its name");
  return { mode: "none" };
}

/** The vendor's tool of that name, unless a function has it too. Anthropic's have names. */
export function serverTool(name: string, tools: readonly Tool[] = []): ServerTool | undefined {
  if (tools.some((tool) => tool.type !== "server" && tool.name === name)) return undefined;
  return tools.find((tool): tool is ServerTool => tool.type === "server" && tool.value.name === name);
}
