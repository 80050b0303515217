/** A client in the storm: asks in its dialect, reads to the end, or leaves in the middle and perhaps comes back. */

import type { VendorDialect } from "../matrix/vendor.ts";
import { type Dice, dice } from "./dice.ts";
import type { Fleet } from "./fleet.ts";
import { type Question, type Speech, SPEECHES } from "./speech.ts";
import { promptOf } from "./upstream.ts";

/** `resumable`: a real stream that goes on without its client. `background`: one that nobody waits for, but looks after. */
export type Mode = "stream" | "fake" | "whole" | "resumable" | "background";

export interface Wish {
  /** Also the id of the request. */
  id: string;
  dialect: VendorDialect;
  mode: Mode;
  model: string;
  hasTools: boolean;
  /** Where the answer breaks off, it is to be gone on with. */
  continues: boolean;
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
  /** A gateway that it listened to was lost, and it did not hear the rest from another. */
  isLost: boolean;
  /** The gateways that it asked. */
  asked: string[];
}

export interface Surroundings {
  fleet: Fleet;
  /** The clients' connections. */
  http: Deno.HttpClient;
  /** Milliseconds after which an answer that has not ended never will. */
  patience: number;
}

const MODES = { stream: 4, fake: 2, whole: 2, resumable: 2, background: 1 } as const satisfies Record<Mode, number>;

export function drawWish(seed: number, id: string, scale: { models: readonly string[]; gateways: number }): Wish {
  const whim: Dice = dice(seed, "client", id);
  const dialect = whim.pick(Object.keys(SPEECHES) as VendorDialect[]);
  const mode = whim.draw(MODES);
  return {
    id,
    dialect: mode === "background" ? "openai_responses" : dialect,
    mode,
    model: whim.pick(scale.models),
    hasTools: whim.happens(0.5),
    gateway: whim.between(0, scale.gateways - 1),
    leavesAfter: whim.happens(0.25) ? whim.between(1, 900) : undefined,
    backAfter: whim.between(0, 300),
    continues: whim.happens(0.3),
  };
}

export async function live(wish: Wish, surroundings: Surroundings): Promise<Outcome> {
  const startedAt = performance.now();
  const url = surroundings.fleet.url(wish.gateway);
  const asked = [url];
  let heard = await listen(ask(wish, url, surroundings), { ...surroundings, url, leavesAfter: wish.leavesAfter });
  while (wish.mode === "resumable" && heard.status === 200 && (heard.leftAt !== undefined || heard.isLost)) {
    const other = surroundings.fleet.url(wish.gateway + 1);
    asked.push(other);
    heard = await comeBack(wish, heard, { ...surroundings, url: other });
  }
  if (wish.mode === "background" && heard.status === 200 && heard.leftAt === undefined && !heard.isLost) {
    heard = await lookAfter(wish, heard, { ...surroundings, asked });
  }
  return { wish, startedAt, endedAt: performance.now(), asked, ...heard };
}

type Answering = (signal: AbortSignal) => Promise<Response>;
type Listened = Omit<Outcome, "wish" | "startedAt" | "endedAt" | "asked">;

function ask(wish: Wish, gateway: string, { http: client }: Surroundings): Answering {
  const speech: Speech = SPEECHES[wish.dialect];
  const { id, model, hasTools, mode } = wish;
  const stream = mode !== "whole" && mode !== "background";
  const question: Question = { model, prompt: promptOf(id), stream, hasTools };
  const url = gateway + speech.path(question);
  const headers = {
    "content-type": "application/json",
    "x-request-id": id,
    ...(mode === "fake" && { "x-stream-mode": "fake" }),
    ...(mode === "resumable" && { "x-anystream-resume": "1" }),
    ...(wish.continues && { "x-anystream-continuation": "1" }),
  };
  const body = { ...speech.body(question), ...(mode === "background" && { background: true, store: true }) };
  return (signal) => fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal, client });
}

/** Reads an answer to its end, or until it is time to leave. */
async function listen(
  answering: Answering,
  { leavesAfter, patience, url, fleet }: Surroundings & { url: string; leavesAfter?: number | undefined },
): Promise<Listened> {
  const heard: Listened = {
    status: undefined,
    retryAfter: null,
    body: "",
    leftAt: undefined,
    trouble: undefined,
    isPatient: false,
    isLost: false,
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
    // One that is told to end takes no more requests, but breaks no answer off.
    const isRefused = heard.status === undefined && fleet.loss(url) === "stopped";
    if (going.signal.aborted && leavesAfter !== undefined) heard.leftAt = performance.now();
    else if (isRefused || fleet.loss(url) === "killed") heard.isLost = true;
    else if (!going.signal.aborted) heard.trouble = `the connection broke: ${error}`;
    else {
      heard.isPatient = true;
      heard.trouble = `it hung for ${patience} ms`;
    }
  } finally {
    clearTimeout(timer);
  }
  return heard;
}

/** Fetches what it missed and the rest, at another gateway where there is one. */
async function comeBack(wish: Wish, first: Listened, place: Surroundings & { url: string }): Promise<Listened> {
  await new Promise((resolve) => setTimeout(resolve, wish.backAfter));
  const frames: string[] = first.body.match(SPEECHES[wish.dialect].frames) ?? [];
  const numbered = frames.filter((frame) => !isPadding(frame)).length;
  const headers = { "last-event-id": String(numbered) };
  const rest = await listen(
    (signal) => fetch(`${place.url}/v1/streams/${wish.id}`, { headers, signal, client: place.http }),
    place,
  );
  return { ...rest, body: frames.join("") + rest.body };
}

const UNDER_WAY: ReadonlySet<unknown> = new Set(["queued", "in_progress"]);

/** It may come back as long as the storage is away, too. */
function isUnderWay({ status, body, retryAfter }: Listened): boolean {
  return status === 200 ? UNDER_WAY.has(JSON.parse(body).status) : status === 503 && retryAfter !== null;
}

/** Looks at what it asked for now and then, at another gateway where there is one, until it is done. */
async function lookAfter(
  wish: Wish,
  begun: Listened,
  { asked, ...place }: Surroundings & { asked: string[] },
): Promise<Listened> {
  const until = performance.now() + place.patience;
  const { id } = JSON.parse(begun.body);
  let last = begun;
  while (last.isLost || isUnderWay(last)) {
    if (performance.now() > until) return { ...last, isPatient: true, trouble: "it is never done" };
    await new Promise((resolve) => setTimeout(resolve, 50 + wish.backAfter));
    const url = place.fleet.url(wish.gateway + 1);
    if (!asked.includes(url)) asked.push(url);
    last = await listen((signal) => fetch(`${url}/v1/responses/${id}`, { signal, client: place.http }), {
      ...place,
      url,
    });
  }
  return last;
}

/** Whether a frame is only there to keep the connection alive: it has no number, and is not told again. */
export function isPadding(frame: string): boolean {
  return frame.startsWith(":") || frame.trim() === "";
}
