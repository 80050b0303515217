/** Descriptions of tools that are no longer than an upstream takes; what that cuts off is told as an instruction. */

import { instruct } from "./instructions.ts";
import { alterRequest, type ChatRequest, type CustomTool, type FunctionTool, type Tool } from "./request.ts";

/** The request with descriptions of so many characters at most; the request itself where none is longer. */
export function shortenDescriptions(request: ChatRequest, limit: number): ChatRequest {
  const { tools = [], messages } = request;
  const isLong = (tool: Tool): tool is FunctionTool | CustomTool =>
    tool.type !== "server" && tool.description !== undefined && tool.description.length > limit;
  const long = tools.filter(isLong);
  if (long.length === 0) return request;
  const sections = long.map(({ name, description }) => `## ${name}\n\n${description}`);
  const text = ["These are the tools whose descriptions end in …:", ...sections].join("\n\n");
  return alterRequest(request, {
    messages: instruct(messages, text),
    tools: tools.map((tool) => isLong(tool) ? { ...tool, description: shortened(tool.description, limit) } : tool),
  });
}

function shortened(text = "", limit: number): string {
  return `${text.slice(0, Math.max(0, limit - 2))} …`;
}
