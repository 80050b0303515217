/** A client's own messages for a vendor that would refuse some of them as they are. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { Target } from "../dialect.ts";
import { isObject } from "../json.ts";
import { knowsDevelopers } from "./developer_role.ts";
import { REASONING_NAMES } from "./reasoning.ts";

/**
 * The messages, changed where the vendor would refuse them: another role (CASES R6), a text as a list of parts (R9), thoughts
 * that it gave out itself. `undefined` where it takes them all, which is nearly always: then nothing is made.
 */
export function fitMessages(messages: Json | undefined, target: Target): Json[] | undefined {
  if (!Array.isArray(messages)) return undefined;
  const fits = fitsFor(target);
  if (!messages.some((message) => isObject(message) && fits.some(({ isRefused }) => isRefused(message)))) {
    return undefined;
  }
  return messages.map((message) => {
    if (!isObject(message)) return message;
    return fits.reduce((fitted, { isRefused, fit }) => isRefused(fitted) ? fit(fitted) : fitted, message);
  });
}

interface Fit {
  isRefused(message: JsonObject): boolean;
  fit(message: JsonObject): JsonObject;
}

const RENAMED: Fit = {
  isRefused: ({ role }) => role === "developer",
  fit: (message) => ({ ...message, role: "system" }),
};

const FLATTENED: Fit = {
  isRefused: ({ content }) => Array.isArray(content),
  fit: (message) => ({ ...message, content: flatText(message.content) ?? message.content ?? null }),
};

/** What a client was told of an answer's thoughts it sends back with the answer, whatever the vendor called them. */
const FORGOTTEN: Fit = {
  isRefused: (message) => message.role === "assistant" && REASONING_NAMES.some((name) => message[name] !== undefined),
  fit: (message) => Object.fromEntries(Object.entries(message).filter(([name]) => !NAMES.has(name))),
};

const NAMES: ReadonlySet<string> = new Set(REASONING_NAMES);

function fitsFor(target: Target): Fit[] {
  const { flatContent, replayReasoning } = target.quirks;
  return [
    ...knowsDevelopers(target) ? [] : [RENAMED],
    ...flatContent ? [FLATTENED] : [],
    ...replayReasoning === false ? [FORGOTTEN] : [],
  ];
}

/** Parts as one text; `undefined` where they are none, or a picture is among them: that is the vendor's to take or refuse. */
function flatText(content: Json | undefined): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part) => isObject(part) && part.type === "text" ? part.text : undefined);
  return texts.every((text) => typeof text === "string") ? texts.join("\n\n") : undefined;
}
