/** An HTTP/1.1 server on bare sockets: whoever answers holds the connection, and may stall, cut or reset it. */

import { Buffer } from "node:buffer";
import { createServer, type Socket } from "node:net";

export interface WireRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  text: string;
}

/** One request, and what may be done about it. What is written after the other side left goes nowhere. */
export interface Exchange {
  request: WireRequest;
  /** Answers in one piece. `length` is what the head promises, where that is more than the body keeps. */
  answer(head: Head, body: string, length?: number): void;
  /** Begins a body that comes in chunks. */
  begin(head: Head): void;
  write(bytes: Uint8Array): void;
  end(): void;
  /** Closes the connection, with what was written before. */
  cut(): void;
  /** Resets it: a RST, in the middle of whatever was being said. */
  reset(): void;
  /** Aborted when the other side left. */
  left: AbortSignal;
}

export interface Head {
  status: number;
  headers: Record<string, string>;
}

export interface WireServer {
  url: string;
  /** Closes the connections on which nothing is being answered. */
  hangUp(): void;
  close(): Promise<void>;
}

export async function startWire(handle: (exchange: Exchange) => Promise<void>): Promise<WireServer> {
  /** Each with what tells whether somebody waits for an answer on it. */
  const sockets = new Map<Socket, { busy: boolean }>();
  const server = createServer({ noDelay: true }, (socket) => {
    socket.once("close", () => sockets.delete(socket));
    // A gateway that leaves may reset the connection, too.
    socket.on("error", () => {});
    sockets.set(socket, converse(socket, handle));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    hangUp() {
      for (const [socket, { busy }] of sockets) if (!busy) socket.destroy();
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets.keys()) socket.destroy();
      await closed;
    },
  };
}

/** Answers one request after the other, for as long as the connection is kept. */
function converse(socket: Socket, handle: (exchange: Exchange) => Promise<void>): { busy: boolean } {
  const left = new AbortController();
  let pending = Buffer.alloc(0);
  const state = { busy: false };
  const next = async () => {
    const found = state.busy ? undefined : takeRequest(pending);
    if (found === undefined) return;
    state.busy = true;
    pending = found.rest;
    await handle(exchangeOn(socket, { request: found.request, left: left.signal }));
    state.busy = false;
    void next();
  };
  socket.on("data", (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes]);
    void next();
  });
  socket.once("close", () => left.abort());
  return state;
}

function exchangeOn(socket: Socket, { request, left }: Pick<Exchange, "request" | "left">): Exchange {
  const write = (bytes: string | Uint8Array) => {
    if (socket.writable) socket.write(bytes);
  };
  return {
    request,
    left,
    answer(head, body, length = Buffer.byteLength(body)) {
      write(`${formatHead(head)}content-length: ${length}\r\n\r\n${body}`);
    },
    begin: (head) => write(`${formatHead(head)}transfer-encoding: chunked\r\n\r\n`),
    write(bytes) {
      if (bytes.length === 0) return;
      write(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]));
    },
    end: () => write("0\r\n\r\n"),
    cut: () => void socket.destroySoon(),
    reset: () => void socket.resetAndDestroy(),
  };
}

function formatHead({ status, headers }: Head): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} So\r\n${lines.join("")}`;
}

/** The first whole request in the bytes; its body has a `content-length`, or there is none. */
function takeRequest(bytes: Buffer): { request: WireRequest; rest: Buffer<ArrayBuffer> } | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [first = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const headers = new Headers(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  const length = Number(headers.get("content-length") ?? 0);
  if (bytes.length < end + 4 + length) return undefined;
  const [method = "", target = ""] = first.split(" ");
  const { pathname: path, searchParams: query } = new URL(target, "http://upstream");
  const text = bytes.toString("utf8", end + 4, end + 4 + length);
  return { request: { method, path, query, headers, text }, rest: Buffer.from(bytes.subarray(end + 4 + length)) };
}
