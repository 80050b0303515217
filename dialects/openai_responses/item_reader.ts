/** What the items of an upstream's answer say: once, be it told in deltas, in the `done` events, or both. */

import type { ChatEvent } from "../../chat/event.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import { toolCallTracker } from "../tool_call_tracker.ts";
import { parseEncrypted } from "./encrypted_content.ts";
import { itemLedger, type ItemPlace, type Take, takeWhole } from "./item_ledger.ts";
import { PART_BREAK } from "./reasoning_items.ts";
import { type OutputItem, outputItemSchema } from "./schema.ts";

/** A text of one part of an item: a delta of it or the whole, as `take` says. */
export interface PartText {
  place: ItemPlace;
  part: number;
  text: string;
  take: Take;
}

/** `makeId` makes an id for a call of that index whose upstream gave none. */
export function itemReader(makeId: (index: number) => string) {
  const ledger = itemLedger();
  const calls = toolCallTracker(makeId);
  /** A signature that waits for the call it belongs to. */
  let callSignature: string | undefined;
  let hasRefusal = false;

  function text({ place, part, text, take }: PartText): ChatEvent[] {
    const said = take(ledger.at(place), { part: `text/${part}`, text });
    return said === "" ? [] : [{ type: "text", text: said }];
  }

  function refusal({ place, part, text, take }: PartText): ChatEvent[] {
    const said = take(ledger.at(place), { part: `refusal/${part}`, text });
    if (said === "") return [];
    hasRefusal = true;
    return [{ type: "refusal", text: said }];
  }

  function thought({ place, part, text, take }: PartText, kind: "summary" | "content"): ChatEvent[] {
    const state = ledger.at(place);
    const said = take(state, { part: `${kind}/${part}`, text });
    if (said === "" || (state.thoughts ??= kind) !== kind) return [];
    const isNext = state.thoughtPart !== undefined && state.thoughtPart !== part;
    state.thoughtPart = part;
    return [{ type: "reasoning", text: isNext ? PART_BREAK + said : said }];
  }

  function call({ place, text, take }: PartText, item?: OutputItem): ChatEvent[] {
    const state = ledger.at(place);
    // Once the name is known, only the place tells whose arguments these are.
    const head = state.isCalled || item === undefined ? {} : {
      id: item.call_id ?? item.id ?? undefined,
      name: item.name ?? undefined,
      signature: callSignature,
    };
    const { events } = calls.push({ index: state.index, arguments: take(state, { part: "json", text }), ...head });
    if (events.some(({ type }) => type === "tool-call")) {
      state.isCalled = true;
      callSignature = undefined;
    }
    return events;
  }

  function annotate(place: ItemPlace, annotation: JsonObject): ChatEvent[] {
    ledger.at(place).annotations++;
    return [{ type: "annotation", annotation }];
  }

  function readMessage(item: OutputItem, place: ItemPlace): ChatEvent[] {
    return (item.content ?? []).flatMap((content, part) => {
      const said = text({ place, part, text: content.text ?? "", take: takeWhole });
      const refused = refusal({ place, part, text: content.refusal ?? "", take: takeWhole });
      const missed = (content.annotations ?? []).slice(ledger.at(place).annotations);
      const logprobs = said.length === 0 ? [] : logprobsOf(content.logprobs);
      return [...said, ...logprobs, ...refused, ...missed.flatMap((annotation) => annotate(place, annotation))];
    });
  }

  function readReasoning(item: OutputItem, place: ItemPlace): ChatEvent[] {
    const read = (kind: "summary" | "content") =>
      (item[kind] ?? []).flatMap(({ text }, part) => thought({ place, part, text: text ?? "", take: takeWhole }, kind));
    return [...read("summary"), ...read("content"), ...readSealed(item.encrypted_content)];
  }

  function readSealed(content: string | null | undefined): ChatEvent[] {
    if (!content) return [];
    const sealed = parseEncrypted(content);
    switch (sealed.kind) {
      case "thought":
        return [{ type: "reasoning", text: "", signature: sealed.text }];
      case "redacted":
        return [{ type: "redacted-reasoning", data: sealed.text }];
      case "call":
        callSignature = sealed.text;
        return [];
      default:
        return sealed.kind satisfies never;
    }
  }

  function readCall(item: OutputItem, place: ItemPlace): ChatEvent[] {
    return call({ place, part: 0, text: item.input ?? argumentsText(item.arguments), take: takeWhole }, item);
  }

  const READERS: ReadonlyMap<string, (item: OutputItem, place: ItemPlace) => ChatEvent[]> = new Map([
    ["message", readMessage],
    ["reasoning", readReasoning],
    ["function_call", readCall],
    ["custom_tool_call", readCall],
    ["image_generation_call", readImage],
  ]);

  return {
    ...{ text, refusal, thought, call, annotate },

    /** An item begins: a call gives its name then. */
    added(value: JsonObject, given: ItemPlace): ChatEvent[] {
      const item = outputItemSchema.parse(value);
      const place = placeOf(item, given);
      ledger.at(place);
      return READERS.get(item.type ?? "") === readCall ? readCall(item, place) : [];
    },

    /** An item is whole: what of it was not yet said. What only this dialect knows is said as it is. */
    done(value: JsonObject, given: ItemPlace): ChatEvent[] {
      const item = outputItemSchema.parse(value);
      const place = placeOf(item, given);
      const state = ledger.at(place);
      if (state.isDone) return [];
      state.isDone = true;
      const read = READERS.get(item.type ?? "");
      return read === undefined ? [{ type: "opaque", dialect: "openai_responses", value }] : read(item, place);
    },

    ledger,
    said: () => ({ hasCalls: calls.count() > 0, hasRefusal }),
  };
}

/** An event about a whole item has the item's id within it. */
function placeOf({ id }: OutputItem, { output_index, item_id }: ItemPlace): ItemPlace {
  return { output_index, item_id: item_id ?? id };
}

function readImage({ result, output_format }: OutputItem): ChatEvent[] {
  return result ? [{ type: "media", mediaType: `image/${output_format ?? "png"}`, data: result }] : [];
}

export function logprobsOf(content: Json[] | null | undefined): ChatEvent[] {
  return content?.length ? [{ type: "logprobs", content }] : [];
}

/** Compatible vendors send an object (CASES T10). */
function argumentsText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
