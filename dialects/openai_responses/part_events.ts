/** The events of the parts of an item: texts, refusals, thoughts. Four kinds, one pattern. */

import type { Json, JsonObject } from "../../chat/json.ts";

/** How a kind of part is told of. */
interface PartWords {
  /** The member of an event that says which part of its item it is. */
  index: "content_index" | "summary_index";
  /** The list of the item that it stands in. */
  list: "content" | "summary";
  /** Its events begin so, and end in `added` and `done`. */
  event: string;
  /** The events of its text begin so, and end in `delta` and `done`. */
  textEvent: string;
  /** The member that holds its text, in the part and in the last event of the text. */
  member: "text" | "refusal";
}

const CONTENT = { index: "content_index", list: "content", event: "response.content_part" } as const;

export const PARTS = {
  output_text: { ...CONTENT, textEvent: "response.output_text", member: "text" },
  refusal: { ...CONTENT, textEvent: "response.refusal", member: "refusal" },
  reasoning_text: { ...CONTENT, textEvent: "response.reasoning_text", member: "text" },
  summary_text: {
    index: "summary_index",
    list: "summary",
    event: "response.reasoning_summary_part",
    textEvent: "response.reasoning_summary_text",
    member: "text",
  },
} as const satisfies Record<string, PartWords>;

export type PartType = keyof typeof PARTS;

/** A part that has begun. Its text grows by `+=`: V8 keeps the pieces as a rope. */
export interface OpenPart {
  type: PartType;
  /** Where it stands: `item_id` and `output_index`. */
  place: JsonObject;
  index: number;
  text: string;
  /** Only for `output_text`. */
  annotations: Json[];
  logprobs: Json[];
}

export function newPart(type: PartType, { place, index }: Pick<OpenPart, "place" | "index">): OpenPart {
  return { type, place, index, text: "", annotations: [], logprobs: [] };
}

/** The part as it stands in its item: a copy. */
export function partValue({ type, text, annotations, logprobs }: OpenPart): JsonObject {
  const notes = type === "output_text" ? { annotations: [...annotations], logprobs: [...logprobs] } : {};
  return { type, [PARTS[type].member]: text, ...notes };
}

export function partAdded(part: OpenPart): JsonObject {
  return { type: `${PARTS[part.type].event}.added`, ...placeOf(part), part: partValue(part) };
}

/** The part grows by the text; `logprobs` are the text's. */
export function partDelta(part: OpenPart, delta: string, { logprobs }: { logprobs: Json[] }): JsonObject {
  part.text += delta;
  for (const logprob of logprobs) part.logprobs.push(logprob);
  const type = `${PARTS[part.type].textEvent}.delta`;
  return { type, ...placeOf(part), delta, ...(part.type === "output_text" && { logprobs }) };
}

export function annotationAdded(part: OpenPart, annotation: JsonObject): JsonObject {
  const annotation_index = part.annotations.push(annotation) - 1;
  return { type: "response.output_text.annotation.added", ...placeOf(part), annotation_index, annotation };
}

export function partDone(part: OpenPart): JsonObject[] {
  const { event, textEvent, member } = PARTS[part.type];
  const logprobs = part.type === "output_text" ? { logprobs: part.logprobs } : {};
  return [
    { type: `${textEvent}.done`, ...placeOf(part), [member]: part.text, ...logprobs },
    { type: `${event}.done`, ...placeOf(part), part: partValue(part) },
  ];
}

function placeOf({ type, place, index }: OpenPart): JsonObject {
  return { ...place, [PARTS[type].index]: index };
}
