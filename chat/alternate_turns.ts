/** A conversation whose turns alternate, for models whose template knows no other. */

import { isInstruction } from "./instructions.ts";
import { alterRequest, type ChatRequest, type Message, type TextPart } from "./request.ts";

/** What such a model said between a tool's result and the user's next words, where it said nothing. */
const HEARD: Message = { role: "assistant", parts: [{ type: "text", text: "OK." }] };
/** What the user said where the model spoke first. */
const BEGUN: Message = { role: "user", parts: [{ type: "text", text: "Go on." }] };
const BREAK: TextPart = { type: "text", text: "\n\n" };

/** The request with one instruction before all else, or without a turn for it, and after it user and assistant in turn. */
export function alternateTurns(request: ChatRequest, { hasSystem }: { hasSystem: boolean }): ChatRequest {
  const parts = request.messages.filter(isInstruction).flatMap(({ parts }, at) => at === 0 ? parts : [BREAK, ...parts]);
  const turns = request.messages.filter((message) => !isInstruction(message)).reduce(join, []);
  if (turns.length === 0) turns.push({ role: "user", parts: [] });
  if (parts.length === 0) return alterRequest(request, { messages: turns });
  if (hasSystem) return alterRequest(request, { messages: [{ role: "system", parts }, ...turns] });
  const [first, ...rest] = turns;
  const opened: Message[] = first?.role === "user"
    ? [{ ...first, parts: [...parts, BREAK, ...first.parts] }, ...rest]
    : [{ role: "user", parts }, ...turns];
  return alterRequest(request, { messages: opened });
}

/** The turns with one more: it is one with the last of its role. */
function join(turns: Message[], message: Message): Message[] {
  const last = turns.at(-1);
  if (last === undefined && message.role === "assistant") return [BEGUN, message];
  if (last?.role === "user" && message.role === "user") {
    turns[turns.length - 1] = { ...last, parts: [...last.parts, BREAK, ...message.parts] };
    return turns;
  }
  if (last?.role === "assistant" && message.role === "assistant") {
    turns[turns.length - 1] = { ...last, parts: [...last.parts, ...message.parts] };
    return turns;
  }
  if (last?.role === "tool" && message.role === "user") turns.push(HEARD);
  turns.push(message);
  return turns;
}
