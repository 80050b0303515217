/** From what a demo model says to the steps of a whole answer: its start, its choices within their limits, its usage. */

import { estimateUsage } from "../../chat/estimate_usage.ts";
import type { ChatEvent } from "../../chat/event.ts";
import { replyFolder } from "../../chat/reply_folder.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import { limit } from "./limit.ts";
import type { DemoAsk, DemoModel, Step } from "./step.ts";

/** As many as the largest vendors give. */
const MOST_CHOICES = 128;

export function compose(model: DemoModel, ask: DemoAsk): Step[] {
  const { request } = ask;
  const { breaks, pace: { opening = 0, first = 0, between = 0 } = {} } = model;
  const start: ChatEvent = { type: "start", id: ask.newId(), model: request.model, created: ask.created };
  const places = Array.from({ length: Math.min(request.n ?? 1, MOST_CHOICES) }, (_, choice) => choice);
  const said = places.flatMap((choice) => composeChoice(model, ask, choice)).slice(0, breaks?.after);
  const end: Step = breaks === undefined
    ? say({ type: "usage", usage: countUsage(request, said) })
    : { type: "fail", error: breaks.error() };
  if (breaks?.after === 0) return [...wait(opening), end];
  const content = said.flatMap((event, at) => [...wait(at === 0 ? first : between), say(event)]);
  return [...wait(opening), say(start), ...content, end];
}

function composeChoice(model: DemoModel, ask: DemoAsk, choice: number): ChatEvent[] {
  const { stop, maxTokens = model.facts.maxOutput } = ask.request;
  const { events, finish } = limit(model.says(ask), { stop, maxTokens });
  const reason = model.finish ?? (events.some(({ type }) => type === "tool-call") ? "tool-calls" : "stop");
  const place = choice === 0 ? {} : { choice };
  return [...events, { type: "finish" as const, ...(finish ?? { reason }) }].map((event) => ({ ...event, ...place }));
}

/** Not marked as estimated: what the demo counts is what its tokens are. */
function countUsage(request: ChatRequest, events: ChatEvent[]): Usage {
  const folder = replyFolder();
  folder.push(events);
  const { estimated: _, ...usage } = estimateUsage(request, folder.reply());
  return usage;
}

function say(event: ChatEvent): Step {
  return { type: "say", events: [event] };
}

function wait(milliseconds: number): Step[] {
  return milliseconds > 0 ? [{ type: "wait", milliseconds }] : [];
}
