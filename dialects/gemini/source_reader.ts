/** The sources that one candidate rests on, each told once: the API repeats what it found in each chunk. */

import type { ChatEvent } from "../../chat/event.ts";
import { parseCitations, parseGrounding } from "./citations.ts";
import type { AnswerCandidate } from "./schema.ts";

export interface SourceReader {
  /** Takes note of what was said, as the API gives places in it. */
  hear(events: readonly ChatEvent[]): void;
  read(candidate: AnswerCandidate): ChatEvent[];
}

export function sourceReader(): SourceReader {
  /** The annotations so far, as JSON. */
  const told = new Set<string>();
  let text = "";

  return {
    hear(events) {
      for (const event of events) if (event.type === "text") text += event.text;
    },
    read({ groundingMetadata, citationMetadata }) {
      const found = [
        ...(groundingMetadata ? parseGrounding(groundingMetadata, text) : []),
        ...(citationMetadata ? parseCitations(citationMetadata, text) : []),
      ];
      const fresh = found.filter((annotation) => !told.has(JSON.stringify(annotation)));
      for (const annotation of fresh) told.add(JSON.stringify(annotation));
      return fresh.map((annotation) => ({ type: "annotation", annotation }));
    },
  };
}
