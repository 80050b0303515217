/** Sources of what was said: grounding and citations, and the neutral annotations, which are OpenAI's. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** What search found, at the places of the text that rest on it; at the whole text where the API does not say. */
export function parseGrounding(grounding: JsonObject, text: string): JsonObject[] {
  const sources = listOf(grounding.groundingChunks).map(({ web }) => isObject(web) ? web : {});
  const supports = listOf(grounding.groundingSupports);
  const toPlace = places(text);
  if (supports.length === 0) {
    return sources.flatMap((source) => annotate(source, { startIndex: 0, endIndex: text.length }));
  }
  return supports.flatMap(({ segment, groundingChunkIndices: indices }) => {
    const { startIndex = 0, endIndex = 0 } = isObject(segment) ? segment : {};
    const place = { startIndex: toPlace(startIndex), endIndex: toPlace(endIndex) };
    return [indices ?? []].flat().flatMap((index) => annotate(sources[Number(index)] ?? {}, place));
  });
}

/** Passages taken from a source. */
export function parseCitations(metadata: JsonObject, text: string): JsonObject[] {
  const toPlace = places(text);
  return listOf(metadata.citationSources ?? metadata.citations).flatMap((source) =>
    annotate(source, { startIndex: toPlace(source.startIndex ?? 0), endIndex: toPlace(source.endIndex ?? 0) })
  );
}

export function formatCitations(annotations: readonly JsonObject[], text: string): JsonObject | undefined {
  const citationSources = annotations.filter(({ type }) => type === "url_citation").map((annotation) => {
    // Chat Completions has the members in an object of their own, the Responses API has not.
    const citation = isObject(annotation.url_citation) ? annotation.url_citation : annotation;
    const { start_index: start, end_index: end, url: uri, title } = citation;
    return {
      startIndex: bytesTo(text, start),
      endIndex: bytesTo(text, end),
      uri,
      ...(title !== undefined && { title }),
    };
  });
  return citationSources.length === 0 ? undefined : { citationSources };
}

function annotate(
  source: JsonObject,
  { startIndex, endIndex }: { startIndex: number; endIndex: number },
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

function bytesTo(text: string, place: Json | undefined): number {
  return new TextEncoder().encode(text.slice(0, Number(place ?? 0))).length;
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
