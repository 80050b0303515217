import assert from "node:assert/strict";
import { connectFrame, DISCONNECT_FRAME, readFrame } from "../../../providers/langfast/read_frame.ts";

Deno.test("readFrame() reads each frame that the service sends", () => {
  const frames: Record<string, ReturnType<typeof readFrame>> = {
    '0{"sid":"x","upgrades":[],"pingInterval":100,"pingTimeout":50}': { type: "opened", patience: 150 },
    "2": { type: "ping", answer: "3" },
    "2probe": { type: "ping", answer: "3probe" },
    '40{"sid":"x"}': { type: "connected" },
    '44{"message":"Invalid token"}': { type: "refused", detail: '{"message":"Invalid token"}' },
    '42["execution:chunk",{"content":"Hi"},1]': { type: "event", name: "execution:chunk", payload: { content: "Hi" } },
    '4212["named"]': { type: "event", name: "named", payload: undefined },
    "41": { type: "closed" },
    "1": { type: "closed" },
  };
  for (const [frame, meaning] of Object.entries(frames)) assert.deepEqual(readFrame(frame), meaning, frame);
});

Deno.test("W2 acknowledgements, binary packets, other namespaces and idle packets mean nothing", () => {
  const frames = ["431[]", '451-["x",{"_placeholder":true,"num":0}]', "461-1[]", '42/admin,["execution:chunk",{}]'];
  for (const frame of [...frames, "41/admin,", '44/admin,{"message":"no"}', "3", "5", "6"]) {
    assert.deepEqual(readFrame(frame), { type: "ignored" }, frame);
  }
});

Deno.test("a damaged frame is told from one that means nothing", () => {
  for (const frame of ["", "9", "4", "49", '42["half', "42{}", "0", "0null", "0{"]) {
    assert.deepEqual(readFrame(frame), { type: "malformed" }, frame);
  }
});

Deno.test("a handshake without usable intervals gets the protocol's own", () => {
  for (const frame of ["0{}", '0{"pingInterval":0,"pingTimeout":-1}', '0{"pingInterval":"soon"}']) {
    assert.deepEqual(readFrame(frame), { type: "opened", patience: 45_000 }, frame);
  }
});

Deno.test("the frames that let us in and out are as the service expects them", () => {
  assert.equal(connectFrame({ token: "a.b.c" }), '40{"token":"a.b.c"}');
  assert.equal(DISCONNECT_FRAME, "41");
});
