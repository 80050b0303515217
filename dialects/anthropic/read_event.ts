/** An event of an upstream's stream as it was read, before it is known what it means for the answer. */

import type { JsonObject } from "../../chat/json.ts";
import { repeatedJson, type Varied } from "../repeated_json.ts";
import { eventSchema, type StreamDelta, type StreamEvent } from "./schema.ts";

export interface ReadEvent {
  /** The JSON itself. Its text is not to be read from here: it may be that of an event before. */
  body: JsonObject;
  parsed: StreamEvent;
}

/** A parser for one stream: most of its events are the one before with another text. */
export function readEvents(): (json: string) => ReadEvent | undefined {
  return repeatedJson({ read: (body): ReadEvent => ({ body, parsed: eventSchema().parse(body) }), varied, withVaried });
}

/** The members of a delta that are text of the answer, of a thought, or of a call's input. */
const TEXT_NAMES = ["text", "thinking", "partial_json"] as const;

function varied({ parsed: { delta } }: ReadEvent): Varied | undefined {
  const name = delta && nameIn(delta);
  return name ? { text: delta[name] ?? "" } : undefined;
}

function withVaried({ body, parsed }: ReadEvent, { text }: Varied): ReadEvent {
  const { delta } = parsed;
  const name = delta && nameIn(delta);
  return { body, parsed: name ? { ...parsed, delta: { ...delta, [name]: text } } : parsed };
}

function nameIn(delta: StreamDelta): (typeof TEXT_NAMES)[number] | undefined {
  return TEXT_NAMES.find((name) => delta[name]);
}
