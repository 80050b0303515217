/** A search of the web that a vendor ran: who asked for it, what it was for, and the pages that an answer rests on. */

import type { DialectName } from "../chat/event.ts";
import type { Json, JsonObject } from "../chat/json.ts";
import type { Tool } from "../chat/request.ts";
import { isObject } from "./json.ts";

/** Whether a client of this dialect asked for it in its own words, and so reads what was found in those. */
export function asksForSearch(tools: readonly Tool[] = [], dialect: DialectName): boolean {
  return tools.some((tool) => tool.type === "server" && tool.kind === "web-search" && tool.dialect === dialect);
}

/** Whether a search is all that it is to do, whoever runs it: agents ask so for the results of a tool of their own. */
export function asksForSearchAlone(tools: readonly Tool[] = []): boolean {
  return tools.length > 0 && tools.every((tool) => tool.type === "server" && tool.kind === "web-search");
}

export interface CitedPage {
  url: string;
  title?: string;
  /** The place in the text that rests on it, in UTF-16 units. */
  start: number;
  end: number;
}

/** `undefined` where the annotation names no page. */
export function citedPage(annotation: JsonObject): CitedPage | undefined {
  // Chat Completions has the members in an object of their own, the Responses API has not.
  const { url, title, start_index, end_index } = isObject(annotation.url_citation)
    ? annotation.url_citation
    : annotation;
  if (annotation.type !== "url_citation" || typeof url !== "string") return undefined;
  const place = { start: Number(start_index ?? 0), end: Number(end_index ?? 0) };
  return typeof title === "string" && title !== "" ? { url, title, ...place } : { url, ...place };
}

/** What was searched for, as an event has it: `undefined` for nothing. */
export function queriesIn(...values: (Json | undefined)[]): string[] | undefined {
  const queries = values.flat().filter((query) => typeof query === "string" && query !== "");
  return queries.length === 0 ? undefined : [...new Set(queries as string[])];
}
