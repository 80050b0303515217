/** Sends a request as its upstream takes it: what it says that it does not take is left out, and it is asked again. */

import { forgetSignatures } from "../chat/forget_signatures.ts";
import type { ChatRequest, Loss } from "../chat/request.ts";
import { supplyThoughts } from "../chat/supply_thoughts.ts";
import type { Quirks } from "../dialects/dialect.ts";
import { type BodyOptions, formatBody } from "./format_body.ts";
import type { Call } from "./provider.ts";
import { isAboutMissingThoughts, isAboutSignatures, type Learned, type Refusals, refusedIn } from "./refusals.ts";

export interface SendOptions extends Omit<BodyOptions, "learned"> {
  refusals: Refusals;
  /** Refusals that are answered elsewhere than here. */
  passesOn: (error: unknown) => boolean;
  /** @throws {GatewayError} where it is refused */
  send: (request: ChatRequest, call: Call, text: string) => Promise<Response>;
}

export interface Sent {
  response: Response;
  /** How it was asked in the end: perhaps not for a stream. */
  call: Call;
  lost: Loss[];
}

/** One way to ask. */
interface Way {
  request: ChatRequest;
  quirks: Quirks;
  /** Fields that are left out. */
  refused: readonly string[];
  /** What of this is worth remembering. */
  learned: Learned;
  lost: readonly Loss[];
}

/** @throws {GatewayError} where the upstream refuses what cannot be left out */
export async function sendTaken(request: ChatRequest, call: Call, options: SendOptions): Promise<Sent> {
  const { refusals, passesOn, send } = options;
  const known = refusals.of(request.model);
  let way = firstWay(request, known, options.quirks);
  while (true) {
    const taken = way.refused.includes("stream") ? { ...call, stream: false } : call;
    const { text, lost } = formatBody(way.request, taken, { ...options, quirks: way.quirks, learned: way.refused });
    try {
      const response = await send(way.request, taken, text);
      if (way.learned !== known) refusals.learn(request.model, way.learned);
      return { response, call: taken, lost: [...way.lost, ...lost] };
    } catch (error) {
      const next = passesOn(error) ? undefined : nextWay(error, way, { text, fields: call.fields ?? {} });
      if (next === undefined) throw error;
      way = next;
    }
  }
}

function firstWay(request: ChatRequest, known: Learned, quirks: Quirks): Way {
  const way = { request, quirks, refused: known.fields, learned: known, lost: [] };
  return known.wantsThoughts ? thoughtful(way) : way;
}

/** How to ask next, without what the error is about; `undefined` where nothing can be left out. */
function nextWay(error: unknown, way: Way, { text, fields }: { text: string; fields: object }): Way | undefined {
  if (isAboutSignatures(error)) return withoutSignatures(way);
  if (isAboutMissingThoughts(error)) return withThoughts(way);
  const found = refusedIn(error, text);
  const more = found.fields.filter((name) => !way.refused.includes(name) && !(name in fields));
  if (more.length === 0) return undefined;
  const { learned } = way;
  return {
    ...way,
    refused: [...way.refused, ...more],
    learned: found.isLasting ? { ...learned, fields: [...learned.fields, ...more] } : learned,
  };
}

const NOT_ITS_OWN: Loss = { path: "messages", reason: "the upstream refused signatures of its thoughts" };

/** Without signatures at first, then without thoughts that have none. */
function withoutSignatures(way: Way): Way | undefined {
  const request = forgetSignatures(way.request);
  if (request !== undefined) return { ...way, request, lost: [...way.lost, NOT_ITS_OWN] };
  if (way.quirks.replayReasoning === false || !hasThoughts(way.request)) return undefined;
  return { ...way, quirks: { ...way.quirks, replayReasoning: false }, lost: [...way.lost, NOT_ITS_OWN] };
}

function hasThoughts({ messages }: ChatRequest): boolean {
  return messages.some(({ role, parts }) => role === "assistant" && parts.some(({ type }) => type === "reasoning"));
}

function withThoughts(way: Way): Way | undefined {
  const { learned } = way;
  return learned.wantsThoughts ? undefined : { ...thoughtful(way), learned: { ...learned, wantsThoughts: true } };
}

function thoughtful(way: Way): Way {
  const { request, quirks } = way;
  return { ...way, request: supplyThoughts(request) ?? request, quirks: { ...quirks, replayReasoning: true } };
}
