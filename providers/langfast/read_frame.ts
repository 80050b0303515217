/** What one text frame of the socket means to a client that only listens: the two codecs put together. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { decodeEnginePacket, encodeEnginePacket } from "./engine_io.ts";
import { decodeSocketPacket, encodeSocketPacket, type SocketPacket } from "./socket_io.ts";

export interface SocketEvent {
  name: string;
  /** The first argument; `undefined` for an event without any. */
  payload: Json | undefined;
}

export type FrameMeaning =
  /** The server speaks first; it has hung up if nothing at all comes for `patience` milliseconds. */
  | { type: "opened"; patience: number }
  /** To be answered with `answer`, or the server hangs up. */
  | { type: "ping"; answer: string }
  | { type: "connected" }
  | { type: "refused"; detail: string }
  | ({ type: "event" } & SocketEvent)
  | { type: "closed" }
  /** Nothing to us: acknowledgements, binary packets, other namespaces. */
  | { type: "ignored" }
  | { type: "malformed" };

/** The defaults of Engine.IO, for a server that names none. */
const PING_INTERVAL = 25_000;
const PING_TIMEOUT = 20_000;

/** The frame that asks to be let in. */
export function connectFrame(auth: JsonObject): string {
  return encodeEnginePacket({
    type: "message",
    data: encodeSocketPacket({ type: "connect", namespace: "/", data: auth }),
  });
}

/** The frame that says goodbye. */
export const DISCONNECT_FRAME: string = encodeEnginePacket({
  type: "message",
  data: encodeSocketPacket({ type: "disconnect", namespace: "/" }),
});

export function readFrame(frame: string): FrameMeaning {
  const packet = decodeEnginePacket(frame);
  if (packet === undefined) return { type: "malformed" };
  switch (packet.type) {
    case "open":
      return readHandshake(packet.data);
    case "ping":
      return { type: "ping", answer: encodeEnginePacket({ type: "pong", data: packet.data }) };
    case "message":
      return readPacket(decodeSocketPacket(packet.data));
    case "close":
      return { type: "closed" };
    case "pong":
    case "upgrade":
    case "noop":
      return { type: "ignored" };
    default:
      return packet.type satisfies never;
  }
}

function readHandshake(data: string): FrameMeaning {
  try {
    const { pingInterval, pingTimeout } = JSON.parse(data);
    return { type: "opened", patience: orDefault(pingInterval, PING_INTERVAL) + orDefault(pingTimeout, PING_TIMEOUT) };
  } catch {
    return { type: "malformed" };
  }
}

function orDefault(value: unknown, fallback: number): number {
  return typeof value === "number" && value > 0 ? value : fallback;
}

function readPacket(packet: SocketPacket | undefined): FrameMeaning {
  if (packet === undefined) return { type: "malformed" };
  if (packet.namespace !== "/") return { type: "ignored" };
  switch (packet.type) {
    case "connect":
      return { type: "connected" };
    case "connect-error":
      return { type: "refused", detail: JSON.stringify(packet.data) };
    case "disconnect":
      return { type: "closed" };
    case "event":
      return readEvent(packet.data);
    case "ack":
    case "binary-event":
    case "binary-ack":
      return { type: "ignored" };
    default:
      return packet.type satisfies never;
  }
}

function readEvent(data: Json | undefined): FrameMeaning {
  const [name, payload] = Array.isArray(data) ? data : [];
  return { type: "event", name: String(name), payload };
}
