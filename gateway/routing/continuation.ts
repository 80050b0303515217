/** An answer in several legs as one: what passes of each, and whether one that broke off is gone on with (CASES E19, V17). */

import { usageSoFar } from "../../chat/estimate_usage.ts";
import type { Beat, ChatEvent, EventType } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import { replyFolder } from "../../chat/reply_folder.ts";
import { alterRequest, type ChatRequest } from "../../chat/request.ts";
import { addUsage, type Usage } from "../../chat/usage.ts";
import { faultOf } from "./fault.ts";
import { createSift } from "./sift.ts";

export interface Continuation {
  /** What of a leg's beats is for the client. */
  push(beats: readonly Beat[]): Beat[];
  /** The leg has ended, or failed: the text of it that was held back as it might have been a repetition. */
  end(failure: GatewayError | undefined): Beat[];
  /** The request for another leg, given the failure of the last where it failed; `undefined` where there is none to be. */
  next(failure: GatewayError | undefined): ChatRequest | undefined;
  /** That leg begins. */
  begin(request: ChatRequest): void;
  /** The end of the answer: the last leg's finish, and the usage of all. */
  close(): Beat[];
}

/** Legs after the first. */
const MOST_LEGS = 3;

/** What cannot be said half and gone on with, and what must not be asked for twice (CASES E18). */
const WHOLE: ReadonlySet<EventType> = new Set(["tool-call", "tool-arguments", "refusal", "media", "opaque"]);

export function createContinuation(request: ChatRequest): Continuation {
  const text = createSift();
  let legs = 1;
  let leg = createLeg(request);
  /** Of the legs before. */
  let spent: Usage | undefined;
  let isWhole = (request.n ?? 1) > 1;

  const pass = (event: ChatEvent): ChatEvent[] => {
    if (WHOLE.has(event.type) || ("choice" in event && (event.choice ?? 0) > 0)) isWhole = true;
    if (event.type === "text" && !event.choice) return spoken(text.push(event.text));
    // Of a later leg, they would stand within the text.
    if (event.type === "start" || event.type === "reasoning" || event.type === "redacted-reasoning") {
      return legs === 1 ? [event] : [];
    }
    // Some dialects tell the prompt's count in the head of the answer; the rest is told once, at the end.
    if (event.type === "usage") return legs === 1 && text.said() === "" ? [event] : [];
    if (event.type === "finish" && !isWhole) return [];
    return [...spoken(text.release()), event];
  };

  return {
    push(beats) {
      for (const { events } of beats) leg.push(events);
      // Without the leg's own words, which tell of its own start and end.
      return beats.flatMap(({ events }) => beatOf(events.flatMap(pass)));
    },

    end(failure) {
      if (failure === undefined) return beatOf(spoken(text.release()));
      // Whether it would have been one is not known any more; the next leg goes on from what was said in any case.
      text.drop();
      return [];
    },

    next(failure) {
      if (isWhole || legs > MOST_LEGS || text.said().trim() === "" || !leg.isBroken(failure)) return undefined;
      const left = tokensLeft(request, { failure, leg, used: addUsage(spent, leg.used()) });
      if (left !== undefined && left < 1) return undefined;
      const messages = withPrefill(request.messages, text.said());
      return alterRequest(request, { messages, ...left !== undefined && { maxTokens: left } });
    },

    begin(request) {
      spent = addUsage(spent, leg.used());
      legs++;
      leg = createLeg(request);
      text.begin();
    },

    close() {
      const { finish, usage } = leg.end();
      const sum = spent === undefined ? usage : addUsage(spent, leg.used());
      return beatOf([
        ...finish === undefined || isWhole ? [] : [finish],
        ...sum === undefined ? [] : [{ type: "usage" as const, usage: sum }],
      ]);
    },
  };
}

type Finish = Extract<ChatEvent, { type: "finish" }>;

interface Leg {
  push(events: readonly ChatEvent[]): void;
  /** Whether it broke off in a way that another leg may mend. */
  isBroken(failure: GatewayError | undefined): boolean;
  /** What it cost, as told or as estimated. */
  used(): Usage;
  /** How it ended, and what it told that it cost. */
  end(): { finish: Finish | undefined; usage: Usage | undefined };
}

function createLeg(request: ChatRequest): Leg {
  const folder = replyFolder();
  let finish: Finish | undefined;
  return {
    push(events) {
      folder.push(events);
      finish = events.find((event) => event.type === "finish") ?? finish;
    },
    isBroken: (failure) => failure === undefined ? finish?.reason === "length" : faultOf(failure) === "provider",
    used: () => usageSoFar(request, folder.reply()),
    end: () => ({ finish, usage: folder.reply().usage }),
  };
}

/** What the client's own limit leaves for another leg; `undefined` where it set none. It is kept over all legs. */
function tokensLeft(
  { maxTokens }: ChatRequest,
  { failure, leg, used }: { failure: GatewayError | undefined; leg: Leg; used: Usage },
): number | undefined {
  if (maxTokens === undefined) return undefined;
  // An answer that stopped at a limit, and told no count, may have stopped at the client's.
  const mayBeReached = failure === undefined && leg.end().usage === undefined;
  return mayBeReached ? 0 : maxTokens - used.output;
}

function spoken(text: string): ChatEvent[] {
  return text === "" ? [] : [{ type: "text", text }];
}

function beatOf(events: ChatEvent[]): Beat[] {
  return events.length === 0 ? [] : [{ events }];
}

/** The conversation, ending on what was already said. White space at the end of a turn is refused by Anthropic. */
function withPrefill(messages: ChatRequest["messages"], said: string): ChatRequest["messages"] {
  const part = { type: "text" as const, text: said.trimEnd() };
  const last = messages.at(-1);
  // The client may have begun the answer itself.
  return last?.role === "assistant"
    ? [...messages.slice(0, -1), { ...last, parts: [...last.parts, part] }]
    : [...messages, { role: "assistant", parts: [part] }];
}
