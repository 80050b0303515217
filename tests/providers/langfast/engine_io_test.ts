import assert from "node:assert/strict";
import { decodePacket, encodePacket, type Packet } from "engine.io-parser";
import fc from "fast-check";
import {
  decodeEnginePacket,
  encodeEnginePacket,
  ENGINE_TYPES,
  type EnginePacket,
} from "../../../providers/langfast/engine_io.ts";

const packets: fc.Arbitrary<EnginePacket> = fc.record(
  { type: fc.constantFrom(...ENGINE_TYPES), data: fc.string() },
  { noNullPrototype: true },
);

/** The reference parser's text for a packet. */
function reference(packet: Packet): string {
  let text = "";
  encodePacket(packet, false, (encoded) => text = String(encoded));
  return text;
}

Deno.test("encodeEnginePacket() writes what the reference parser writes, and reads", () => {
  fc.assert(fc.property(packets, (packet) => {
    const text = encodeEnginePacket(packet);
    assert.equal(text, reference(packet));
    assert.deepEqual({ data: "", ...decodePacket(text) }, packet);
  }));
});

Deno.test("decodeEnginePacket() is the inverse of encodeEnginePacket()", () => {
  fc.assert(fc.property(packets, (packet) => assert.deepEqual(decodeEnginePacket(encodeEnginePacket(packet)), packet)));
});

Deno.test("decodeEnginePacket() refuses what is no packet", () => {
  for (const text of ["", "7", "x", "-1", " 4", "bAQID", "/"]) assert.equal(decodeEnginePacket(text), undefined, text);
});
