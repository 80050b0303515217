/** One Socket.IO connection: lets itself in, answers pings, notices that it was lost. */

import type { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { upstreamError } from "../../dialects/upstream_error.ts";
import { type Alarm, alarm } from "../../streaming/timer.ts";
import { unreachable } from "../unreachable.ts";
import type { LangfastPorts } from "./ports.ts";
import { connectFrame, DISCONNECT_FRAME, readFrame, type SocketEvent } from "./read_frame.ts";
import { refusedSession } from "./refused_session.ts";
import { openTextSocket } from "./text_socket.ts";

export interface SocketOptions {
  /** `ws:` or `wss:`, with path and query. */
  url: URL;
  auth: JsonObject;
  /** The socket's end: when it is aborted, at any time, everything is released. */
  signal: AbortSignal;
  onEvent(event: SocketEvent): void;
  /** The connection was lost after it was let in. */
  onLost(error: GatewayError): void;
}

/**
 * Resolves when the server let us in. It has no clock for that: see `openTextSocket`.
 *
 * @throws {GatewayError} `upstream-unreachable`, `upstream-auth`, `upstream-failure` or `upstream-malformed`; or the
 * signal's reason
 */
export async function connectSocket(options: SocketOptions, ports: Pick<LangfastPorts, "WebSocket">): Promise<void> {
  const { signal } = options;
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let admitted = false;
  /** Runs from the server's first packet on: any packet shows that the connection lives. */
  let silence: Alarm | undefined;

  const lose = (error: GatewayError) => admitted ? options.onLost(error) : reject(error);
  const onLost = (detail: string) => lose(lostError(admitted, detail));
  const onFrame = (frame: string) => {
    silence?.arm();
    const meaning = readFrame(frame);
    switch (meaning.type) {
      case "opened":
        silence ??= alarm(meaning.patience, () => onLost(`silent for ${meaning.patience} ms`));
        silence.arm();
        return socket.send(connectFrame(options.auth));
      case "ping":
        return socket.send(meaning.answer);
      case "connected":
        admitted = true;
        return resolve();
      case "refused":
        return lose(refusedError(meaning.detail));
      case "event":
        return options.onEvent(meaning);
      case "closed":
        return onLost("disconnected by the server");
      case "malformed":
        return lose(upstreamError("upstream-malformed", frame));
      case "ignored":
        return;
      default:
        return meaning satisfies never;
    }
  };
  const socket = openTextSocket(options.url, { signal, goodbye: DISCONNECT_FRAME, onFrame, onLost }, ports);
  signal.addEventListener("abort", () => {
    silence?.stop();
    reject(signal.reason);
  }, { once: true });
  await promise;
}

function lostError(admitted: boolean, detail: string): GatewayError {
  return admitted ? upstreamError("upstream-cut", detail) : unreachable(detail);
}

/** The server's words are all there is to tell a bad token from another refusal: the packet has no code. */
function refusedError(detail: string): GatewayError {
  return /token|auth|jwt/i.test(detail) ? refusedSession(detail) : upstreamError("upstream-failure", detail);
}
