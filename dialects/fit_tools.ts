/** A whole request with its tools in the names and ids that every vendor takes (CASES T14, T15, T23). */

import type { AssistantMessage, ChatRequest, Message, Tool, ToolChoice } from "../chat/request.ts";
import { type CallIds, callIds, fitCallId, fitToolName } from "./tool_ids.ts";

/** OpenAI takes no longer names of users; what tells them apart is kept. */
const USER_LIMIT = 64;

/**
 * Rewrites tools, calls, results, the choice and the user's name, for a request that came in another dialect: its own
 * client's words are left to vendors of its own dialect. The gateway gives calls back under the names the client knows.
 */
export function fitTools(request: ChatRequest): ChatRequest {
  const ids = callIds();
  const { tools, toolChoice, user } = request;
  return {
    ...request,
    messages: request.messages.map((message) => fitMessage(message, ids)),
    ...(tools && { tools: tools.map(fitTool) }),
    ...(toolChoice && { toolChoice: fitChoice(toolChoice) }),
    ...(user !== undefined && user.length > USER_LIMIT && { user: fitCallId(user) }),
  };
}

function fitMessage(message: Message, ids: CallIds): Message {
  if (message.role === "assistant") return fitCalls(message, ids);
  if (message.role !== "tool") return message;
  const { name } = message;
  return { ...message, callId: ids.result(message.callId), ...(name !== undefined && { name: fitToolName(name) }) };
}

function fitCalls(message: AssistantMessage, ids: CallIds): AssistantMessage {
  const parts = message.parts.map((part) =>
    part.type === "tool-call" ? { ...part, id: ids.call(part.id), name: fitToolName(part.name) } : part
  );
  return { ...message, parts };
}

function fitTool(tool: Tool): Tool {
  return tool.type === "server" ? tool : { ...tool, name: fitToolName(tool.name) };
}

function fitChoice(choice: ToolChoice): ToolChoice {
  if (choice.mode === "tool") return { ...choice, name: fitToolName(choice.name) };
  return choice.mode === "allowed" ? { ...choice, names: choice.names.map(fitToolName) } : choice;
}
