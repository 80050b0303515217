/** What a search of the web at another vendor found, in the blocks that clients of Messages look for. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { asksForSearch, citedPage } from "../web_search.ts";

export interface FoundPages {
  hear(events: readonly ChatEvent[]): void;
  /** A search and its result, behind all that was said; none where the client asked for none, or has them already. */
  blocks(): ChatEvent[];
}

/** `id` is a new one of letters and digits. */
export function foundPages(request: ChatRequest, id: string): FoundPages {
  if (!asksForSearch(request.tools, "anthropic")) return { hear() {}, blocks: () => [] };
  const queries: string[] = [];
  /** Titles by address, in the order in which they were cited. */
  const pages = new Map<string, string>();
  let isTold = false;

  function hear(event: ChatEvent): void {
    if (event.type === "annotation") {
      const page = citedPage(event.annotation);
      if (page !== undefined && !pages.has(page.url)) pages.set(page.url, page.title ?? page.url);
    } else if (event.type === "opaque") {
      isTold ||= event.value.type === "web_search_tool_result";
      queries.push(...event.queries ?? []);
    }
  }

  return {
    hear: (events) => events.forEach(hear),
    blocks() {
      if (isTold || pages.size + queries.length === 0) return [];
      const call = `srvtoolu_${id.replace(/\W/g, "")}`;
      const input = queries.length === 0 ? {} : { query: queries.join("; ") };
      const content = [...pages].map(([url, title]) => ({
        type: "web_search_result",
        url,
        title,
        // Only Anthropic can make one; it refuses this in a history, where it is left out.
        encrypted_content: "",
        page_age: null,
      }));
      return [
        { type: "server_tool_use", id: call, name: "web_search", input },
        { type: "web_search_tool_result", tool_use_id: call, content },
      ].map((value): ChatEvent => ({ type: "opaque", dialect: "anthropic", value: value as JsonObject }));
    },
  };
}
