/** Keeps what each item of an upstream's answer has said, as its `done` events say it all once more. */

/** Where an event belongs: upstreams leave out one or the other. */
export interface ItemPlace {
  output_index?: number | null | undefined;
  item_id?: string | null | undefined;
}

export interface ItemState {
  index: number | undefined;
  /** What was said so far, by part. */
  said: Map<string, string>;
  /** Where a vendor tells its thoughts both summed up and in full, the first of the two counts. */
  thoughts?: "summary" | "content";
  /** The part of the thoughts that spoke last. */
  thoughtPart?: number;
  /** Whether the call was told of: by now its name is known. */
  isCalled: boolean;
  annotations: number;
  /** Where the text of each of its parts begins within all the text. */
  begins: Map<number, number>;
  isDone: boolean;
}

/** Takes a delta, or a whole of which deltas may have come before, and gives what of it is new. */
export type Take = (state: ItemState, text: { part: string; text: string }) => string;

export const takeDelta: Take = ({ said }, { part, text }) => {
  said.set(part, (said.get(part) ?? "") + text);
  return text;
};

/** A whole that is not what the deltas said cannot be unsaid, and says nothing new. */
export const takeWhole: Take = (state, { part, text }) => {
  const said = state.said.get(part) ?? "";
  return text.length > said.length && text.startsWith(said)
    ? takeDelta(state, { part, text: text.slice(said.length) })
    : "";
};

export interface ItemLedger {
  at(place: ItemPlace): ItemState;
  /** Where an item of the final output belongs; nowhere if it was told before, by whatever it was known. */
  untold(id: string | undefined, index: number): ItemPlace | undefined;
  isEmpty(): boolean;
  /** Whether no item waits for its end. */
  isSettled(): boolean;
}

/** The key of what bears neither an index nor an id. */
const ANYWHERE = "";

export function itemLedger(): ItemLedger {
  const items = new Map<number | string, ItemState>();
  return {
    at({ output_index, item_id }) {
      const key = output_index ?? item_id ?? ANYWHERE;
      const known = items.get(key);
      if (known !== undefined) return known;
      const index = output_index ?? undefined;
      const state: ItemState = {
        index,
        said: new Map(),
        isCalled: false,
        annotations: 0,
        begins: new Map(),
        isDone: false,
      };
      items.set(key, state);
      return state;
    },
    untold(id, index) {
      const known = items.get(index) ?? items.get(id ?? ANYWHERE);
      if (items.has(ANYWHERE) || known?.isDone) return undefined;
      return known !== undefined && known.index === undefined ? { item_id: id } : { output_index: index };
    },
    isEmpty: () => items.size === 0,
    isSettled: () => [...items.values()].every(({ isDone }) => isDone),
  };
}
