import assert from "node:assert/strict";
import type { GatewayError } from "../../../chat/error.ts";
import type { SocketEvent } from "../../../providers/langfast/read_frame.ts";
import { connectSocket } from "../../../providers/langfast/socket.ts";
import { inFakeTime } from "../../support/fake_time.ts";
import { FakeWebSocket, fakeWebSocket } from "./fake_web_socket.ts";

const OPEN = '0{"sid":"x","pingInterval":100,"pingTimeout":50}';
const CONNECTED = '40{"sid":"y"}';

function connect() {
  const end = new AbortController();
  const events: SocketEvent[] = [];
  const losses: GatewayError[] = [];
  const connected = connectSocket({
    url: new URL("ws://host/socket.io/"),
    auth: { token: "t" },
    signal: end.signal,
    onEvent: ({ name, payload }) => events.push({ name, payload }),
    onLost: (error) => losses.push(error),
  }, { WebSocket: fakeWebSocket });
  return { connected, end, events, losses, socket: FakeWebSocket.last };
}

Deno.test("W4 the token is the first thing sent, when the server has spoken", async () => {
  const { connected, socket, end } = connect();
  assert.deepEqual(socket.sent, []);
  socket.say(OPEN);
  assert.deepEqual(socket.sent, ['40{"token":"t"}']);
  socket.say(CONNECTED);
  await connected;
  end.abort();
});

Deno.test("W2 a ping is answered at once; binary frames are ignored", async () => {
  const { connected, socket, end, events, losses } = connect();
  assert.equal(socket.binaryType, "arraybuffer");
  socket.say(OPEN, CONNECTED, "2", new ArrayBuffer(3), '42["a",{"b":1}]');
  await connected;
  assert.deepEqual(socket.sent.slice(1), ["3"]);
  assert.deepEqual([events, losses], [[{ name: "a", payload: { b: 1 } }], []]);
  end.abort();
});

Deno.test("W2 a server that falls silent for both its intervals has hung up, admitted or not", () =>
  inFakeTime(async ({ pass }) => {
    const mute = connect();
    const unreachable = assert.rejects(mute.connected, { kind: "upstream-unreachable" });
    mute.socket.say(OPEN);
    await pass(151);
    await unreachable;
    mute.end.abort();

    const { connected, socket, end, losses } = connect();
    socket.say(OPEN, CONNECTED);
    await connected;
    await pass(149);
    socket.say("2");
    await pass(149);
    assert.equal(losses.length, 0);
    await pass(2);
    assert.equal(losses[0]?.kind, "upstream-cut");
    end.abort();
  }));

Deno.test("W3 a refusal or a loss before `40` rejects, one after it is reported", async () => {
  const before: [(socket: FakeWebSocket) => void, string][] = [
    [(socket) => socket.say(OPEN, '44{"message":"Invalid token"}'), "upstream-auth"],
    [(socket) => socket.say(OPEN, '44"full"'), "upstream-failure"],
    [(socket) => socket.say(OPEN, "41"), "upstream-unreachable"],
    [(socket) => socket.say(OPEN, "1"), "upstream-unreachable"],
    [(socket) => socket.say("<html>"), "upstream-malformed"],
    [(socket) => socket.break("401"), "upstream-unreachable"],
  ];
  for (const [happen, kind] of before) {
    const { connected, socket, end, losses } = connect();
    happen(socket);
    await assert.rejects(connected, { kind });
    assert.deepEqual(losses, []);
    end.abort();
  }
  const { connected, socket, end, losses } = connect();
  socket.say(OPEN, CONNECTED);
  await connected;
  socket.break("reset by peer");
  assert.deepEqual(losses.map(({ kind, detail }) => [kind, detail]), [["upstream-cut", "reset by peer"]]);
  end.abort();
});

Deno.test("a close is a loss whatever its code says, as only the protocol knows a clean end", async () => {
  const { connected, socket, end, losses } = connect();
  socket.say(OPEN, CONNECTED);
  await connected;
  socket.dispatchEvent(new CloseEvent("close", { code: 1005, wasClean: true }));
  assert.equal(losses[0]?.kind, "upstream-cut");
  end.abort();
});

Deno.test("an answer to a ping that a closing socket would swallow is a loss", async () => {
  const { connected, socket, end, losses } = connect();
  socket.say(OPEN, CONNECTED);
  await connected;
  socket.readyState = 2;
  socket.dispatchEvent(new MessageEvent("message", { data: "2" }));
  assert.equal(losses[0]?.kind, "upstream-cut");
  end.abort();
});

Deno.test("W6 the end says goodbye, closes once, and hears nothing more", async () => {
  const { connected, socket, end, events, losses } = connect();
  socket.say(OPEN, CONNECTED);
  await connected;
  end.abort(new Error("The client left"));
  assert.equal(socket.sent.at(-1), "41");
  socket.say('42["late"]');
  socket.break("closed");
  assert.deepEqual([socket.closeCalls, events, losses], [1, [], []]);
});

Deno.test("W6 the end of a socket that is still opening closes it without a word", async () => {
  const { connected, socket, end } = connect();
  const gone = new Error("The client left");
  end.abort(gone);
  await assert.rejects(connected, gone);
  assert.deepEqual([socket.closeCalls, socket.sent], [1, []]);
  await assert.rejects(
    connectSocket(
      { url: socket.url, auth: {}, signal: end.signal, onEvent() {}, onLost() {} },
      { WebSocket: fakeWebSocket },
    ),
    gone,
  );
  assert.equal(FakeWebSocket.last, socket);
});
