/** Whether an upstream's events may go to a client as they are: they must keep what our own output keeps. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** Events of the upstream's keep-alive; ours is made anew (CASES V7). */
const KEEP_ALIVE: ReadonlySet<string> = new Set(["keepalive", "response.in_progress", "response.queued"]);

/**
 * Made anew for each stream. A stream is relayable if it begins with a proper `response.created`, and up to the first event
 * that is not: those after it may grow what it began. The function tells of each event in turn. `hadItems`: whether items
 * were told before it.
 */
export function relayRules(): (frame: JsonObject, context: { hadItems: boolean }) => boolean {
  let isIntact: boolean | undefined;
  const told = new Set<string>();

  return function isRelayable(frame, { hadItems }) {
    isIntact ??= isBeginning(frame);
    const isSound = Number.isInteger(frame.sequence_number) && isName(frame.type);
    if (isName(frame.type) && KEEP_ALIVE.has(frame.type)) {
      const isFirst = frame.type !== "keepalive" && !told.has(frame.type) && !hadItems;
      told.add(frame.type);
      return isIntact && isSound && isFirst;
    }
    isIntact &&= isSound;
    return isIntact && !isWanting(frame, hadItems);
  };
}

/** What can stand in an `event:` line. */
function isName(type: Json | undefined): type is string {
  return typeof type === "string" && /^[\w.-]+$/.test(type);
}

function isBeginning({ type, response }: JsonObject): boolean {
  return type === "response.created" && isObject(response) && typeof response.id === "string" && response.id !== "";
}

/** Clients take the output and the counts from the last event; some upstreams leave one or the other out (CASES P7). */
function isWanting({ type, response }: JsonObject, hadItems: boolean): boolean {
  if (type !== "response.completed" && type !== "response.incomplete") return false;
  if (!isObject(response) || !isObject(response.usage) || !Array.isArray(response.output)) return true;
  return hadItems && response.output.length === 0;
}
