/** Sources of what was said: grounding and citations, and the neutral annotations, which are OpenAI's. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { type CitedPage, citedPage } from "../web_search.ts";

/** What search found, at the places of the text that rest on it; at the whole text where the API does not say. */
export function parseGrounding(grounding: JsonObject, text: string): JsonObject[] {
  const sources = listOf(grounding.groundingChunks).map(({ web }) => isObject(web) ? web : {});
  const supports = listOf(grounding.groundingSupports);
  const toPlace = places(text);
  if (supports.length === 0) {
    return sources.flatMap((source) => annotate(source, { startIndex: 0, endIndex: text.length }));
  }
  return supports.flatMap(({ segment, groundingChunkIndices: indices }) => {
    const { startIndex = 0, endIndex = 0, text: said } = isObject(segment) ? segment : {};
    const place = findPlace({ startIndex: toPlace(startIndex), endIndex: toPlace(endIndex) }, said, text);
    return [indices ?? []].flat().flatMap((index) => annotate(sources[Number(index)] ?? {}, place));
  });
}

interface Place {
  startIndex: number;
  endIndex: number;
}

/**
 * Offsets count from the start of a part, which the API often does not name
 * (https://github.com/googleapis/python-genai/issues/961, 2025-06-11), and a stream's parts are cut anew in each chunk. So
 * the words of the segment tell where it is.
 */
function findPlace(place: Place, said: Json | undefined, text: string): Place {
  if (typeof said !== "string" || said === "" || text.startsWith(said, place.startIndex)) return place;
  const after = text.indexOf(said, place.startIndex);
  const startIndex = after === -1 ? text.lastIndexOf(said, place.startIndex) : after;
  return startIndex === -1 ? place : { startIndex, endIndex: startIndex + said.length };
}

/** Passages taken from a source. */
export function parseCitations(metadata: JsonObject, text: string): JsonObject[] {
  const toPlace = places(text);
  return listOf(metadata.citationSources ?? metadata.citations).flatMap((source) =>
    annotate(source, { startIndex: toPlace(source.startIndex ?? 0), endIndex: toPlace(source.endIndex ?? 0) })
  );
}

export function formatCitations(annotations: readonly JsonObject[], text: string): JsonObject | undefined {
  const citationSources = pagesIn(annotations).map(({ url: uri, title, start, end }) => {
    return { startIndex: bytesTo(text, start), endIndex: bytesTo(text, end), uri, ...(title && { title }) };
  });
  return citationSources.length === 0 ? undefined : { citationSources };
}

/** The same for a client that asked for a search: its pages, each once, and the places of the text that rest on them. */
export function formatGrounding(
  annotations: readonly JsonObject[],
  { text, queries }: { text: string; queries: readonly string[] },
): JsonObject | undefined {
  const pages = pagesIn(annotations);
  const urls = [...new Set(pages.map(({ url }) => url))];
  if (urls.length + queries.length === 0) return undefined;
  return {
    webSearchQueries: [...queries],
    groundingChunks: urls.map((uri) => ({ web: { uri, title: pages.find(({ url }) => url === uri)?.title ?? uri } })),
    groundingSupports: pages.filter(({ start, end }) => end > start).map(({ url, start, end }) => ({
      segment: { startIndex: bytesTo(text, start), endIndex: bytesTo(text, end), text: text.slice(start, end) },
      groundingChunkIndices: [urls.indexOf(url)],
    })),
  };
}

function pagesIn(annotations: readonly JsonObject[]): CitedPage[] {
  return annotations.map(citedPage).filter((page) => page !== undefined);
}

function annotate(
  source: JsonObject,
  { startIndex, endIndex }: Place,
): JsonObject[] {
  if (typeof source.uri !== "string") return [];
  const title = typeof source.title === "string" ? source.title : source.uri;
  const citation = { start_index: startIndex, end_index: endIndex, url: source.uri, title };
  return [{ type: "url_citation", url_citation: citation }];
}

/** Turns the API's offsets, which count UTF-8 bytes, into places in the text. */
function places(text: string): (offset: Json) => number {
  const bytes = new TextEncoder().encode(text);
  const utf8 = new TextDecoder();
  return (offset) => utf8.decode(bytes.subarray(0, Number(offset))).length;
}

function bytesTo(text: string, place: number): number {
  return new TextEncoder().encode(text.slice(0, place)).length;
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
