/** The pages that some vendors name beside their answer, in place of annotations. */

import type { ChatEvent } from "../../chat/event.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

export interface FoundSources {
  /** Takes note of the pages that a chunk names: many repeat them in each. */
  hear(body: JsonObject): void;
  /** Those that have not been told, as annotations. */
  take(): ChatEvent[];
}

const NONE: ChatEvent[] = [];

/**
 * Perplexity: `search_results` of `{title, url}`, and `citations`, which are addresses alone, as xAI's are; GLM: `web_search`
 * of `{title, link}` (https://docs.kapon.cloud/glm/web-search). They do not say which words rest on which page.
 */
export function foundSources(): FoundSources {
  /** Titles by address. */
  const found = new Map<string, string>();
  let told = 0;

  function note(url: Json | undefined, title: Json | undefined): void {
    if (typeof url !== "string" || url === "" || found.has(url)) return;
    found.set(url, typeof title === "string" && title !== "" ? title : url);
  }

  return {
    hear({ search_results, web_search, citations }) {
      for (const { url, title } of objectsIn(search_results)) note(url, title);
      for (const { link, title } of objectsIn(web_search)) note(link, title);
      if (Array.isArray(citations)) citations.forEach((url) => note(url, undefined));
    },
    take() {
      if (told === found.size) return NONE;
      const fresh = [...found].slice(told);
      told = found.size;
      return fresh.map(([url, title]): ChatEvent => ({
        type: "annotation",
        annotation: { type: "url_citation", url_citation: { url, title, start_index: 0, end_index: 0 } },
      }));
    },
  };
}

function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
