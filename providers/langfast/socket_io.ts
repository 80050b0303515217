/** Socket.IO 5 packets as they stand in the payload of an Engine.IO message. */

import type { Json } from "../../chat/json.ts";
import { isTooDeep } from "../../dialects/json_depth.ts";

/** In the order of their digits: https://socket.io/docs/v4/socket-io-protocol/#packet-encoding */
export const SOCKET_TYPES = [
  "connect",
  "disconnect",
  "event",
  "ack",
  "connect-error",
  "binary-event",
  "binary-ack",
] as const;
export type SocketType = (typeof SOCKET_TYPES)[number];

export interface SocketPacket {
  type: SocketType;
  /** `/` unless the packet names another. */
  namespace: string;
  /** The number by which an event and its acknowledgement know each other. */
  id?: number;
  data?: Json;
  /** How many binary frames follow; in the two binary types only. */
  attachments?: number;
}

/** What each type may carry. A packet that carries something else is none. */
const CARRIES = {
  "connect": (data) => data === undefined || isObject(data),
  "disconnect": (data) => data === undefined,
  "event": isEvent,
  "ack": (data) => Array.isArray(data),
  "connect-error": (data) => typeof data === "string" || isObject(data),
  "binary-event": isEvent,
  "binary-ack": (data) => Array.isArray(data),
} as const satisfies Record<SocketType, (data: Json | undefined) => boolean>;

/** The type's digit, the count of attachments, the namespace, the id, and the JSON. */
const PACKET = /^(?<type>[0-6])(?:(?<attachments>[1-9]\d*)-)?(?:(?<namespace>\/[^,]*),?)?(?<id>\d+)?(?<data>.*)$/s;

export function encodeSocketPacket(packet: SocketPacket): string {
  const attachments = packet.attachments === undefined ? "" : `${packet.attachments}-`;
  const namespace = packet.namespace === "/" ? "" : `${packet.namespace},`;
  const data = packet.data === undefined ? "" : JSON.stringify(packet.data);
  return `${SOCKET_TYPES.indexOf(packet.type)}${attachments}${namespace}${packet.id ?? ""}${data}`;
}

/** `undefined` for a text that is no packet. */
export function decodeSocketPacket(text: string): SocketPacket | undefined {
  const found = PACKET.exec(text)?.groups;
  const type = SOCKET_TYPES[Number(found?.["type"] ?? NaN)];
  if (found === undefined || type === undefined) return undefined;
  if (type.startsWith("binary") !== (found["attachments"] !== undefined)) return undefined;
  const data = found["data"] ? parseJson(found["data"]) : undefined;
  if (data === NO_JSON || !CARRIES[type](data)) return undefined;
  return {
    type,
    namespace: found["namespace"] ?? "/",
    ...(found["id"] !== undefined && { id: Number(found["id"]) }),
    ...(data !== undefined && { data }),
    ...(found["attachments"] !== undefined && { attachments: Number(found["attachments"]) }),
  };
}

const NO_JSON = Symbol();

function parseJson(text: string): Json | typeof NO_JSON {
  if (isTooDeep(text)) return NO_JSON;
  try {
    return JSON.parse(text);
  } catch {
    return NO_JSON;
  }
}

function isObject(data: Json | undefined): boolean {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function isEvent(data: Json | undefined): boolean {
  return Array.isArray(data) && (typeof data[0] === "string" || typeof data[0] === "number");
}
