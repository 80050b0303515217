/** Engine.IO 4 packets as they stand in WebSocket text frames: one digit for the type, then the payload. */

/** In the order of their digits: https://socket.io/docs/v4/engine-io-protocol/#packet-encoding */
export const ENGINE_TYPES = ["open", "close", "ping", "pong", "message", "upgrade", "noop"] as const;

export interface EnginePacket {
  type: (typeof ENGINE_TYPES)[number];
  /** `""` where there is none. */
  data: string;
}

export function encodeEnginePacket(packet: EnginePacket): string {
  return `${ENGINE_TYPES.indexOf(packet.type)}${packet.data}`;
}

/** `undefined` for a text that is no packet. */
export function decodeEnginePacket(text: string): EnginePacket | undefined {
  const type = ENGINE_TYPES[text.charCodeAt(0) - "0".charCodeAt(0)];
  return type === undefined ? undefined : { type, data: text.slice(1) };
}
