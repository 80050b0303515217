/** A client in the storm: asks in its dialect, reads to the end, or leaves in the middle and perhaps comes back. */

import type { VendorDialect } from "../matrix/vendor.ts";
import { type Dice, dice } from "./dice.ts";
import { type Question, type Speech, SPEECHES } from "./speech.ts";
import { promptOf } from "./upstream.ts";

/** `resumable`: a real stream that goes on without its client. */
export type Mode = "stream" | "fake" | "whole" | "resumable";

export interface Wish {
  /** Also the id of the request. */
  id: string;
  dialect: VendorDialect;
  mode: Mode;
  model: string;
  hasTools: boolean;
  /** Which of the gateways is asked. */
  gateway: number;
  /** Milliseconds after which it leaves; `undefined` where it stays. */
  leavesAfter: number | undefined;
  /** Milliseconds after which it is back, where it comes back for the rest. */
  backAfter: number;
}

/** What became of a wish, as its client saw it. */
export interface Outcome {
  wish: Wish;
  /** Milliseconds by `performance.now`. */
  startedAt: number;
  endedAt: number;
  /** `undefined` where it left before it was answered. */
  status: number | undefined;
  retryAfter: string | null;
  body: string;
  /** When it left for good. */
  leftAt: number | undefined;
  /** What must not happen to a client: the connection broke, or the answer has no end. */
  trouble: string | undefined;
  /** It waited for longer than any answer may take. */
  isPatient: boolean;
}

export interface Surroundings {
  gateways: readonly string[];
  /** The clients' connections. */
  http: Deno.HttpClient;
  /** Milliseconds after which an answer that has not ended never will. */
  patience: number;
}

const MODES = { stream: 4, fake: 2, whole: 2, resumable: 2 } as const satisfies Record<Mode, number>;

export function drawWish(seed: number, id: string, scale: { models: readonly string[]; gateways: number }): Wish {
  const whim: Dice = dice(seed, "client", id);
  return {
    id,
    dialect: whim.pick(Object.keys(SPEECHES) as VendorDialect[]),
    mode: whim.draw(MODES),
    model: whim.pick(scale.models),
    hasTools: whim.happens(0.5),
    gateway: whim.between(0, scale.gateways - 1),
    leavesAfter: whim.happens(0.25) ? whim.between(1, 900) : undefined,
    backAfter: whim.between(0, 300),
  };
}

export async function live(wish: Wish, surroundings: Surroundings): Promise<Outcome> {
  const startedAt = performance.now();
  const first = await listen(ask(wish, surroundings), { leavesAfter: wish.leavesAfter, ...surroundings });
  const isBack = wish.mode === "resumable" && first.leftAt !== undefined && first.status === 200;
  const heard = isBack ? await comeBack(wish, first, surroundings) : first;
  return { wish, startedAt, endedAt: performance.now(), ...heard };
}

type Answering = (signal: AbortSignal) => Promise<Response>;
type Listened = Omit<Outcome, "wish" | "startedAt" | "endedAt">;

function ask(wish: Wish, { gateways, http: client }: Surroundings): Answering {
  const speech: Speech = SPEECHES[wish.dialect];
  const { id, model, hasTools, mode } = wish;
  const question: Question = { model, prompt: promptOf(id), stream: mode !== "whole", hasTools };
  const url = gateways[wish.gateway] + speech.path(question);
  const headers = {
    "content-type": "application/json",
    "x-request-id": id,
    ...(mode === "fake" && { "x-stream-mode": "fake" }),
    ...(mode === "resumable" && { "x-anystream-resume": "1" }),
  };
  return (signal) =>
    fetch(url, { method: "POST", headers, body: JSON.stringify(speech.body(question)), signal, client });
}

/** Reads an answer to its end, or until it is time to leave. */
async function listen(
  answering: Answering,
  { leavesAfter, patience }: { leavesAfter?: number | undefined; patience: number },
): Promise<Listened> {
  const heard: Listened = {
    status: undefined,
    retryAfter: null,
    body: "",
    leftAt: undefined,
    trouble: undefined,
    isPatient: false,
  };
  const going = new AbortController();
  const timer = setTimeout(() => going.abort(), leavesAfter ?? patience);
  const utf8 = new TextDecoder();
  try {
    const response = await answering(going.signal);
    heard.status = response.status;
    heard.retryAfter = response.headers.get("retry-after");
    for await (const bytes of response.body ?? []) heard.body += utf8.decode(bytes, { stream: true });
  } catch (error) {
    if (!going.signal.aborted) heard.trouble = `the connection broke: ${error}`;
    else if (leavesAfter === undefined) {
      heard.isPatient = true;
      heard.trouble = `it hung for ${patience} ms`;
    } else heard.leftAt = performance.now();
  } finally {
    clearTimeout(timer);
  }
  return heard;
}

/** Fetches what it missed and the rest, at another gateway where there is one. */
async function comeBack(wish: Wish, first: Listened, surroundings: Surroundings): Promise<Listened> {
  const { gateways, http: client, patience } = surroundings;
  await new Promise((resolve) => setTimeout(resolve, wish.backAfter));
  const frames: string[] = first.body.match(SPEECHES[wish.dialect].frames) ?? [];
  const numbered = frames.filter((frame) => !isPadding(frame)).length;
  const url = `${gateways[(wish.gateway + 1) % gateways.length]}/v1/streams/${wish.id}`;
  const headers = { "last-event-id": String(numbered) };
  const rest = await listen((signal) => fetch(url, { headers, signal, client }), { patience });
  return { ...rest, body: frames.join("") + rest.body };
}

/** Whether a frame is only there to keep the connection alive: it has no number, and is not told again. */
export function isPadding(frame: string): boolean {
  return frame.startsWith(":") || frame.trim() === "";
}
