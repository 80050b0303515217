/** The runtime's WebSocket as a source of text frames, without its traps. */

import type { LangfastPorts } from "./ports.ts";

export interface TextSocketOptions {
  /** The socket's end: when it is aborted, at any time, everything is released. */
  signal: AbortSignal;
  /** The last frame to send, where the socket is still open then. */
  goodbye: string;
  onFrame(frame: string): void;
  /** The connection is gone or never came to be, other than by the signal. May be called more than once. */
  onLost(detail: string): void;
}

export interface TextSocket {
  send(frame: string): void;
}

/**
 * Opens a socket. Neither its handshake nor its silence has a limit, as the runtime knows none: whoever wants one aborts
 * the signal.
 */
export function openTextSocket(
  url: URL,
  { signal, goodbye, onFrame, onLost }: TextSocketOptions,
  ports: Pick<LangfastPorts, "WebSocket">,
): TextSocket {
  const socket = new ports.WebSocket(url);
  // The default, "blob", is read asynchronously. Binary frames are ignored either way.
  socket.binaryType = "arraybuffer";
  /** What an `error` event said: the `close` event that always follows it says nothing (code 0, no reason). */
  let complaint: string | undefined;

  // The listeners go with the signal, before the `close` that our own closing brings.
  socket.addEventListener("message", ({ data }) => typeof data === "string" && onFrame(data), { signal });
  socket.addEventListener("error", (event) => {
    complaint = "message" in event ? String(event.message) : "no reason given";
  }, { signal });
  // No close is a clean end, whatever its code: the protocol above says itself when it is done.
  socket.addEventListener("close", (event) => onLost(complaint ?? `closed: ${event.code} ${event.reason}`), { signal });
  signal.addEventListener("abort", () => {
    if (socket.readyState === socket.OPEN) socket.send(goodbye);
    // Once only: older runtimes throw at a second call. Nobody waits for the peer's close frame, as it may never come.
    socket.close();
  }, { once: true });

  return {
    send(frame) {
      // A socket that is closing drops what it is given without a word.
      if (socket.readyState === socket.OPEN) socket.send(frame);
      else onLost("closing");
    },
  };
}
