/** Opens one answer: socket first, run second, and one end for all that the two hold. */

import { timeoutError } from "../../chat/error.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { within } from "../../streaming/timer.ts";
import { watchSilence } from "../../streaming/watch_silence.ts";
import type { Call, Upstream } from "../provider.ts";
import { beatQueue } from "./beat_queue.ts";
import { earlyEvents } from "./early_events.ts";
import { formatPromptMeta } from "./prompt_meta.ts";
import type { Overlap } from "./overlap.ts";
import type { LangfastPorts } from "./ports.ts";
import type { SocketEvent } from "./read_frame.ts";
import { createPrompt, initiateRun, type Run } from "./run.ts";
import { type RunReader, runReader } from "./run_reader.ts";
import type { Session } from "./session.ts";
import { connectSocket } from "./socket.ts";

export interface Target {
  supabaseUrl: string;
  anonKey: string;
  socketUrl: URL;
}

export interface OpenRunOptions {
  target: Target;
  session: Session;
  overlap: Overlap;
  call: Call;
}

/** More than any answer is long: it bounds the memory that a client who does not read costs. */
const QUEUE_LIMIT = 4 * 1024 * 1024;

/** @throws {GatewayError} where the service refused, failed, or could not be reached; or the call's abort reason */
export async function openRun(request: ChatRequest, options: OpenRunOptions, ports: LangfastPorts): Promise<Upstream> {
  const { target, session, overlap, call: { signal, timeouts } } = options;
  signal.throwIfAborted();
  /** The end of the run, whoever brings it about: socket, calls, clocks and listeners all go with it. */
  const end = new AbortController();
  const feed = runFeed(end, overlap.enter(session.userId, end.signal));
  const beats = watchSilence(feed.beats, timeouts);
  const leave = () => {
    end.abort(signal.reason);
    beats.cancel(signal.reason);
  };
  signal.addEventListener("abort", leave, { once: true, signal: end.signal });

  try {
    const { meta, lost } = formatPromptMeta(request);
    const calls = { ...target, session, meta, signal: end.signal, limit: timeouts.headers };
    const connected = connectSocket({
      url: target.socketUrl,
      auth: { token: session.accessToken },
      signal: end.signal,
      onEvent: feed.take,
      onLost: (error) => end.abort(error),
    }, ports);
    const [promptId] = await Promise.all([
      createPrompt(calls, ports),
      within(connected, timeouts.connect, () => timeoutError("connect", timeouts.connect)),
    ]);
    // Only now: what a run says before the socket stands is lost.
    const run = await initiateRun(promptId, calls, ports);
    end.signal.throwIfAborted();
    feed.begin(run, { model: request.model, created: Math.floor(ports.now() / 1000) });
    return { dialect: undefined, form: "stream", beats, lost };
  } catch (error) {
    beats.cancel(error);
    throw error;
  }
}

/** Turns the socket's events into queued beats, from the moment the run is known. */
function runFeed(end: AbortController, isAlone: () => boolean) {
  const queue = beatQueue({ limit: QUEUE_LIMIT, stop: (reason) => end.abort(reason) });
  end.signal.addEventListener("abort", () => queue.fail(end.signal.reason), { once: true });
  let reader: RunReader | undefined;
  const early = earlyEvents();

  const read = (event: SocketEvent, from: RunReader) => {
    const said = from.push(event);
    if (said === undefined) return;
    if (said instanceof Error) return end.abort(said);
    queue.push(said);
    if (!said.last) return;
    queue.end();
    end.abort();
  };
  const take = (event: SocketEvent) => {
    if (end.signal.aborted) return;
    if (reader !== undefined) return read(event, reader);
    early.add(event);
  };
  const begin = (run: Run, { model, created }: { model: string; created: number }) => {
    reader = runReader(run, isAlone);
    queue.push({ events: [{ type: "start", id: run.runId, model, created }] });
    early.take().forEach(take);
  };
  return { beats: queue.beats, take, begin };
}
