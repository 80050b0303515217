/** A response's body as beats, whatever the upstream made of what it was asked for (CASES F14, F15, F16). */

import type { Beat } from "../chat/event.ts";
import { GatewayError, timeoutError } from "../chat/error.ts";
import type { Dialect, Quirks } from "../dialects/dialect.ts";
import { parseJson } from "../dialects/json.ts";
import { frameDecoder } from "../streaming/decode_frames.ts";
import type { Framing } from "../streaming/frame.ts";
import { gatherBytes } from "../streaming/gather_bytes.ts";
import { type Pull, pullFrom } from "../streaming/pull.ts";
import { readBeats } from "../streaming/read_beats.ts";
import { readBytes } from "../streaming/read_bytes.ts";
import { within } from "../streaming/timer.ts";
import { putBack } from "../streaming/until_content.ts";
import { watchSilence } from "../streaming/watch_silence.ts";
import type { Call, Upstream } from "./provider.ts";
import { cutOff } from "./unreachable.ts";

export interface ReadAnswerOptions {
  dialect: Dialect;
  quirks: Quirks;
  call: Call;
  /** Ends the fetch when a clock runs out. */
  abort: AbortController;
}

type Answer = Pick<Upstream, "form" | "beats">;

/** What the log keeps of a body that is not the upstream's dialect. */
const SNIPPET = 500;

/** How the two framings begin; what begins otherwise is a whole JSON answer, or none at all. */
const STREAM_START = {
  sse: /^\uFEFF?\s*(?:data|event|id|retry)?:/,
  ndjson: /^\s*\{[^\n]*\}[^\S\n]*\n/,
} as const satisfies Record<Framing, RegExp>;

const STREAM_TYPE = {
  sse: "text/event-stream",
  ndjson: "ndjson",
} as const satisfies Record<Framing, string>;

/**
 * Reads a good response. A stream is recognised by its type, or by how it begins where it is mislabeled; anything else
 * is read whole and must be one JSON answer.
 */
export async function readAnswer(response: Response, options: ReadAnswerOptions): Promise<Answer> {
  const { dialect, call } = options;
  const late = () => timeoutError("first_content", call.timeouts.firstContent);
  const type = response.headers.get("content-type")?.toLowerCase() ?? "";
  if (response.body === null) return readWhole("", options);
  if (!call.stream && !type.includes(STREAM_TYPE[dialect.framing])) {
    return readWhole(await within(textOf(response), call.timeouts.firstContent, late), options);
  }
  const bytes = gatherBytes(readBytes(response.body, cutOff));
  if (type.includes(STREAM_TYPE[dialect.framing])) return readStream(bytes, options);

  try {
    const { head, start } = await within(readHead(bytes), call.timeouts.firstContent, late);
    if (start === "") return readWhole("", options);
    if (STREAM_START[dialect.framing].test(start)) return readStream(putBack(head, bytes), options);
    return readWhole(await within(readRest(head, bytes), call.timeouts.firstContent, late), options);
  } catch (error) {
    bytes.cancel(error);
    throw error;
  }
}

/** Letters that tell a stream from an answer, as its first chunk may have none of them. */
const TELLING = 6;

/** The first bytes, as many as tell what they begin, and their text. */
async function readHead(bytes: Pull<Uint8Array>): Promise<{ head: Uint8Array; start: string }> {
  const utf8 = new TextDecoder();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let start = "";
  while (start.trim().length < TELLING) {
    const chunk = await bytes.next();
    if (chunk === undefined) break;
    // It is valid until the next one is read.
    chunks.push(chunk.slice());
    start += utf8.decode(chunk, { stream: true });
  }
  return { head: new Uint8Array(await new Blob(chunks).arrayBuffer()), start };
}

function readStream(bytes: Pull<Uint8Array>, { dialect, quirks, call }: ReadAnswerOptions): Answer {
  const decoder = frameDecoder(dialect.framing, { tolerant: quirks.tolerant ?? false });
  const beats = readBeats(bytes, decoder, dialect.eventParser(quirks));
  return { form: "stream", beats: watchSilence(beats, call.timeouts) };
}

/** A whole body: one JSON answer, or a stream that was sent although none was asked for. */
function readWhole(text: string, { dialect, quirks }: ReadAnswerOptions): Answer {
  const body = parseJson(text);
  if (body !== undefined) return { form: "json", beats: thrown(dialect.parseResponse(body, text, quirks)) };
  if (STREAM_START[dialect.framing].test(text)) {
    const decoder = frameDecoder(dialect.framing, { tolerant: quirks.tolerant ?? false });
    const bytes = pullFrom([new TextEncoder().encode(text)]);
    return { form: "stream", beats: readBeats(bytes, decoder, dialect.eventParser(quirks)) };
  }
  throw new GatewayError("upstream-malformed", "Cannot answer as the provider sent something that is no answer", {
    detail: text.slice(0, SNIPPET),
  });
}

/** One beat as a source; an error it reports is thrown, as a stream's would be. */
function thrown(beat: Beat): Pull<Beat[]> {
  const last = beat.events.at(-1);
  if (last?.type === "error") throw last.error;
  return pullFrom([[beat]]);
}

/** Whole, as nobody waits for its parts: the runtime does that at a fraction of what its chunks cost. */
async function textOf(response: Response): Promise<string> {
  return await response.text().catch((error) => {
    throw cutOff(error);
  });
}

async function readRest(head: Uint8Array, bytes: Pull<Uint8Array>): Promise<string> {
  const utf8 = new TextDecoder();
  let text = utf8.decode(head, { stream: true });
  for (let chunk = await bytes.next(); chunk !== undefined; chunk = await bytes.next()) {
    text += utf8.decode(chunk, { stream: true });
  }
  return text + utf8.decode();
}
