/** What is read of the bodies of the Gemini API: strict with a client where it protects, tolerant with an upstream. */

import * as z from "zod";
import { lazy } from "../lazy.ts";
import { filledText, json, maybe, maybeCount, maybeObject, maybeText, object, optional, place } from "../schema.ts";
import { ANSWER_VERBS } from "./parse_path.ts";

const text = optional.text;
const name = filledText;

// ── What a client sends, its keys in camel case ──────────────────────────────────────────────────────────────────────

/** What the path and the query say. */
export const routeSchema = lazy(() => z.object({ model: name, verb: z.enum(ANSWER_VERBS), sse: z.boolean() }));

const part = lazy(() =>
  z.looseObject({
    text,
    thought: optional.flag,
    thoughtSignature: text,
    inlineData: z.looseObject({ mimeType: name, data: z.string() }).nullish(),
    fileData: z.looseObject({ fileUri: name, mimeType: text }).nullish(),
    functionCall: z.looseObject({ id: text, name, args: optional.object }).nullish(),
    functionResponse: z.looseObject({
      id: text,
      name: text,
      response: json,
      parts: z.array(z.looseObject({ inlineData: z.looseObject({ mimeType: name, data: z.string() }).nullish() }))
        .nullish(),
    }).nullish(),
    mediaResolution: z.looseObject({ level: text }).nullish(),
    videoMetadata: optional.object,
  })
);

const parts = lazy(() => z.array(part()).nullish());

/** `function` and `tool` are other roles of results; in capitals, as Google's own examples have it, they are the same. */
const content = lazy(() =>
  z.looseObject({
    role: z.string().toLowerCase().pipe(z.enum(["user", "model", "function", "tool"])).nullish(),
    parts: parts(),
  })
);

const functionDeclaration = lazy(() =>
  z.looseObject({
    name,
    description: text,
    parameters: optional.object,
    parametersJsonSchema: optional.object,
  })
);

const tool = lazy(() => z.looseObject({ functionDeclarations: z.array(functionDeclaration()).nullish() }));

const functionCallingConfig = lazy(() =>
  z.looseObject({
    mode: z.string().toUpperCase().pipe(z.enum(["AUTO", "ANY", "NONE", "VALIDATED", "MODE_UNSPECIFIED"])).nullish(),
    allowedFunctionNames: z.array(name).nullish(),
  })
);

const thinkingConfig = lazy(() =>
  z.looseObject({
    includeThoughts: optional.flag,
    thinkingBudget: z.int().min(-1).nullish(),
    /** Each generation brought one of its own. */
    thinkingLevel: z.string().toUpperCase().nullish(),
  })
);

const number = optional.number;
const limit = optional.limit;

const generationConfig = lazy(() =>
  z.looseObject({
    maxOutputTokens: limit,
    temperature: number,
    topP: number,
    topK: number,
    presencePenalty: number,
    frequencyPenalty: number,
    seed: z.int().nullish(),
    stopSequences: z.array(z.string()).nullish(),
    candidateCount: limit,
    responseLogprobs: optional.flag,
    logprobs: z.int().min(0).nullish(),
    responseMimeType: text,
    responseSchema: optional.object,
    responseJsonSchema: optional.object,
    thinkingConfig: thinkingConfig().nullish(),
  })
);

export const requestSchema = lazy(() =>
  z.looseObject({
    contents: z.array(content()).min(1),
    systemInstruction: z.looseObject({ parts: parts() }).nullish(),
    tools: z.array(tool()).nullish(),
    toolConfig: z.looseObject({ functionCallingConfig: functionCallingConfig().nullish() }).nullish(),
    generationConfig: generationConfig().nullish(),
    serviceTier: text,
    /** Said again in the body of some clients; the path decides. */
    model: json,
  })
);

export const configFields = lazy((): ReadonlySet<string> => new Set(Object.keys(generationConfig().shape)));
export const requestFields = lazy((): ReadonlySet<string> => new Set(Object.keys(requestSchema().shape)));

export type RequestBody = z.infer<ReturnType<typeof requestSchema>>;
export type RequestContent = z.infer<ReturnType<typeof content>>;
export type RequestPart = z.infer<ReturnType<typeof part>>;
export type FunctionResponse = NonNullable<RequestPart["functionResponse"]>;
export type FunctionDeclaration = z.infer<ReturnType<typeof functionDeclaration>>;
export type FunctionCallingConfig = z.infer<ReturnType<typeof functionCallingConfig>>;
export type GenerationConfig = z.infer<ReturnType<typeof generationConfig>>;
export type ThinkingConfig = z.infer<ReturnType<typeof thinkingConfig>>;

// ── What an upstream answers ─────────────────────────────────────────────────────────────────────────────────────────

const answerText = maybeText;
const count = maybeCount;

const candidate = lazy(() =>
  z.object({
    index: place,
    content: maybe(z.object({ parts: maybe(z.array(object)) })),
    finishReason: answerText,
    continuationToken: answerText,
    logprobsResult: maybeObject,
    citationMetadata: maybeObject,
    groundingMetadata: maybeObject,
  })
);

/** A chunk, or a whole answer: they are alike. */
export const answerSchema = lazy(() =>
  z.object({
    candidates: maybe(z.array(candidate())),
    promptFeedback: maybe(z.object({ blockReason: answerText })),
    usageMetadata: maybe(z.object({
      promptTokenCount: count,
      toolUsePromptTokenCount: count,
      cachedContentTokenCount: count,
      candidatesTokenCount: count,
      thoughtsTokenCount: count,
    })),
    modelVersion: answerText,
    responseId: answerText,
    createTime: answerText,
  })
);

export type Answer = z.infer<ReturnType<typeof answerSchema>>;
export type AnswerCandidate = z.infer<ReturnType<typeof candidate>>;
export type UsageMetadata = NonNullable<Answer["usageMetadata"]>;
