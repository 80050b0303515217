/** Plays an attempt: what its upstream says if all goes well, and what it does instead. */

import { delay } from "../../streaming/timer.ts";
import type { Said, Scenario } from "../matrix/scenario.ts";
import type { Vendor } from "../matrix/vendor.ts";
import type { Dice } from "./dice.ts";
import type { Lie, Mishap, Place } from "./mishaps.ts";
import type { Attempt } from "./upstream.ts";
import type { Exchange } from "./wire.ts";
import { wordsOf } from "./words.ts";

export interface Scene {
  exchange: Exchange;
  vendor: Vendor;
  attempt: Attempt;
  /** How fast it speaks, and where it breaks. */
  pace: Dice;
}

/** Rejects where the gateway leaves before the end. */
export async function play(scene: Scene): Promise<void> {
  const { mishap } = scene.attempt;
  await (PLAYS[mishap.kind] as (scene: Scene, mishap: Mishap) => Promise<void>)(scene, mishap);
}

type Of<Kind extends Mishap["kind"]> = Extract<Mishap, { kind: Kind }>;

const PLAYS = {
  none: (scene) => tell(scene, partsOf(scene)),
  refuse: (scene, { status }) => Promise.resolve(refuse(scene, status)),
  limit: (scene, { retryAfter }) =>
    Promise.resolve(refuse(scene, 429, retryAfter === undefined ? {} : { "retry-after": retryAfter })),
  async stall(scene, { at }) {
    await tellUntil(scene, at);
    await untilLeft(scene.exchange.left);
  },
  async cut(scene, { at, how }) {
    await tellUntil(scene, at);
    scene.exchange[how === "reset" ? "reset" : "cut"]();
  },
  lie: (scene, { lie }) => LIES[lie](scene),
} as const satisfies { [Kind in Mishap["kind"]]: (scene: Scene, mishap: Of<Kind>) => Promise<void> };

const LIES = {
  "html": (scene) => tell(scene, ["<!doctype html>\n<title>Welcome</title>\n"], "text/html"),
  "nothing": (scene) => tell(scene, []),
  "half-json": (scene) => tell(scene, half(partsOf(scene), scene)),
  "no-words": (scene) => tell(scene, partsOf(scene, { ...scenarioOf(scene), says: [], finish: "stop" })),
  "error-event": (scene) => tell(scene, failing(scene)),
  "wrong-type": (scene) => tell(scene, partsOf(scene), "text/plain"),
  "wrong-form": (scene) => {
    const turned = { ...scene, attempt: { ...scene.attempt, streamed: !scene.attempt.streamed } };
    return tell(turned, partsOf(turned));
  },
} as const satisfies Record<Lie, (scene: Scene) => Promise<void>>;

/** What the attempt would say. */
function scenarioOf({ attempt, vendor }: Scene): Scenario {
  const { name, words, calls, usage, goesOn = { name, from: 0 } } = attempt;
  const spoken = calls ? Math.ceil(words / 2) : words;
  const says: Said[] = wordsOf(goesOn.name, goesOn.from, spoken).map((text) => ({ type: "text", text }));
  const written = wordsOf(goesOn.name, spoken, words).join("");
  if (calls) says.push({ type: "call", id: idOf(name), name: "note", arguments: { words: written } });
  return { name: vendor.family ?? "storm", ask: { prompt: "" }, says, finish: calls ? "tool-calls" : "stop", usage };
}

function idOf(name: string): string {
  return `call_${name.replaceAll(/\W/g, "_")}`;
}

/** The pieces of the answer: the frames of a stream, or the one JSON. */
function partsOf(scene: Scene, scenario: Scenario = scenarioOf(scene)): string[] {
  const { vendor, attempt: { streamed } } = scene;
  return streamed ? vendor.frames(scenario) : [JSON.stringify(vendor.whole(scenario))];
}

/** In a stream an error after some of the words, in a whole answer an error in place of it. */
function failing(scene: Scene): string[] {
  const { vendor, attempt: { streamed } } = scene;
  if (!streamed) return [JSON.stringify(vendor.refusal(500))];
  const scenario = scenarioOf(scene);
  const told = scenario.says.slice(0, scene.pace.between(0, scenario.says.length));
  return vendor.frames({ ...scenario, says: told, fault: { type: "error-event" } });
}

/** The first of the pieces, and a part of one. */
function half(parts: readonly string[], { pace }: Scene): string[] {
  const at = pace.between(0, parts.length - 1);
  const part = parts[at] ?? "";
  return [...parts.slice(0, at), part.slice(0, pace.between(1, part.length - 2))];
}

function typeOf({ vendor, attempt: { streamed } }: Scene): string {
  return streamed ? vendor.streamType : "application/json";
}

function refuse({ exchange, vendor }: Scene, status: number, headers: Record<string, string> = {}): void {
  const head = { status, headers: { "content-type": "application/json", ...headers } };
  exchange.answer(head, JSON.stringify(vendor.refusal(status)));
}

/** Says it all, and ends as HTTP has it. */
async function tell(scene: Scene, parts: readonly string[], type = typeOf(scene)): Promise<void> {
  const { exchange, attempt: { streamed } } = scene;
  const head = { status: 200, headers: { "content-type": type } };
  if (!streamed) return exchange.answer(head, parts.join(""));
  exchange.begin(head);
  await speak(scene, parts);
  exchange.end();
}

/** Says what is said before something happens there. */
async function tellUntil(scene: Scene, at: Place): Promise<void> {
  const { exchange, attempt: { streamed } } = scene;
  const head = { status: 200, headers: { "content-type": typeOf(scene) } };
  if (at === "before") return;
  const parts = at === "head" ? [] : half(partsOf(scene), scene);
  if (!streamed) return exchange.answer(head, parts.join(""), 100_000);
  exchange.begin(head);
  await speak(scene, parts);
}

const utf8 = new TextEncoder();

/** Piece by piece, each split somewhere: where bytes are parted says nothing. */
async function speak({ exchange, pace }: Scene, parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    const bytes = utf8.encode(part);
    const split = pace.between(0, bytes.length);
    exchange.write(bytes.subarray(0, split));
    if (pace.happens(0.5)) await delay(pace.between(1, 30), exchange.left);
    exchange.left.throwIfAborted();
    exchange.write(bytes.subarray(split));
  }
}

function untilLeft(left: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const leave = () => reject(left.reason);
    if (left.aborted) leave();
    left.addEventListener("abort", leave, { once: true });
  });
}
