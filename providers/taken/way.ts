/** One way to ask an upstream for an answer: the request with what is left out of it, or told otherwise. */

import { alternateTurns } from "../../chat/alternate_turns.ts";
import { forgetPictures } from "../../chat/forget_pictures.ts";
import { forgetSignatures } from "../../chat/forget_signatures.ts";
import { alterRequest, type ChatRequest, type Loss, type Message } from "../../chat/request.ts";
import { signCalls } from "../../chat/sign_calls.ts";
import { supplyThoughts } from "../../chat/supply_thoughts.ts";
import { lossOfForm, tellOutput, withoutOutput } from "../../chat/tell_output.ts";
import type { Quirks } from "../../dialects/dialect.ts";
import { type Learned, NOTHING } from "./learned.ts";
import { choosing, curt, dereferenced, folding, plainly } from "./tool_ways.ts";

export interface Way {
  request: ChatRequest;
  quirks: Quirks;
  /** Fields that are left out. */
  refused: readonly string[];
  /** What of this is worth remembering. */
  learned: Learned;
  lost: readonly Loss[];
}

/** How to ask first, by what is known of the model. */
export function firstWay(request: ChatRequest, known: Learned, quirks: Quirks): Way {
  const way: Way = { request, quirks, refused: known.fields, learned: known, lost: [] };
  return known === NOTHING ? way : knowing(known, way);
}

function knowing(known: Learned, way: Way): Way {
  const told = { ...way, quirks: { ...way.quirks, ...known.quirks } };
  return [
    ...(known.stale ? [withoutStale(known.stale)] : []),
    ...(known.wantsThoughts ? [thoughtful] : []),
    ...(known.wantsSignatures ? [signing] : []),
    ...(known.output ? [inWords(known.output)] : []),
    ...(known.choosesFreely ? [choosing(known.choosesFreely)] : []),
    ...(known.maxTools === undefined ? [] : [folding(known.maxTools)]),
    ...(known.maxDescription === undefined ? [] : [curt(known.maxDescription)]),
    ...(known.takesOneText ? [inOneText] : []),
    ...(known.noReferences ? [dereferenced] : []),
    ...(known.plainSchemas ? [plainly(known.plainSchemas)] : []),
    ...(known.maxOutput === undefined ? [] : [shorter(known.maxOutput)]),
    ...(known.isBlind ? [unseeing] : []),
    ...(known.betas ? [withoutBetas(known.betas)] : []),
    // The last, as the others add instructions.
    ...(known.turns ? [inTurns(known.turns)] : []),
  ].reduce((so, step) => step(so), told);
}

/** With this known of the upstream, from now on. */
export function withQuirks(quirks: Learned["quirks"], way: Way): Way {
  const learned = { ...way.learned, quirks: { ...way.learned.quirks, ...quirks } };
  return { ...way, quirks: { ...way.quirks, ...quirks }, learned };
}

/** With thoughts for all turns, which the upstream is given whoever signed them. */
export function thoughtful(way: Way): Way {
  const { request, quirks } = way;
  return { ...way, request: supplyThoughts(request) ?? request, quirks: { ...quirks, replayReasoning: true } };
}

/** What is remembered of a signature: some have thousands of characters. */
export function endOf(signature: string): string {
  return signature.slice(-64);
}

export const NOT_ITS_OWN: Loss = { path: "messages", reason: "the upstream refused signatures of its thoughts" };

/** Without signatures that end so. */
export function withoutStale(ends: readonly string[]): (way: Way) => Way {
  const stale = new Set(ends);
  return (way) => {
    const request = forgetSignatures(way.request, (signature) => stale.has(endOf(signature)));
    return request === undefined ? way : { ...way, request, lost: [...way.lost, NOT_ITS_OWN] };
  };
}

/** With calls that are signed, be it by a word for no signature. */
export function signing(way: Way): Way {
  const request = signCalls(way.request);
  return request === undefined ? way : { ...way, request };
}

/** With the form of the answer told in words; those are there already where it was asked for as JSON before. */
export function inWords(as: "json" | "text", { isTold = false } = {}): (way: Way) => Way {
  return (way) => {
    const request = isTold ? withoutOutput(way.request) : tellOutput(way.request, as);
    return request === way.request ? way : { ...way, request, lost: [...way.lost.filter(isOther), lossOfForm(as)] };
  };
}

function isOther({ path }: Loss): boolean {
  return path !== "output";
}

/** With an answer of so many tokens at most; of as many as the model has it where that is not known. */
export function shorter(limit: number | undefined): (way: Way) => Way {
  return (way) => {
    const { maxTokens: asked, ...rest } = alterRequest(way.request, {});
    if (asked === undefined || (limit !== undefined && asked <= limit)) return way;
    const reason = limit === undefined
      ? "left to the model, which refused it"
      : `clamped to ${limit}, the most it gives`;
    const request = limit === undefined ? rest : { ...rest, maxTokens: limit };
    return { ...way, request, lost: [...way.lost, { path: "maxTokens", reason }] };
  };
}

/** With content as one text, where it is text alone: whatever else is in it is the upstream's to take or refuse. */
export function inOneText(way: Way): Way {
  const isText = way.request.messages.every(({ parts }) => parts.every((part) => !NO_TEXT.has(part.type)));
  return isText ? { ...way, quirks: { ...way.quirks, flatContent: true } } : way;
}

const NO_TEXT: ReadonlySet<Message["parts"][number]["type"]> = new Set(["image", "file", "audio", "video"]);

/** With user and assistant in turn. */
export function inTurns(turns: NonNullable<Learned["turns"]>): (way: Way) => Way {
  return (way) => ({ ...way, request: alternateTurns(way.request, { hasSystem: turns === "one-instruction" }) });
}

/** Without the pictures of what came before. */
export function unseeing(way: Way): Way {
  const request = forgetPictures(way.request);
  if (request === undefined) return way;
  return { ...way, request, lost: [...way.lost, { path: "messages", reason: "the model sees no pictures" }] };
}

const BETAS = "anthropic-beta";

/** Without these values of the client's header. */
export function withoutBetas(refused: readonly string[]): (way: Way) => Way {
  return (way) => {
    const { source } = way.request;
    const { [BETAS]: _, ...headers } = source.headers ?? {};
    const left = betasOf(way.request).filter((value) => !refused.includes(value));
    const kept = left.length === 0 ? headers : { ...headers, [BETAS]: left.join(",") };
    return { ...way, request: { ...way.request, source: { ...source, headers: kept } } };
  };
}

/** The values of the client's header. */
export function betasOf({ source }: ChatRequest): string[] {
  return (source.headers?.[BETAS] ?? "").split(",").map((value) => value.trim()).filter((value) => value !== "");
}
