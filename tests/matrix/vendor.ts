/** The upstreams of the matrix: one server that plays every scenario in every dialect, as the vendors themselves would. */

import type { DialectName } from "../../chat/event.ts";
import type { Asked, Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenario.ts";

/** One vendor's wire format, written by hand for the tests: nothing of the gateway's own codecs is used here. */
export interface Vendor {
  dialect: VendorDialect;
  /** Of a stream: `text/event-stream`, or Ollama's. */
  streamType: string;
  /** Its model ids are this and a scenario's name, where the gateway goes by a model's generation. */
  family?: string;
  /**
   * The scenario's name and whether a stream is wanted: from the body, or for Gemini from the path. Throws where the path
   * or the headers, the key among them, are not the vendor's.
   */
  target(request: VendorRequest): { model: string; stream: boolean };
  /**
   * What the body asks for. Throws where the vendor would answer 400: a required member that is missing, a member it
   * does not know, ids that do not match, turns out of order.
   */
  read(body: Record<string, unknown>): Omit<Asked, "model" | "stream">;
  /** The whole answer. */
  whole(scenario: Scenario): unknown;
  /** Frames of the answer as the vendor sends them, up to a fault if there is one; an `error-event` fault is included. */
  frames(scenario: Scenario): string[];
  /** The body of a refusal. */
  refusal(status: number): unknown;
}

export interface VendorRequest {
  /** Below the endpoint. */
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: Record<string, unknown>;
}

export type VendorDialect = Extract<
  DialectName,
  "openai_chat" | "openai_responses" | "anthropic" | "gemini" | "ollama"
>;

export interface Received {
  dialect: VendorDialect;
  path: string;
  headers: Headers;
  text: string;
  asked: Asked;
  /** Resolves when the gateway left before the end. */
  left: Promise<void>;
}

export interface VendorServer {
  /** The endpoint of a dialect's provider. */
  endpoint(dialect: VendorDialect): string;
  received: Received[];
  /** Why requests were answered 400. */
  refused: string[];
  close(): Promise<void>;
}

/** Frames are cut into pieces of these sizes, in turn, so that characters and lines are split between reads. */
const PIECES = [1, 7, 30, 3, 200];

export function startVendors(vendors: readonly Vendor[]): VendorServer {
  const received: Received[] = [];
  const refused: string[] = [];
  const closing = new AbortController();
  // Called for a stream that breaks as its scenario says, which is nothing to print.
  const onError = () => new Response(null, { status: 500 });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, onError }, async (request) => {
    const { pathname, searchParams: query } = new URL(request.url);
    const [, name = "", ...rest] = pathname.split("/");
    const vendor = vendors.find(({ dialect }) => dialect === name);
    if (vendor === undefined || request.method !== "POST") return new Response(null, { status: 404 });
    try {
      return await play(vendor, { request, path: `/${rest.join("/")}`, query, received, closing: closing.signal });
    } catch (error) {
      refused.push(String(error));
      return Response.json(vendor.refusal(400), { status: 400 });
    }
  });
  return {
    endpoint: (dialect) => `http://127.0.0.1:${server.addr.port}/${dialect}`,
    received,
    refused,
    async close() {
      closing.abort();
      await server.shutdown();
    },
  };
}

interface Play {
  request: Request;
  path: string;
  query: URLSearchParams;
  received: Received[];
  closing: AbortSignal;
}

async function play(vendor: Vendor, { request, path, query, received, closing }: Play): Promise<Response> {
  const text = await request.text();
  const body = JSON.parse(text);
  const { model, stream } = vendor.target({ path, query, headers: request.headers, body });
  const left = Promise.withResolvers<void>();
  const asked = { model, stream, ...vendor.read(body) };
  received.push({ dialect: vendor.dialect, path, headers: request.headers, text, asked, left: left.promise });
  const scenario = SCENARIOS.find(({ name }) => name === model);
  if (scenario === undefined) throw new Error(`no scenario ${model}`);
  if (scenario.fault?.type === "status") {
    const { status } = scenario.fault;
    const headers = { "retry-after": "30" };
    return Response.json(vendor.refusal(status), { status, ...(status === 429 && { headers }) });
  }
  if (!stream) return Response.json(vendor.whole(scenario));
  const pieces = cut(new TextEncoder().encode(vendor.frames(scenario).join("")));
  const body_ = playStream(pieces, { ending: scenario.fault?.type, leave: left.resolve, closing });
  return new Response(body_, { headers: { "content-type": vendor.streamType } });
}

function cut(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = PIECES[turn % PIECES.length] ?? 1;
    pieces.push(bytes.slice(at, at + size));
    at += size;
  }
  return pieces;
}

interface Ending {
  ending: string | undefined;
  leave: () => void;
  closing: AbortSignal;
}

function playStream(pieces: Uint8Array[], { ending, leave, closing }: Ending): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces[at++];
      if (piece !== undefined) return controller.enqueue(piece);
      if (ending === "cut") return controller.error(new Error("scripted cut"));
      if (ending !== "silence") return controller.close();
      return new Promise<void>((resolve) => closing.addEventListener("abort", () => resolve(), { once: true }));
    },
    cancel: () => leave(),
  }, { highWaterMark: 0 });
}
