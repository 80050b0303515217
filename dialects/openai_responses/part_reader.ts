/** What the parts of an upstream's items say: texts, refusals, thoughts and notes, each once. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { moveAnnotation, parseAnnotation } from "./annotations.ts";
import type { ItemLedger, ItemPlace, ItemState, Take } from "./item_ledger.ts";
import { PART_BREAK } from "./reasoning_items.ts";

/** A text of one part of an item: a delta of it or the whole, as `take` says. */
export interface PartText {
  place: ItemPlace;
  part: number;
  text: string;
  take: Take;
}

/** Whose text an annotation is on. */
export type PartNote = Pick<PartText, "place" | "part">;

export interface PartReader {
  text(text: PartText): ChatEvent[];
  refusal(text: PartText): ChatEvent[];
  thought(text: PartText, kind: "summary" | "content"): ChatEvent[];
  annotation(note: PartNote, annotation: JsonObject): ChatEvent[];
  /** Those of all of a part's annotations that were not told alone. */
  missed(note: PartNote, annotations: readonly JsonObject[]): ChatEvent[];
  hasRefusal(): boolean;
}

export function partReader(ledger: ItemLedger): PartReader {
  let hasRefusal = false;
  /** The message that spoke last. One right behind it begins a paragraph: a comment ends, the answer begins. */
  let speaker: ItemState | undefined;
  /** How long all the text is so far. */
  let length = 0;

  function annotation({ place, part }: PartNote, annotation: JsonObject): ChatEvent[] {
    const state = ledger.at(place);
    state.annotations++;
    return [{
      type: "annotation",
      annotation: moveAnnotation(parseAnnotation(annotation), state.begins.get(part) ?? 0),
    }];
  }

  return {
    text({ place, part, text, take }) {
      const state = ledger.at(place);
      const said = take(state, { part: `text/${part}`, text });
      if (said === "") return [];
      const isNext = speaker?.index !== undefined && speaker.index + 1 === state.index;
      speaker = state;
      const spoken = isNext ? PART_BREAK + said : said;
      if (!state.begins.has(part)) state.begins.set(part, length + spoken.length - said.length);
      length += spoken.length;
      return [{ type: "text", text: spoken }];
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
    missed: (note, annotations) =>
      annotations.slice(ledger.at(note.place).annotations).flatMap((missed) => annotation(note, missed)),
    hasRefusal: () => hasRefusal,
  };
}
