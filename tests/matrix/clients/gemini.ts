/** The official `@google/genai` client. */

import {
  ApiError,
  type Content,
  type FunctionDeclaration,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
  type Schema,
  ThinkingLevel,
  Type,
} from "@google/genai";
import { checkGeminiStream } from "../../support/gemini_grammar.ts";
import type { Client, ClientOptions } from "../client.ts";
import type { Ask, Finish, ObjectSchema, Seen, ToolDefinition } from "../scenario.ts";

const FINISH: Readonly<Record<string, Finish>> = { STOP: "stop", MAX_TOKENS: "length", SAFETY: "refusal" };

const LEVELS = {
  low: ThinkingLevel.LOW,
  medium: ThinkingLevel.MEDIUM,
  high: ThinkingLevel.HIGH,
} as const satisfies Record<NonNullable<Ask["effort"]>, ThinkingLevel>;

export const geminiClient: Client = {
  dialect: "gemini",
  async ask(options) {
    let response: Response | undefined;
    const client = new GoogleGenAI({
      apiKey: "none",
      httpOptions: {
        baseUrl: options.url,
        headers: options.headers,
        fetch: async (input, init) => response = await fetch(input, init),
      },
    });
    const seen: Seen = { text: "", reasoning: "", calls: [], finish: undefined, usage: undefined, error: undefined };
    const asked = { model: options.model, contents: contents(options.ask), config: config(options) };
    const begun = options.stream
      ? client.models.generateContentStream(asked)
      : client.models.generateContent(asked).then((answer) => [answer]);
    try {
      const answers = await begun.catch((error) => void (seen.error = error instanceof ApiError ? error.status : true));
      for await (const answer of answers ?? []) take(seen, answer);
    } catch {
      // Inside a stream an error has a code, too, but no HTTP status.
      seen.error = true;
      // The client leaves the rest of a stream that failed unread (3.1.0).
      await response?.body?.cancel().catch(() => {});
    }
    return seen;
  },
  check: (text) => void checkGeminiStream(text),
};

function take(seen: Seen, { candidates, usageMetadata: usage }: GenerateContentResponse): void {
  const candidate = candidates?.[0];
  for (const part of candidate?.content?.parts ?? []) {
    if (part.text !== undefined) seen[part.thought ? "reasoning" : "text"] += part.text;
    const { functionCall: call } = part;
    if (call) seen.calls.push({ id: call.id ?? "", name: call.name ?? "", arguments: call.args });
  }
  const finish = FINISH[candidate?.finishReason ?? ""];
  // A finish by tool calls has no word of its own.
  if (finish !== undefined) seen.finish = finish === "stop" && seen.calls.length > 0 ? "tool-calls" : finish;
  if (usage === undefined) return;
  const reasoning = usage.thoughtsTokenCount ?? 0;
  seen.usage = {
    input: usage.promptTokenCount ?? NaN,
    output: (usage.candidatesTokenCount ?? 0) + reasoning,
    cached: usage.cachedContentTokenCount ?? 0,
    reasoning,
  };
}

function config({ ask, signal }: ClientOptions): GenerateContentConfig {
  return {
    ...(signal && { abortSignal: signal }),
    ...(ask.system !== undefined && { systemInstruction: ask.system }),
    ...(ask.tools && { tools: [{ functionDeclarations: ask.tools.map(declaration) }] }),
    ...(ask.schema && { responseMimeType: "application/json", responseSchema: subset(ask.schema) }),
    ...(ask.maxTokens !== undefined && { maxOutputTokens: ask.maxTokens }),
    ...(ask.stop !== undefined && { stopSequences: [ask.stop] }),
    ...(ask.effort && { thinkingConfig: { thinkingLevel: LEVELS[ask.effort], includeThoughts: true } }),
  };
}

/** In the words of the API, whose types are in upper case. */
function declaration({ name, description, parameters }: ToolDefinition): FunctionDeclaration {
  return { name, description, parameters: subset(parameters) };
}

/** `additionalProperties` is not in the API's subset. */
function subset({ properties, required }: ObjectSchema): Schema {
  const members = Object.keys(properties).map((name): [string, Schema] => [name, { type: Type.STRING }]);
  return { type: Type.OBJECT, properties: Object.fromEntries(members), required };
}

function contents({ prompt, image, past }: Ask): Content[] {
  const parts: Part[] = [
    { text: prompt },
    ...(image === undefined ? [] : [{ inlineData: { mimeType: "image/png", data: image } }]),
  ];
  if (past === undefined) return [{ role: "user", parts }];
  // The first of several calls came signed, and goes back as it came.
  const calls = past.calls.map(({ id, name, arguments: args }, at) => ({
    functionCall: { id, name, args },
    ...(at === 0 && { thoughtSignature: "dmVuZG9y" }),
  }));
  const results = past.calls.map(({ id, name }) => ({
    functionResponse: { id, name, response: { output: past.results[id] } },
  }));
  return [{ role: "user", parts }, { role: "model", parts: calls }, { role: "user", parts: results }];
}
