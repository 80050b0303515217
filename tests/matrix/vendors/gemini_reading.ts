/** What the Gemini API takes, and what it answers 400 to: "Invalid JSON payload received. Unknown name …", most of all. */

import type { Asked } from "../scenario.ts";
import { jsonSchema, list, only, record, text, want } from "./reading.ts";

const MEMBERS = [
  ...["contents", "systemInstruction", "tools", "toolConfig", "safetySettings", "generationConfig", "cachedContent"],
  ...["serviceTier", "store"],
];
const CONFIG_MEMBERS = [
  ...["maxOutputTokens", "temperature", "topP", "topK", "stopSequences", "candidateCount", "seed", "presencePenalty"],
  ...["frequencyPenalty", "responseLogprobs", "logprobs", "responseMimeType", "responseSchema", "responseJsonSchema"],
  ...["responseModalities", "speechConfig", "thinkingConfig", "mediaResolution", "imageConfig"],
];
const FUNCTION_MEMBERS = [
  ...["name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema", "behavior"],
];
/** The subset of OpenAPI: no `$ref`, no `additionalProperties`, no `const`. */
const SCHEMA_MEMBERS = [
  ...["type", "format", "title", "description", "nullable", "enum", "items", "minItems", "maxItems", "properties"],
  ...["required", "minProperties", "maxProperties", "minLength", "maxLength", "pattern", "example", "anyOf"],
  ...["propertyOrdering", "default", "minimum", "maximum"],
];
const TYPES = ["STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"];
const PART_DATA = ["text", "inlineData", "fileData", "functionCall", "functionResponse"];

type Part = Record<string, unknown>;
interface Content {
  role: unknown;
  parts: Part[];
}

export function readGemini(body: Record<string, unknown>): Omit<Asked, "model" | "stream"> {
  only(body, MEMBERS);
  const config = only(body.generationConfig ?? {}, CONFIG_MEMBERS);
  const contents = list(body.contents).map(content);
  checkTurns(contents);
  const said = contents.flatMap(({ role, parts }) => role === "user" ? parts : []);
  const called = contents.flatMap(({ role, parts }) => role === "model" ? parts : []);
  return {
    system: body.systemInstruction === undefined ? undefined : content(body.systemInstruction).parts
      .map((part) => text(part.text)).join("\n"),
    prompt: withField(said, "text").map((part) => text(part.text)).join(""),
    tools: list(body.tools).flatMap(toolNames),
    calls: withField(called, "functionCall").map((part) => call(part.functionCall)),
    results: withField(said, "functionResponse").map((part) => result(part.functionResponse)),
    images: withField(said, "inlineData").map((part) => image(part.inlineData)),
    schema: schema(config),
    maxTokens: count(config.maxOutputTokens),
    stop: stops(config.stopSequences),
    thinks: thinks(config.thinkingConfig),
  };
}

function content(value: unknown): Content {
  const { role, parts } = only(value, ["role", "parts"]);
  const read = list(parts).map((part) => only(part, [...PART_DATA, "thought", "thoughtSignature"]));
  want(read.length > 0, "GenerateContentRequest.contents.parts: must not be empty");
  for (const part of read) {
    const data = PART_DATA.filter((field) => part[field] !== undefined);
    want(data.length === 1, "required oneof field 'data' must have one initialized field");
    want(part.text !== "" || part.thoughtSignature !== undefined, "a text part is empty");
  }
  return { role, parts: read };
}

function withField(parts: readonly Part[], field: string): Part[] {
  return parts.filter((part) => part[field] !== undefined);
}

/** "Please ensure that function response turn comes immediately after a function call turn", and its like. */
function checkTurns(contents: readonly Content[]): void {
  want(contents[0]?.role === "user" && contents.at(-1)?.role === "user", "the user does not speak first and last");
  contents.forEach(({ role, parts }, at) => {
    want(role === "user" || role === "model", `Please use a valid role: user, model: ${role}`);
    const before = contents[at - 1];
    want(before?.role !== role, "turns do not alternate");
    const calls = withField(before?.parts ?? [], "functionCall").map((part) => call(part.functionCall));
    const results = withField(parts, "functionResponse").map((part) => result(part.functionResponse));
    want(
      calls.length === results.length,
      "the number of function response parts is not equal to that of function call parts of the function call turn",
    );
    results.forEach(({ id, name }, at) => {
      want(calls[at]?.name === name, `function response ${name} answers no call`);
      want(id === undefined || calls[at]?.id === id, `function response ${id} answers no call`);
    });
    const [first] = withField(parts, "functionCall");
    want(!first || first.thoughtSignature !== undefined, "Function call is missing a thought_signature");
  });
}

