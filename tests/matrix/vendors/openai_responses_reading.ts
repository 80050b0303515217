/** What the Responses API takes, and what it answers 400 to. */

import type { Asked } from "../scenario.ts";
import { jsonSchema, list, only, record, text, want } from "./reading.ts";

const MEMBERS = [
  ...["model", "input", "instructions", "stream", "stream_options", "store", "tools", "tool_choice", "include", "text"],
  ...["parallel_tool_calls", "max_output_tokens", "max_tool_calls", "temperature", "top_p", "top_logprobs", "user"],
  ...["reasoning", "metadata", "service_tier", "prompt_cache_key", "prompt_cache_retention", "safety_identifier"],
  ...["truncation", "background", "previous_response_id", "conversation", "prompt"],
];
/** The members of the items and of the parts, by their type. */
const ITEMS: Readonly<Record<string, readonly string[]>> = {
  message: ["type", "role", "content", "id", "status", "phase"],
  function_call: ["type", "call_id", "name", "arguments", "id", "status"],
  function_call_output: ["type", "call_id", "output", "id", "status"],
  reasoning: ["type", "summary", "content", "encrypted_content", "id", "status"],
};
const PARTS: Readonly<Record<string, readonly string[]>> = {
  input_text: ["type", "text"],
  input_image: ["type", "image_url", "file_id", "detail"],
  input_file: ["type", "file_data", "file_url", "file_id", "filename"],
  output_text: ["type", "text", "annotations", "logprobs"],
  refusal: ["type", "refusal"],
};
const INCLUDES = ["reasoning.encrypted_content", "message.output_text.logprobs"];
const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

type Item = Record<string, unknown>;

export function readOpenaiResponses(body: Record<string, unknown>): Omit<Asked, "model" | "stream"> {
  only(body, MEMBERS);
  want(body.stream === undefined || typeof body.stream === "boolean", "stream: expected a boolean");
  want(body.store === false, "what passes through a gateway is not to be stored");
  for (const word of list(body.include)) want(INCLUDES.includes(text(word)), `include: invalid value ${word}`);
  const items = itemsOf(body.input);
  checkCalls(items);
  const messages = ofType(items, "message");
  const said = messages.filter(({ role }) => role === "user").flatMap(partsOf);
  const system = messages.filter(({ role }) => role === "system" || role === "developer").flatMap(partsOf);
  return {
    system: [body.instructions ?? [], system.map((part) => text(part.text))].flat().map(text).join("\n") || undefined,
    prompt: ofType(said, "input_text").map((part) => text(part.text)).join(""),
    tools: list(body.tools).map(toolName),
    calls: ofType(items, "function_call").map(({ call_id, name, arguments: args }) => ({
      id: text(call_id),
      name: text(name),
      arguments: JSON.parse(text(args)),
    })),
    results: ofType(items, "function_call_output").map(({ call_id, output }) => ({
      id: text(call_id),
      name: undefined,
      text: typeof output === "string" ? output : list(output).map((part) => text(record(part).text)).join(""),
    })),
    images: ofType(said, "input_image").map(image),
    schema: schema(body.text),
    maxTokens: limit(body.max_output_tokens),
    stop: undefined,
    thinks: thinks(body.reasoning),
  };
}

function itemsOf(input: unknown): Item[] {
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  const items = list(input).map((value): Item => {
    const item = record(value);
    return item.role === undefined ? item : { type: "message", ...item };
  });
  want(items.length > 0, "Missing required parameter: 'input'");
  for (const item of items) {
    only(item, ITEMS[text(item.type)] ?? []);
    if (item.type === "message") partsOf(item);
    if (item.type === "reasoning") {
      want(item.encrypted_content !== undefined, "the thought is not stored, nor is it here");
    }
  }
  return items;
}

function ofType(items: readonly Item[], type: string): Item[] {
  return items.filter((item) => item.type === type);
}

function partsOf({ role, content }: Item): Item[] {
  want(["user", "system", "developer", "assistant"].includes(text(role)), `Invalid value: '${role}'`);
  const isModel = role === "assistant";
  if (typeof content === "string") return [{ type: isModel ? "output_text" : "input_text", text: content }];
  const parts = list(content).map((part) => only(part, PARTS[text(record(part).type)] ?? []));
  for (const { type } of parts) {
    want(text(type).startsWith("input_") !== isModel, `Invalid value: '${type}' in a message of the ${role}'s`);
  }
  return parts;
}

/** "No tool call found for function call output with call_id …", and the other way round. */
function checkCalls(items: readonly Item[]): void {
  const open = new Set<string>();
  for (const { type, call_id, name } of items) {
    if (type === "function_call") {
      want(text(call_id).length <= 64 && !open.has(text(call_id)), `call_id ${call_id} is too long, or not unique`);
      want(/^[a-zA-Z0-9_-]{1,64}$/.test(text(name)), `name ${name} does not match the pattern`);
      open.add(text(call_id));
    }
    if (type === "function_call_output") want(open.delete(text(call_id)), `No tool call found for ${call_id}`);
  }
  want(open.size === 0, `No tool output found for function call ${[...open]}`);
}

/** Tools are flat here; one without `strict` is strict. */
function toolName(value: unknown): string {
  const { type, name, parameters, strict } = only(value, ["type", "name", "description", "parameters", "strict"]);
  want(type === "function", `no tool of type ${type}`);
  want(/^[a-zA-Z0-9_-]{1,64}$/.test(text(name)), `tools.name ${name} does not match the pattern`);
  checkStrict(jsonSchema(parameters), strict ?? true);
  return text(name);
}

function checkStrict({ properties, required, additionalProperties }: Record<string, unknown>, strict: unknown): void {
  want(typeof strict === "boolean", "strict: expected a boolean");
  if (!strict) return;
  want(additionalProperties === false, "'additionalProperties' is required to be supplied and to be false");
  const names = Object.keys(record(properties ?? {}));
  want(names.every((name) => list(required).includes(name)), "'required' must include every key in properties");
}

function image({ image_url, detail }: Item): string {
  const [, data] = /^data:image\/png;base64,(.+)$/.exec(text(image_url)) ?? [];
  want(
    data !== undefined && atob(data).startsWith("\x89PNG"),
    "The image data you provided does not represent an image",
  );
  want(detail === undefined || ["auto", "low", "high"].includes(text(detail)), `detail: invalid value ${detail}`);
  return data;
}

function schema(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  const { format } = only(value, ["format", "verbosity"]);
  if (format === undefined || record(format).type === "text") return undefined;
  const { type, name, schema, strict } = only(format, ["type", "name", "schema", "strict", "description"]);
  want(type === "json_schema", `no format ${type}`);
  want(/^[a-zA-Z0-9_-]{1,64}$/.test(text(name)), "text.format.name: missing, or not of the pattern");
  checkStrict(jsonSchema(schema), strict ?? false);
  return Object.keys(record(record(schema).properties));
}

function limit(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  want(typeof value === "number" && value >= 16, "max_output_tokens: expected a value >= 16");
  return value;
}

function thinks(value: unknown): boolean {
  if (value === undefined) return false;
  const { effort, summary } = only(value, ["effort", "summary"]);
  want(effort === undefined || EFFORTS.includes(text(effort)), `reasoning.effort: invalid value ${effort}`);
  const summaries = [undefined, "auto", "concise", "detailed"];
  want(summaries.some((known) => known === summary), `reasoning.summary: invalid value ${summary}`);
  return effort !== "none";
}
