/** A conversation in plain text: all that a task can be given of one. */

import type { AssistantPart, Message, UserPart } from "../../chat/request.ts";
import type { LossList } from "../../dialects/losses.ts";

export interface Turn {
  role: "system" | "user" | "assistant";
  content: string;
}

/** The role of each message that can be given, and what stands between its texts. */
const ROLES = {
  system: { role: "system", between: "\n\n" },
  developer: { role: "system", between: "\n\n" },
  user: { role: "user", between: "\n\n" },
  // The pieces of what one model said belong together as they are.
  assistant: { role: "assistant", between: "" },
} as const satisfies Record<Exclude<Message["role"], "tool">, { role: Turn["role"]; between: string }>;

/** Messages that have nothing left to say are left out. */
export function turnsOf(messages: readonly Message[], lost: LossList): Turn[] {
  return messages.flatMap((message, at): Turn[] => {
    const path = `messages[${at}]`;
    if (message.role === "tool") return lost.add(path, NO_TOOLS) ?? [];
    const parts: readonly Part[] = message.parts;
    const texts = parts.flatMap((part, index) => {
      const read = readPart(part);
      if ("text" in read) return [read.text];
      return lost.add(`${path}.content[${index}]`, read.lost) ?? [];
    });
    if (message.name !== undefined) lost.add(`${path}.name`, "a task takes no names");
    const { role, between } = ROLES[message.role];
    return texts.length === 0 ? [] : [{ role, content: texts.join(between) }];
  });
}

const NAMES = { system: "System", user: "User", assistant: "Assistant" } as const satisfies Record<
  Turn["role"],
  string
>;

/** The turns as one text, each with its speaker's name where there is more than one speaker. */
export function promptOf(turns: readonly Turn[]): string {
  const isDialogue = new Set(turns.map(({ role }) => role)).size > 1;
  return turns.map(({ role, content }) => isDialogue ? `${NAMES[role]}: ${content}` : content).join("\n\n");
}

type Part = UserPart | AssistantPart;

const NO_TOOLS = "a task takes no tools";

function readPart(part: Part): { text: string } | { lost: string } {
  switch (part.type) {
    case "text":
    case "refusal":
      return { text: part.text };
    case "file":
      return part.source.kind === "text" ? { text: part.source.text } : { lost: "a task takes only text" };
    case "image":
    case "audio":
    case "video":
      return { lost: "a task takes only text" };
    case "reasoning":
    case "redacted-reasoning":
      return { lost: "a task takes no thoughts back" };
    case "tool-call":
      return { lost: NO_TOOLS };
    case "opaque":
      return { lost: `only ${part.dialect} has such a part` };
    default:
      return part satisfies never;
  }
}
