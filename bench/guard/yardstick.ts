/**
 * What stages are compared with: work of the same kinds that no change to the gateway makes slower. JSON, small objects, text
 * and promises in about equal parts, as a machine may be better at one than at another.
 */

import type { Stage } from "../stages/mod.ts";

const words = Array.from({ length: 24 }, (_, index) => ({
  ...{ id: `chatcmpl-${index}`, object: "chat.completion.chunk", created: 1_760_000_000, model: "bench" },
  choices: [{ index: 0, delta: { content: "A word of the answer. " }, finish_reason: null }],
}));
const documents = words.map((word) => JSON.stringify(word));
const line = documents.slice(0, 3).join(" ");

function json(): number {
  return documents.reduce((size, text) => size + JSON.stringify(JSON.parse(text)).length, 0);
}

function objects(): number {
  const events = words.flatMap(({ id, choices, ...rest }) =>
    choices.map(({ delta, ...choice }) => ({ ...rest, ...choice, type: "text", id, text: delta.content }))
  );
  const byId = new Map(events.map((event) => [event.id, { ...event, length: event.text.length }]));
  return [...byId.values()].filter(({ length }) => length > 3).length;
}

function text(): number {
  const parts = line.split(/[",:]+/).map((part) => part.trim().toUpperCase()).filter((part) => part !== "");
  return parts.join(" ").replace(/\b(?:SK|PK)-[\w-]{12,}/g, "").replaceAll("A", "a").length;
}

async function promises(): Promise<number> {
  const first = (at: number) => Promise.resolve(at);
  const second = async (at: number) => await first(at) + 1;
  let sum = 0;
  for (let at = 0; at < 60; at++) sum += await second(at);
  return sum;
}

export const YARDSTICK: Stage = {
  name: "yardstick",
  times: 6,
  run: async () => json() + objects() + text() + await promises(),
};
