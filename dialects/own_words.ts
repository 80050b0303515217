/** Keeps a client's own words in a body that has to be written anew, so that only what a stage altered is told otherwise. */

import type { JsonObject } from "../chat/json.ts";
import type { ChatRequest, Loss } from "../chat/request.ts";
import { withoutAbsent } from "./given.ts";

type Field = Exclude<keyof ChatRequest, "model" | "stream" | "includeUsage" | "source" | "extra">;

/** The fields of a request that each member of a body is made of. */
export type FieldTable = Readonly<Record<string, readonly Field[]>>;

export interface Written {
  body: JsonObject;
  lost: Loss[];
}

export interface OwnWords {
  /** The client's body. */
  own: JsonObject;
  /** What that body says. */
  before: ChatRequest;
  fields: FieldTable;
  /** Members that the route decides, whatever the client wrote. */
  routed: readonly string[];
  /** Fields to be told anew although no stage altered them. */
  retold?: readonly Field[];
}

/**
 * The client's body, with those members as `written` has them that came of a field a stage altered (CASES Q5, R12). Thus
 * nothing is lost that only this dialect can say: the citations of a document, the phase of a message.
 */
export function keepOwnWords(request: ChatRequest, written: Written, options: OwnWords): Written {
  const { own, before, fields, routed, retold = [] } = options;
  const isAltered = (field: Field) => JSON.stringify(before[field]) !== JSON.stringify(request[field]);
  const altered = new Set<string>([...Object.values(fields).flat().filter(isAltered), ...retold]);
  const members = Object.keys(fields).filter((name) => fields[name]?.some((field) => altered.has(field)));
  const anew = [...members, ...routed].map((name) => [name, written.body[name]] as const);
  return {
    body: withoutAbsent({ ...own, ...Object.fromEntries(anew) }),
    lost: written.lost.filter(({ path }) => altered.has(path.replace(/\W.*/s, ""))),
  };
}
