/** An event of an upstream's stream as it was read, before it is known what it means for the answer. */

import type { JsonObject } from "../../chat/json.ts";
import { repeatedJson, type Varied } from "../repeated_json.ts";
import { frameSchema, type StreamFrame } from "./schema.ts";

export interface ReadFrame {
  /** The JSON itself. Its delta and its number are not to be read from here: they may be those of an event before. */
  body: JsonObject;
  frame: StreamFrame;
}

/** A parser for one stream: most of its events are the one before with another delta and another number. */
export function frameParser(): (json: string) => ReadFrame | undefined {
  return repeatedJson({ read: readFrame, varied, withVaried });
}

function readFrame(body: JsonObject): ReadFrame {
  return { body, frame: frameSchema().parse(body) };
}

function varied({ frame: { delta, sequence_number } }: ReadFrame): Varied | undefined {
  return delta ? { text: delta, number: sequence_number ?? undefined } : undefined;
}

function withVaried({ body, frame }: ReadFrame, { text, number }: Varied): ReadFrame {
  return { body, frame: { ...frame, delta: text, ...(number !== undefined && { sequence_number: number }) } };
}
