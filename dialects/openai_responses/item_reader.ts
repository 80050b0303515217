/** What the items of an upstream's answer say: once, be it told in deltas, in the `done` events, or both. */

import type { ChatEvent } from "../../chat/event.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { mediaEvent } from "../media_event.ts";
import { queriesIn } from "../web_search.ts";
import { argumentsOf, type CallReader, callReader } from "./call_reader.ts";
import { parseEncrypted, type Sealed } from "./encrypted_content.ts";
import { type ItemLedger, itemLedger, type ItemPlace, takeWhole } from "./item_ledger.ts";
import { type PartReader, partReader } from "./part_reader.ts";
import { type OutputItem, outputItemSchema } from "./schema.ts";

export interface ItemReader {
  /** An item begins: a call gives its name then. */
  added(item: JsonObject, place: ItemPlace): ChatEvent[];
  /** An item is whole: what of it was not yet said. What only this dialect knows is said as it is. */
  done(item: JsonObject, place: ItemPlace): ChatEvent[];
  /** The final output, of which some upstreams tell all before, others nothing; an empty one says nothing (CASES P7). */
  rest(output: readonly JsonObject[]): ChatEvent[];
  /** What is told of an item between its begin and its end. */
  parts: PartReader;
  calls: CallReader;
  ledger: ItemLedger;
}

/** `makeId` makes an id for a call of that index whose upstream gave none. */
export function itemReader(makeId: (index: number) => string): ItemReader {
  const ledger = itemLedger();
  const parts = partReader(ledger);
  const calls = callReader(ledger, makeId);

  /** A whole item; `undefined` for one that only this dialect knows. */
  function read(item: OutputItem, place: ItemPlace): ChatEvent[] | undefined {
    switch (item.type) {
      case "message":
        return readMessage(item, { place, parts });
      case "reasoning": {
        const sealed = item.encrypted_content ? parseEncrypted(item.encrypted_content) : undefined;
        if (sealed?.kind === "call") calls.sign(sealed.text);
        return [...readThoughts(item, { place, parts }), ...(sealed === undefined ? [] : readSealed(sealed))];
      }
      case "function_call":
      case "custom_tool_call":
        return calls.read({ place, text: argumentsOf(item), take: takeWhole }, item);
      case "image_generation_call":
        return readImage(item);
      default:
        return undefined;
    }
  }

  function done(value: JsonObject, given: ItemPlace): ChatEvent[] {
    const item = outputItemSchema().parse(value);
    const place = placeOf(item, given);
    const state = ledger.at(place);
    if (state.isDone) return [];
    state.isDone = true;
    return read(item, place) ?? [readOther(value)];
  }

  return {
    added(value, given) {
      const item = outputItemSchema().parse(value);
      const place = placeOf(item, given);
      ledger.at(place);
      return isCall(item) ? read(item, place) ?? [] : [];
    },
    done,
    rest: (output) =>
      output.flatMap((item, index) => {
        const place = ledger.untold(typeof item.id === "string" ? item.id : undefined, index);
        return place === undefined ? [] : done(item, place);
      }),
    parts,
    calls,
    ledger,
  };
}

/** An item that only this dialect has. */
function readOther(value: JsonObject): ChatEvent {
  const { type, action } = value;
  const queries = type === "web_search_call" && isObject(action) ? queriesIn(action.query, action.queries) : undefined;
  return { type: "opaque", dialect: "openai_responses", value, ...(queries && { queries }) };
}

/** An event about a whole item has the item's id within it. */
function placeOf({ id }: OutputItem, { output_index, item_id }: ItemPlace): ItemPlace {
  return { output_index, item_id: item_id ?? id };
}

function isCall({ type }: OutputItem): boolean {
  return type === "function_call" || type === "custom_tool_call";
}

interface Placed {
  place: ItemPlace;
  parts: PartReader;
}

function readMessage({ content }: OutputItem, { place, parts }: Placed): ChatEvent[] {
  return (content ?? []).flatMap(({ text, refusal, logprobs, annotations }, part) => {
    const said = parts.text({ place, part, text: text ?? "", take: takeWhole });
    return [
      ...said,
      ...(said.length === 0 ? [] : logprobsOf(logprobs)),
      ...parts.refusal({ place, part, text: refusal ?? "", take: takeWhole }),
      ...parts.missed({ place, part }, annotations ?? []),
    ];
  });
}

function readThoughts(item: OutputItem, { place, parts }: Placed): ChatEvent[] {
  return (["summary", "content"] as const).flatMap((kind) =>
    (item[kind] ?? []).flatMap(({ text }, part) =>
      parts.thought({ place, part, text: text ?? "", take: takeWhole }, kind)
    )
  );
}

/** What seals a thought; a call's signature is told with the call. */
function readSealed({ kind, text }: Sealed): ChatEvent[] {
  switch (kind) {
    case "thought":
      return [{ type: "reasoning", text: "", signature: text }];
    case "redacted":
      return [{ type: "redacted-reasoning", data: text }];
    case "call":
      return [];
    default:
      return kind satisfies never;
  }
}

function readImage({ result, output_format }: OutputItem): ChatEvent[] {
  return mediaEvent(`image/${output_format ?? "png"}`, result ?? "");
}

export function logprobsOf(content: Json[] | null | undefined): ChatEvent[] {
  return content?.length ? [{ type: "logprobs", content }] : [];
}
