/** A stand-in for LangFast, for the tests and for trying the provider out: its HTTP calls, its Socket.IO, its faults. */

import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import { Server } from "socket.io";
import { perform } from "./langfast_sim/perform.ts";
import { createService, type SimAnswer, type SimService, type SimState } from "./langfast_sim/service.ts";

export const ANON_KEY = "anon-key-of-the-stand-in";

export interface SimOptions {
  /** 0, the default, for any free one. */
  port?: number;
  /** Milliseconds, of Engine.IO's heartbeat. */
  pingInterval?: number;
  pingTimeout?: number;
  /** Milliseconds between two snapshots. */
  pace?: number;
  /** Seconds. */
  tokenLifetime?: number;
  /** Refuses every socket with these words. */
  refuseSockets?: string;
}

export interface Sim {
  url: string;
  state: SimState;
  /** From now on every token given out so far is refused. */
  revoke(): void;
  close(): Promise<void>;
}

export async function startSim(options: SimOptions = {}): Promise<Sim> {
  const state = {
    signUps: 0,
    refreshes: 0,
    prompts: 0,
    runs: 0,
    socketsOpened: 0,
    socketsOpen: 0,
    lastMeta: undefined,
  };
  const service = createService(state, options.tokenLifetime ?? 3600);
  const end = new AbortController();
  const http = createServer((request, response) => {
    // A client that leaves before its request is read is no fault.
    handle(request, response).catch((error) => request.destroyed || console.error(error));
  });
  const io = serveSockets(http, { service, state, options });

  const start = async ({ sub, ...run }: NonNullable<SimAnswer["run"]>): Promise<void> => {
    const sockets = () => [...io.sockets.sockets.values()].filter((socket) => socket.rooms.has(sub));
    await perform({
      ...run,
      emit: (name, payload) => void io.to(sub).emit(name, payload),
      breakOff: () => sockets().forEach((socket) => socket.conn.close()),
      disconnect: () => sockets().forEach((socket) => socket.disconnect()),
      pace: options.pace ?? 40,
      signal: end.signal,
    }).catch((error) => end.signal.aborted || console.error(error));
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? "/", "http://stand-in");
    if (pathname === "/control") return reply(response, { status: 200, body: state });
    if (pathname === "/control/revoke") {
      service.revoke();
      return reply(response, { status: 204, body: undefined });
    }
    const body = await readBody(request);
    if (request.headers["apikey"] !== ANON_KEY) return reply(response, { status: 401, body: { msg: "No API key" } });
    const answer = service.answer(pathname, body, request.headers.authorization?.replace(/^Bearer /, ""));
    const fault = FAULTS.get(answer.run?.prompt ?? "");
    if (fault !== undefined) return await fault(response, { answer, start });
    reply(response, answer);
    if (answer.run !== undefined) await start(answer.run);
  };

  await new Promise<void>((resolve) => http.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = http.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    state,
    revoke: service.revoke,
    async close() {
      end.abort();
      http.closeAllConnections();
      await io.close();
    },
  };
}

interface SocketsOptions {
  service: SimService;
  state: SimState;
  options: SimOptions;
}

/** Lets in whoever brings a good token, and counts. */
function serveSockets(http: HttpServer, { service, state, options }: SocketsOptions): Server {
  const { pingInterval = 25_000, pingTimeout = 20_000 } = options;
  const io = new Server(http, { serveClient: false, transports: ["websocket"], pingInterval, pingTimeout });
  io.use((socket, next) => {
    if (options.refuseSockets !== undefined) return next(new Error(options.refuseSockets));
    next(service.userOf(socket.handshake.auth["token"]) === undefined ? new Error("Invalid token") : undefined);
  });
  io.on("connection", (socket) => {
    state.socketsOpened++;
    state.socketsOpen++;
    void socket.join(service.userOf(socket.handshake.auth["token"]) ?? "");
    socket.on("disconnect", () => state.socketsOpen--);
  });
  return io;
}

interface Occasion {
  answer: SimAnswer;
  start(run: NonNullable<SimAnswer["run"]>): Promise<void>;
}

type CallFault = (response: ServerResponse, occasion: Occasion) => Promise<void> | void;

/** The prompts whose run goes wrong at the call that starts it. */
const FAULTS: ReadonlyMap<string, CallFault> = new Map<string, CallFault>([
  ["fault:http-500", (response) => reply(response, { status: 500, body: { msg: "boom" } })],
  ["fault:forbidden", (response) => reply(response, { status: 403, body: { msg: "Not in your plan" } })],
  ["fault:limited", (response) => reply(response, { status: 429, body: {} }, { "retry-after": "7" })],
  ["fault:html", (response) => void response.end("<html>Just a moment</html>")],
  ["fault:no-job", (response, { answer }) => reply(response, { ...answer, body: { jobs: [] } })],
  ["fault:hang", () => {}],
  /** The socket is closed while the call waits for its answer. */
  ["fault:dropped", (_, { answer, start }) => answer.run && start({ ...answer.run, prompt: "fault:no-completion" })],
  /** All is said before the run's job is told. */
  ["fault:early", async (response, { answer, start }) => {
    if (answer.run !== undefined) await start(answer.run);
    reply(response, answer);
  }],
]);

function reply(response: ServerResponse, { status, body }: SimAnswer, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined ? "" : JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const bytes of request.setEncoding("utf8")) text += bytes;
  return text === "" ? undefined : JSON.parse(text);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "8765" } } });
  const { url } = await startSim({ port: Number(values.port) });
  console.log(`LangFast's stand-in listens; GET ${url}/control tells what it saw. For the gateway:

LANGFAST_SUPABASE_URL=${url}
LANGFAST_ANON_KEY=${ANON_KEY}
LANGFAST_SOCKET_URL=${url}

A message "fault:cut" brings a fault about; their names are in tools/langfast_sim/perform.ts and tools/langfast_sim.ts.`);
}
