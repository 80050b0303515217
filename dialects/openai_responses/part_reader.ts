/** What the parts of an upstream's items say: texts, refusals, thoughts and notes, each once. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { parseAnnotation } from "./annotations.ts";
import type { ItemLedger, ItemPlace, ItemState, Take } from "./item_ledger.ts";
import { PART_BREAK } from "./reasoning_items.ts";

/** A text of one part of an item: a delta of it or the whole, as `take` says. */
export interface PartText {
  place: ItemPlace;
  part: number;
  text: string;
  take: Take;
}

export interface PartReader {
  text(text: PartText): ChatEvent[];
  refusal(text: PartText): ChatEvent[];
  thought(text: PartText, kind: "summary" | "content"): ChatEvent[];
  annotation(place: ItemPlace, annotation: JsonObject): ChatEvent[];
  /** Those of all of a part's annotations that were not told alone. */
  missed(place: ItemPlace, annotations: readonly JsonObject[]): ChatEvent[];
  hasRefusal(): boolean;
}

export function partReader(ledger: ItemLedger): PartReader {
  let hasRefusal = false;
  /** The message that spoke last. One right behind it begins a paragraph: a comment ends, the answer begins. */
  let speaker: ItemState | undefined;

  function annotation(place: ItemPlace, annotation: JsonObject): ChatEvent[] {
    ledger.at(place).annotations++;
    return [{ type: "annotation", annotation: parseAnnotation(annotation) }];
  }

  return {
    text({ place, part, text, take }) {
      const state = ledger.at(place);
      const said = take(state, { part: `text/${part}`, text });
      if (said === "") return [];
      const isNext = speaker?.index !== undefined && speaker.index + 1 === state.index;
      speaker = state;
      return [{ type: "text", text: isNext ? PART_BREAK + said : said }];
    },
    refusal({ place, part, text, take }) {
      const said = take(ledger.at(place), { part: `refusal/${part}`, text });
      if (said === "") return [];
      hasRefusal = true;
      return [{ type: "refusal", text: said }];
    },
    thought({ place, part, text, take }, kind) {
      const state = ledger.at(place);
      const said = take(state, { part: `${kind}/${part}`, text });
      if (said === "" || (state.thoughts ??= kind) !== kind) return [];
      const isNext = state.thoughtPart !== undefined && state.thoughtPart !== part;
      state.thoughtPart = part;
      return [{ type: "reasoning", text: isNext ? PART_BREAK + said : said }];
    },
    annotation,
    missed: (place, annotations) =>
      annotations.slice(ledger.at(place).annotations).flatMap((missed) => annotation(place, missed)),
    hasRefusal: () => hasRefusal,
  };
}
