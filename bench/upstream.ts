/** The upstream of the load benchmarks: answers at once, whole or as a stream, in the dialect of the path that is asked. */

import { type Answer, anthropic, gemini, openai, openaiChunk } from "./answers.ts";

const utf8 = new TextEncoder();

interface Encoded {
  whole: string;
  frames: Uint8Array<ArrayBuffer>[];
}

const encoded = ({ whole, frames }: Answer): Encoded => ({ whole, frames: frames.map((frame) => utf8.encode(frame)) });
const ANSWERS = { openai: encoded(openai), anthropic: encoded(anthropic), gemini: encoded(gemini) };

/** Milliseconds between two frames of the model `steady`. */
export const STEP = 5;

function answerOf(path: string): Encoded {
  if (path.endsWith("/messages")) return ANSWERS.anthropic;
  return path.includes(":") ? ANSWERS.gemini : ANSWERS.openai;
}

function streamed(frames: readonly Uint8Array<ArrayBuffer>[]): Response {
  let at = 0;
  return sse((controller) => {
    const frame = frames[at++];
    if (frame === undefined) controller.close();
    else controller.enqueue(frame);
  });
}

type Pulled = (controller: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>;

function sse(pull: Pulled): Response {
  return new Response(new ReadableStream({ pull }), { headers: { "content-type": "text/event-stream" } });
}

/** So many frames with a word each, as fast as they are read. */
function long(count: number): Response {
  const [start, ...rest] = ANSWERS.openai.frames;
  const word = rest[0]!;
  return streamed([start!, ...Array.from({ length: count }, () => word), ...rest.slice(-3)]);
}

/** One frame each step, that says when it was sent. */
function steady(count: number): Response {
  let [left, due] = [count, performance.now()];
  return sse(async (controller) => {
    if (left-- <= 0) {
      for (const frame of ANSWERS.openai.frames.slice(-3)) controller.enqueue(frame);
      return controller.close();
    }
    due += STEP;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    controller.enqueue(utf8.encode(openaiChunk({ content: `@${performance.timeOrigin + performance.now()}@` })));
  });
}

/** One word, and then nothing for as long as the client stays. */
function idle(): Response {
  let said = false;
  return sse((controller) => {
    if (said) return new Promise(() => {});
    said = true;
    controller.enqueue(ANSWERS.openai.frames[1]!);
  });
}

/** Models that answer as no vendor does, with a number behind a dash. */
const SPECIAL: Record<string, (count: number) => Response> = { long, steady, idle };

if (import.meta.main) {
  Deno.serve({ port: Number(Deno.args[0]), hostname: "127.0.0.1", onListen() {} }, async (request) => {
    if (request.method !== "POST") return new Response("ok");
    const { model = "", stream = request.url.includes(":streamGenerateContent") } = await request.json();
    const [kind = "", count] = model.split("/").at(-1).split("-");
    const special = SPECIAL[kind];
    if (special !== undefined) return special(Number(count));
    const answer = answerOf(new URL(request.url).pathname);
    if (stream) return streamed(answer.frames);
    return new Response(answer.whole, { headers: { "content-type": "application/json" } });
  });
}