function call(value: unknown): Asked["calls"][number] {
  const { id, name, args } = only(value, ["id", "name", "args"]);
  return { id: id === undefined ? undefined : text(id), name: text(name), arguments: record(args ?? {}) };
}

function result(value: unknown): Asked["results"][number] {
  const { id, name, response } = only(value, ["id", "name", "response", "willContinue", "scheduling", "parts"]);
  // The last as a client of the AI SDK has it, whose words are relayed.
  const { output, result, content } = record(response);
  return { id: id === undefined ? undefined : text(id), name: text(name), text: text(output ?? result ?? content) };
}

function image(value: unknown): string {
  const { mimeType, data } = only(value, ["mimeType", "data", "displayName"]);
  want(mimeType === "image/png", `no PNG: ${mimeType}`);
  want(atob(text(data)).startsWith("\x89PNG"), "Unable to process input image");
  return text(data);
}

function toolNames(value: unknown): string[] {
  return list(only(value, ["functionDeclarations"]).functionDeclarations).map((declared) => {
    const { name, parameters, parametersJsonSchema } = only(declared, FUNCTION_MEMBERS);
    want(/^[a-zA-Z_][\w.:-]{0,127}$/.test(text(name)), `Invalid function name ${name}`);
    want(parameters === undefined || parametersJsonSchema === undefined, "two schemas of parameters");
    if (parameters !== undefined) checkSchema(parameters);
    if (parametersJsonSchema !== undefined) jsonSchema(parametersJsonSchema);
    return text(name);
  });
}

function checkSchema(value: unknown): void {
  const { type, properties, items, anyOf, required } = only(value, SCHEMA_MEMBERS);
  want(anyOf !== undefined || TYPES.includes(text(type)), `Invalid value at 'type': ${type}`);
  const members = properties === undefined ? {} : record(properties);
  want(type !== "OBJECT" || Object.keys(members).length > 0, "properties: should be non-empty for OBJECT type");
  want(type !== "ARRAY" || items !== undefined, "items: missing field");
  for (const name of list(required)) want(Object.hasOwn(members, text(name)), `required: ${name} is not defined`);
  for (const member of [...Object.values(members), ...list(anyOf), ...(items === undefined ? [] : [items])]) {
    checkSchema(member);
  }
}

function schema({ responseMimeType, responseSchema, responseJsonSchema }: Record<string, unknown>) {
  const schema = responseSchema ?? responseJsonSchema;
  if (schema === undefined) return undefined;
  want(responseMimeType === "application/json", "response_schema needs the mime type application/json");
  want(responseSchema === undefined || responseJsonSchema === undefined, "two schemas of the response");
  if (responseSchema !== undefined) checkSchema(responseSchema);
  else jsonSchema(responseJsonSchema);
  return Object.keys(record(record(schema).properties));
}

function count(value: unknown): number | undefined {
  want(
    value === undefined || (typeof value === "number" && Number.isInteger(value) && value > 0),
    `no count: ${value}`,
  );
  return value;
}

function stops(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  const sequences = list(value).map(text);
  want(sequences.length <= 5 && !sequences.includes(""), "stop_sequences: at most 5, none of them empty");
  return sequences;
}

function thinks(value: unknown): boolean {
  if (value === undefined) return false;
  const members = ["includeThoughts", "thinkingBudget", "thinkingLevel"];
  const { includeThoughts, thinkingBudget, thinkingLevel } = only(value, members);
  want(
    thinkingBudget === undefined || thinkingLevel === undefined,
    "You can only set only one of thinking budget and thinking level",
  );
  const levels = [undefined, "MINIMAL", "LOW", "MEDIUM", "HIGH"];
  // Its own documents have them in small letters: https://ai.google.dev/gemini-api/docs/thinking.
  const level = typeof thinkingLevel === "string" ? thinkingLevel.toUpperCase() : thinkingLevel;
  want(levels.some((known) => known === level), `Invalid value at 'thinking_level': ${thinkingLevel}`);
  return includeThoughts === true && thinkingBudget !== 0;
}
