/** Tools that take free text in place of arguments: OpenAI's alone. */

import type { Tool } from "../chat/request.ts";

/** Whether calls of this name take free text: neither a delta nor a choice of ours says so itself. */
export function isCustomTool(name: string, tools: readonly Tool[] = []): boolean {
  return tools.some((tool) => tool.type === "custom" && tool.name === name);
}
