/** What `/api/chat` takes, and what it answers 400 to; members that it would pass over in silence are refused, too. */

import type { Asked } from "../scenario.ts";
import { jsonSchema, list, only, record, text, want } from "./reading.ts";

const MEMBERS = [
  ...["model", "messages", "stream", "format", "keep_alive", "tools", "options", "think", "truncate", "shift"],
  ...["logprobs", "top_logprobs"],
];
const MESSAGE_MEMBERS = ["role", "content", "thinking", "images", "tool_calls", "tool_name", "tool_call_id"];
const OPTIONS = [
  ...["num_predict", "temperature", "top_p", "top_k", "min_p", "presence_penalty", "frequency_penalty"],
  ...["repeat_penalty", "seed", "stop", "num_ctx"],
];

type Message = Record<string, unknown>;

export function readOllama(body: Record<string, unknown>): Omit<Asked, "model" | "stream"> {
  only(body, MEMBERS);
  const messages = list(body.messages).map(message);
  want(messages.length > 0, "messages is empty, which loads the model");
  checkCalls(messages);
  const options = only(body.options ?? {}, OPTIONS);
  const said = ofRole(messages, "user");
  return {
    system: ofRole(messages, "system").map(({ content }) => text(content)).join("\n") || undefined,
    prompt: said.map(({ content }) => text(content)).join(""),
    tools: list(body.tools).map(toolName),
    calls: messages.flatMap(callsOf),
    results: ofRole(messages, "tool").map(({ tool_call_id: id, tool_name: name, content }) => ({
      id: id === undefined ? undefined : text(id),
      name: name === undefined ? undefined : text(name),
      text: text(content),
    })),
    images: said.flatMap(({ images }) => list(images).map(image)),
    schema: schema(body.format),
    maxTokens: limit(options.num_predict),
    stop: options.stop === undefined ? undefined : list(options.stop).map(text),
    thinks: thinks(body.think),
  };
}

function message(value: unknown): Message {
  const read = only(value, MESSAGE_MEMBERS);
  want(["system", "user", "assistant", "tool"].includes(text(read.role)), `no role ${read.role}`);
  want(typeof read.content === "string", "json: cannot unmarshal into Go struct field of type string");
  return read;
}

function ofRole(messages: readonly Message[], role: string): Message[] {
  return messages.filter((message) => message.role === role);
}

/** Arguments are an object: a text of JSON cannot be unmarshalled. */
function callsOf({ tool_calls }: Message): { id: string | undefined; name: string; arguments: unknown }[] {
  return list(tool_calls).map((value) => {
    const { id, type, function: called } = only(value, ["id", "type", "function"]);
    want(type === undefined || type === "function", `no call of type ${type}`);
    const { name, arguments: args } = only(called, ["index", "name", "arguments"]);
    return { id: id === undefined ? undefined : text(id), name: text(name), arguments: record(args) };
  });
}

/** A result answers a call by its name, its id or both. */
function checkCalls(messages: readonly Message[]): void {
  let open: { id: string | undefined; name: string }[] = [];
  for (const { role, tool_calls, tool_call_id: id, tool_name: name } of messages) {
    if (role !== "tool") {
      want(open.length === 0, `a call has no result: ${open.map(({ name }) => name)}`);
      open = callsOf({ tool_calls });
      continue;
    }
    want(id !== undefined || name !== undefined, "a result does not say which call it answers");
    const answered = open.find((call) => (name ?? call.name) === call.name && (id ?? call.id) === call.id);
    want(answered !== undefined, `a result answers no call: ${id} ${name}`);
    open = open.filter((call) => call !== answered);
  }
  want(open.length === 0, `a call has no result: ${open.map(({ name }) => name)}`);
}

function toolName(value: unknown): string {
  const { type, function: tool } = only(value, ["type", "function"]);
  want(type === "function", `no tool of type ${type}`);
  const { name, parameters } = only(tool, ["name", "description", "parameters"]);
  want(jsonSchema(parameters).type === "object", "parameters are no object");
  return text(name);
}

function image(value: unknown): string {
  want(/^[A-Za-z0-9+/]+=*$/.test(text(value)), "illegal base64 data at input byte 4");
  want(atob(text(value)).startsWith("\x89PNG"), "image: unknown format");
  return text(value);
}

function schema(format: unknown): string[] | undefined {
  return format === undefined ? undefined : Object.keys(record(jsonSchema(format).properties));
}

function limit(value: unknown): number | undefined {
  want(value === undefined || (typeof value === "number" && Number.isInteger(value)), `num_predict: ${value}`);
  return value;
}

function thinks(value: unknown): boolean {
  if (value === undefined || value === false) return false;
  const known = [true, "low", "medium", "high", "max"];
  want(known.some((think) => think === value), `invalid think value: ${value}`);
  return true;
}
