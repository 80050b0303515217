/** What an upstream of another dialect said, as the client's formatter takes it. */

import type { Beat, ChatEvent } from "../chat/event.ts";
import type { Tool } from "../chat/request.ts";
import { restoreToolName } from "../dialects/tool_ids.ts";
import type { Pull } from "../streaming/pull.ts";

/** The beats without frames of the upstream's own, and with its calls under the names the client knows (CASES T23). */
export function asForeign(source: Pull<Beat[]>, tools: readonly Tool[] | undefined): Pull<Beat[]> {
  const restored = (event: ChatEvent): ChatEvent =>
    event.type === "tool-call" ? { ...event, name: restoreToolName(event.name, tools) } : event;
  return {
    next: async () =>
      (await source.next())?.map(({ raw: _, ...beat }) => ({ ...beat, events: beat.events.map(restored) })),
    cancel: (reason) => source.cancel(reason),
  };
}
