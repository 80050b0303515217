/** What is asked and answered in the matrix, in no dialect's words. */

export interface ToolDefinition {
  name: string;
  description: string;
  parameters: ObjectSchema;
}

/** Of texts only. */
export interface ObjectSchema extends Record<string, unknown> {
  type: "object";
  properties: Record<string, { type: "string" }>;
  required: string[];
  additionalProperties?: false;
}

export interface Call {
  /** In an alphabet that every dialect takes, so that it can be followed through. */
  id: string;
  name: string;
  arguments: Record<string, unknown>;
}

/** What the client wants. */
export interface Ask {
  system?: string;
  prompt: string;
  tools?: ToolDefinition[];
  /** A turn before this one: the model's calls, their results, and no further word of the user's. */
  past?: { thought?: string; calls: Call[]; results: Record<string, string> };
  /** A PNG, base64. */
  image?: string;
  /** The answer shall be JSON of this schema. */
  schema?: ObjectSchema;
  maxTokens?: number;
  stop?: string;
  effort?: "low" | "medium" | "high";
}

/** What the vendor says, piece by piece. */
export type Said = { type: "text"; text: string } | { type: "reasoning"; text: string } | ({ type: "call" } & Call);

export type Finish = "stop" | "length" | "tool-calls" | "stop-sequence" | "refusal";

export interface Usage {
  /** All prompt tokens, the cached ones included. */
  input: number;
  cached: number;
  /** All tokens of the answer, the reasoning included. */
  output: number;
  reasoning: number;
}

export type Fault =
  /** Refused with this status. */
  | { type: "status"; status: 429 | 500 }
  /** After what is said, an error event of the dialect. */
  | { type: "error-event" }
  /** After what is said, the connection breaks. */
  | { type: "cut" }
  /** After what is said, nothing more. */
  | { type: "silence" };

export interface Scenario {
  /** Also the model's id at the vendor: it is how the vendor knows what to say. */
  name: string;
  ask: Ask;
  says: Said[];
  finish: Finish;
  usage: Usage;
  fault?: Fault;
  /** Only in streams: a fault in the middle of an answer does not exist in a whole one. */
  streamOnly?: true;
}

/** What a client saw of an answer, in no dialect's words. */
export interface Seen {
  text: string;
  reasoning: string;
  calls: { id: string; name: string; arguments: unknown }[];
  /** `undefined` where the dialect did not say, or the answer failed. */
  finish: Finish | undefined;
  usage: Partial<Usage> | undefined;
  /** The status of a refusal, or `true` for a failure inside a stream. */
  error: number | true | undefined;
}

/** What a vendor was asked, in no dialect's words; what its dialect cannot say is `undefined`. */
export interface Asked {
  model: string;
  stream: boolean;
  system: string | undefined;
  /** All texts of user turns, joined. */
  prompt: string;
  tools: string[];
  /** Calls of the history, and results with the id and the name of the call they answer. */
  calls: { id: string | undefined; name: string; arguments: unknown }[];
  results: { id: string | undefined; name: string | undefined; text: string }[];
  /** base64 */
  images: string[];
  /** The schema's property names, or `undefined` where none is asked for. */
  schema: string[] | undefined;
  maxTokens: number | undefined;
  stop: string[] | undefined;
  /** Whether thinking was asked for. */
  thinks: boolean | undefined;
}

const USAGE: Usage = { input: 30, cached: 10, output: 20, reasoning: 0 };

const WEATHER: ToolDefinition = {
  name: "get_weather",
  description: "The weather of a city",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const TIME: ToolDefinition = {
  name: "get_time",
  description: "The time in a zone",
  parameters: { type: "object", properties: { zone: { type: "string" } }, required: ["zone"] },
};

const bern: Call = { id: "call_bern_0001", name: "get_weather", arguments: { city: "Bern" } };
const zone: Call = { id: "call_zone_0002", name: "get_time", arguments: { zone: "Europe/Zürich 🕐" } };

/** Of an earlier turn, whose ids no answer of these scenarios had: what the gateway may recall of them is nothing. */
const pastBern: Call = { ...bern, id: "call_bern_0003" };
const pastZone: Call = { ...zone, id: "call_zone_0004" };

/** A transparent pixel. */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

const hello: Said[] = [{ type: "text", text: "Hello" }, { type: "text", text: ", world" }, { type: "text", text: "!" }];
const plain = { ask: { prompt: "Say hello" }, says: hello, finish: "stop", usage: USAGE } as const satisfies Omit<
  Scenario,
  "name"
>;

export const SCENARIOS: readonly Scenario[] = [
  { ...plain, name: "text", ask: { system: "Be kind.", prompt: "Say hello" } },
  {
    ...plain,
    name: "unicode",
    ask: { prompt: "Grüße 你好 🙂" },
    says: [{ type: "text", text: "你好，" }, { type: "text", text: "🙂👩‍👩‍👧 naïve" }, { type: "text", text: " — שלום" }],
  },
  {
    ...plain,
    name: "parallel-tools",
    ask: { prompt: "Weather and time?", tools: [WEATHER, TIME] },
    says: [{ type: "text", text: "Let me see." }, { type: "call", ...bern }, { type: "call", ...zone }],
    finish: "tool-calls",
  },
  {
    ...plain,
    name: "tool-round-trip",
    ask: {
      prompt: "Weather and time?",
      tools: [WEATHER, TIME],
      past: { calls: [pastBern, pastZone], results: { [pastBern.id]: "sunny, 21°", [pastZone.id]: "12:00" } },
    },
  },
  {
    ...plain,
    name: "reasoning",
    // Less than the tokens that some vendors are given to think for this effort.
    ask: { prompt: "Think first", effort: "medium", maxTokens: 6000 },
    says: [{ type: "reasoning", text: "Let me " }, { type: "reasoning", text: "think." }, ...hello],
    usage: { ...USAGE, reasoning: 8 },
  },
  { ...plain, name: "image", ask: { prompt: "What is this?", image: PIXEL } },
  {
    ...plain,
    name: "structured-output",
    ask: {
      prompt: "Give me JSON",
      schema: {
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
        additionalProperties: false,
      },
    },
    says: [{ type: "text", text: '{"city":' }, { type: "text", text: '"Bern"}' }],
  },
  {
    ...plain,
    name: "max-tokens",
    ask: { prompt: "Say a lot", maxTokens: 20 },
    says: [{ type: "text", text: "This goes on and" }],
    finish: "length",
  },
  { ...plain, name: "stop-sequence", ask: { prompt: "Count", stop: "four" }, finish: "stop-sequence" },
  {
    ...plain,
    name: "refusal",
    ask: { prompt: "Something bad" },
    says: [{ type: "text", text: "I cannot" }],
    finish: "refusal",
  },
  {
    ...plain,
    name: "usage",
    ask: { prompt: "Count the tokens" },
    usage: { input: 123, cached: 23, output: 45, reasoning: 0 },
  },
  { ...plain, name: "upstream-429", says: [], fault: { type: "status", status: 429 } },
  { ...plain, name: "upstream-500", says: [], fault: { type: "status", status: 500 } },
  { ...plain, name: "error-event", says: hello.slice(0, 2), fault: { type: "error-event" }, streamOnly: true },
  { ...plain, name: "cut", says: hello.slice(0, 2), fault: { type: "cut" }, streamOnly: true },
  { ...plain, name: "silence", says: hello.slice(0, 2), fault: { type: "silence" }, streamOnly: true },
  { ...plain, name: "client-abort", says: hello.slice(0, 2), fault: { type: "silence" }, streamOnly: true },
];
