import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser";
import type { Json } from "../../../chat/json.ts";
import {
  decodeSocketPacket,
  encodeSocketPacket,
  SOCKET_TYPES,
  type SocketPacket,
  type SocketType,
} from "../../../providers/langfast/socket_io.ts";

/** JSON as it is after a round trip: no -0, no `__proto__`. */
const json = fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)));
const namespace = fc.constantFrom("/", "/admin", "/a/b?c=1");
const id = fc.option(fc.nat(), { nil: undefined });
const event = fc.array(json).map((args): Json => ["named", ...args]);
const object = fc.dictionary(fc.string(), json).map((value): Json => JSON.parse(JSON.stringify(value)));

/** A type's packets without the two binary ones, whose bytes come in frames of their own. */
const packets: fc.Arbitrary<SocketPacket> = fc.oneof(
  packetOf("connect", fc.option(object, { nil: undefined })),
  packetOf("disconnect", fc.constant(undefined)),
  packetOf("event", event, id),
  packetOf("ack", fc.array(json), id),
  packetOf("connect-error", fc.oneof(object, fc.string())),
);

function packetOf(
  type: SocketType,
  data: fc.Arbitrary<Json | undefined>,
  id: fc.Arbitrary<number | undefined> = fc.constant(undefined),
): fc.Arbitrary<SocketPacket> {
  return fc.record({ type: fc.constant(type), namespace, data, id }).map(({ type, namespace, data, id }) => ({
    type,
    namespace,
    ...(data !== undefined && { data }),
    ...(id !== undefined && { id }),
  }));
}

function toReference({ type, namespace, ...rest }: SocketPacket): Packet {
  return { type: SOCKET_TYPES.indexOf(type), nsp: namespace, ...rest } as Packet;
}

Deno.test("the types stand in the order of the reference parser's digits", () => {
  const digits = SOCKET_TYPES.map((type) => Reflect.get(PacketType, type.replace("-", "_").toUpperCase()));
  assert.deepEqual(digits, [0, 1, 2, 3, 4, 5, 6]);
});

Deno.test("encodeSocketPacket() writes what the reference parser writes, and reads", () => {
  fc.assert(fc.property(packets, (packet) => {
    const text = encodeSocketPacket(packet);
    assert.deepEqual([text], new Encoder().encode(toReference(packet)));
    const decoder = new Decoder();
    let decoded: unknown;
    decoder.on("decoded", (it) => decoded = it);
    decoder.add(text);
    assert.deepEqual(decoded, toReference(packet));
  }));
});

Deno.test("decodeSocketPacket() is the inverse of encodeSocketPacket()", () => {
  fc.assert(fc.property(packets, (packet) => assert.deepEqual(decodeSocketPacket(encodeSocketPacket(packet)), packet)));
});

Deno.test("W2 a binary packet's text is recognised, as the reference parser writes it", () => {
  const data = ["picture", Buffer.from([1, 2]), Buffer.from([3])];
  const [text] = new Encoder().encode({ type: PacketType.EVENT, nsp: "/", data, id: 7 });
  const packet = decodeSocketPacket(text);
  assert.deepEqual([packet?.type, packet?.attachments, packet?.id], ["binary-event", 2, 7]);
  assert.equal(packet && encodeSocketPacket(packet), text);
  const [ack] = new Encoder().encode({ type: PacketType.ACK, nsp: "/x", data: [Buffer.from([1])], id: 7 });
  assert.equal(decodeSocketPacket(ack)?.type, "binary-ack");
});

Deno.test("decodeSocketPacket() refuses what is no packet", () => {
  const texts = [
    "",
    "7",
    "x",
    "2",
    "2{}",
    '2["a"',
    "2[null]",
    "2[]",
    "1{}",
    "0[]",
    "0null",
    "3{}",
    "4",
    "4[]",
    '5["a"]',
  ];
  for (const text of [...texts, '22-["a"]', '50-["a"]', "2/admin"]) {
    assert.equal(decodeSocketPacket(text), undefined, text);
  }
});

Deno.test("decodeSocketPacket() refuses every text that the reference parser refuses", () => {
  const noise = fc.oneof(fc.string(), fc.tuple(fc.nat(9), fc.json()).map(([digit, text]) => `${digit}${text}`));
  fc.assert(fc.property(noise, (text) => {
    const accepted = decodeSocketPacket(text) !== undefined;
    if (accepted) assert.doesNotThrow(() => new Decoder().add(text), text);
  }));
});
