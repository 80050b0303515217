/** Lines up what is said into contents that the API accepts (CASES G12, G15, T20, T22). */

import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

export interface Turns {
  /** Instructions and what the user says. While calls wait for their results, it is held back until those came. */
  user(parts: JsonObject[]): void;
  /** What the model said; its calls wait for their results. */
  model(parts: JsonObject[]): void;
  /** The result of a call; false where no such call waits for one. `make` writes it under the call's name. */
  result(id: string, make: (name: string) => JsonObject): boolean;
  /** The contents: none empty, calls answered, ending on the user unless `allowPrefill`. */
  end(options: { allowPrefill: boolean }): JsonObject[];
}

interface Content {
  role: "user" | "model";
  /** Results may not share a content with text (https://github.com/envoyproxy/ai-gateway/pull/2686, 2026-09). */
  kind: "said" | "results";
  parts: JsonObject[];
}

/** What is put where a turn of the user's must be. */
const FILLER: JsonObject = { text: "Continue." };

export function turns(): Turns {
  const contents: Content[] = [];
  /** The calls of the last turn of the model's that have no result yet: their ids and names. */
  const waiting = new Map<string, string>();
  let held: JsonObject[] = [];

  function add({ role, kind, parts }: Content): void {
    const last = contents.at(-1);
    if (parts.length === 0) return;
    if (last?.role !== role || last.kind !== kind) contents.push({ role, kind, parts: [...parts] });
    else for (const part of parts) last.parts.push(part);
  }

  /** Answers the calls that nobody did, as the API refuses a history in which one is open, and writes what was held. */
  function settle(): void {
    for (const [id, name] of waiting) {
      const response = { error: "The call was not answered" };
      add({ role: "user", kind: "results", parts: [{ functionResponse: { id, name, response } }] });
    }
    waiting.clear();
    add({ role: "user", kind: "said", parts: held });
    held = [];
  }

  return {
    user(parts) {
      for (const part of parts) held.push(part);
      if (waiting.size === 0) settle();
    },
    model(parts) {
      const goesOn = contents.at(-1)?.role === "model" && held.length === 0;
      if (!goesOn) settle();
      add({ role: "model", kind: "said", parts });
      for (const { functionCall: call } of parts) {
        if (isObject(call)) waiting.set(String(call.id), String(call.name));
      }
    },
    result(id, make) {
      const name = waiting.get(id);
      if (name === undefined) return false;
      waiting.delete(id);
      add({ role: "user", kind: "results", parts: [make(name)] });
      return true;
    },
    end({ allowPrefill }) {
      settle();
      if (contents[0]?.role === "model") contents.unshift({ role: "user", kind: "said", parts: [FILLER] });
      if (contents.at(-1)?.role === "model" && !allowPrefill) add({ role: "user", kind: "said", parts: [FILLER] });
      return contents.map(({ role, parts }) => ({ role, parts }));
    },
  };
}
