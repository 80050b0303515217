/** An upstream that plays the model of a coding agent: a task is answered with calls, their results with words. */

import type { Asked, Call, Fault, Said, Scenario } from "../matrix/scenario.ts";
import type { Vendor } from "../matrix/vendor.ts";

export interface AgentScript {
  /** What is called, turn by turn; the first turn's tools are how a request of the task is known. */
  turns: readonly (readonly Call[])[];
  /** Said once every call has its result. */
  words: string;
  /** Thought at the beginning of each answer. */
  thought?: string;
  /** What goes wrong, one for each request of the task in turn; `undefined` for one that goes well. */
  faults?: readonly (Fault | undefined)[];
  /** Milliseconds of silence before the first byte of an answer, and again in its middle. */
  silence?: number;
}

export interface AgentRequest {
  headers: Headers;
  text: string;
  asked: Asked;
  /** A request of the task itself, not of what a client asks besides: a title, a summary. */
  isTask: boolean;
}

export interface ScriptedAgent {
  /** The endpoint of the vendor's provider. */
  endpoint: string;
  /** The model's id at the vendor. */
  model: string;
  received: AgentRequest[];
  /** Why requests were answered 400. */
  refused: string[];
  /** Plays another script from now on, and forgets the requests so far. */
  play(script: AgentScript): void;
  close(): Promise<void>;
}

const USAGE = { input: 1200, cached: 200, output: 60, reasoning: 0 };

export function startScriptedAgent(vendor: Vendor): ScriptedAgent {
  const received: AgentRequest[] = [];
  const refused: string[] = [];
  let script: AgentScript = { turns: [], words: "Nothing to do." };
  // Called for a stream that breaks as its script says, which is nothing to print.
  const onError = () => new Response(null, { status: 500 });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, onError }, async (request) => {
    try {
      const read = await readRequest(vendor, request);
      const isTask = (script.turns[0] ?? []).every(({ name }) => read.asked.tools.includes(name));
      const turn = received.filter((earlier) => earlier.isTask).length;
      received.push({ ...read, isTask });
      return await answer(vendor, { asked: read.asked, script, turn: isTask ? turn : undefined });
    } catch (error) {
      refused.push(String(error));
      return Response.json(vendor.refusal(400), { status: 400 });
    }
  });
  return {
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    model: `${vendor.family ?? ""}agent`,
    received,
    refused,
    play(next) {
      script = next;
      received.length = 0;
      refused.length = 0;
    },
    close: () => server.shutdown(),
  };
}

async function readRequest(vendor: Vendor, request: Request): Promise<Omit<AgentRequest, "isTask">> {
  const { pathname, searchParams: query } = new URL(request.url);
  const { headers } = request;
  const text = await request.text();
  const body = JSON.parse(text);
  return { headers, text, asked: { ...vendor.target({ path: pathname, query, headers, body }), ...vendor.read(body) } };
}

interface Turn {
  asked: Asked;
  script: AgentScript;
  /** The number of task requests before this one; `undefined` for a request besides the task. */
  turn: number | undefined;
}

async function answer(vendor: Vendor, { asked, script, turn }: Turn): Promise<Response> {
  const { silence = 0 } = script;
  const scenario = turn === undefined ? aside() : nextTurn(asked, script, script.faults?.[turn]);
  await pause(silence);
  if (scenario.fault?.type === "status") {
    const { status } = scenario.fault;
    return Response.json(vendor.refusal(status), { status, headers: { "retry-after": "1" } });
  }
  if (!asked.stream) return Response.json(vendor.whole(scenario));
  const body = streamOf(vendor.frames(scenario), { silence, breaks: scenario.fault?.type === "cut" });
  return new Response(body, { headers: { "content-type": vendor.streamType } });
}

/** What is asked besides the task gets a few words. */
function aside(): Scenario {
  return { name: "agent", ask: { prompt: "" }, says: [{ type: "text", text: "A task" }], finish: "stop", usage: USAGE };
}

/** As many turns are over as have all their results. */
function nextTurn(asked: Asked, { turns, words, thought }: AgentScript, fault: Fault | undefined): Scenario {
  const calls = turns.find((_, at) => asked.results.length < turns.slice(0, at + 1).flat().length) ?? [];
  const isDone = calls.length === 0;
  const thoughts: Said[] = thought === undefined ? [] : [{ type: "reasoning", text: thought }];
  const says: Said[] = isDone
    ? [{ type: "text", text: words }]
    : [{ type: "text", text: "I will do that." }, ...calls.map((call) => ({ type: "call" as const, ...call }))];
  return {
    name: "agent",
    ask: { prompt: "" },
    says: [...thoughts, ...says],
    finish: isDone ? "stop" : "tool-calls",
    usage: thought === undefined ? USAGE : { ...USAGE, reasoning: 12 },
    ...(fault !== undefined && { fault }),
  };
}

/** The frames one by one, with the silence in their middle. */
function streamOf(
  frames: readonly string[],
  { silence, breaks }: { silence: number; breaks: boolean },
): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  const middle = Math.floor(frames.length / 2);
  let at = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (at === middle) await pause(silence);
      const frame = frames[at++];
      if (frame !== undefined) controller.enqueue(utf8.encode(frame));
      else if (breaks) controller.error(new Error("scripted cut"));
      else controller.close();
    },
  }, { highWaterMark: 0 });
}

function pause(milliseconds: number): Promise<void> {
  return milliseconds === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, milliseconds));
}
