/** A vendor that speaks OpenAI Chat Completions. */

import type { Asked, Finish, Scenario } from "../scenario.ts";
import type { Vendor } from "../vendor.ts";
import { jsonSchema, list, record, text, want } from "./reading.ts";

const HEAD = { id: "chatcmpl-vendor", created: 1_760_000_000 };

const FINISH = {
  "stop": "stop",
  "length": "length",
  "tool-calls": "tool_calls",
  "stop-sequence": "stop",
  "refusal": "content_filter",
} as const satisfies Record<Finish, string>;

export const openaiChatVendor: Vendor = {
  dialect: "openai_chat",
  streamType: "text/event-stream; charset=utf-8",
  target: ({ path, body }) => {
    want(path === "/v1/chat/completions", `no route ${path}`);
    return { model: text(body.model), stream: body.stream === true };
  },
  read,
  whole: (scenario) => ({
    ...HEAD,
    object: "chat.completion",
    model: scenario.name,
    choices: [{ index: 0, message: message(scenario), finish_reason: FINISH[scenario.finish] }],
    usage: usage(scenario),
  }),
  frames,
  refusal: (status) => ({ error: { message: `refused ${status}`, type: "vendor_error", param: null, code: null } }),
};

function read(body: Record<string, unknown>): Omit<Asked, "model" | "stream"> {
  const messages = list(body.messages).map(record);
  want(messages.length > 0, "messages is empty");
  checkToolTurns(messages);
  const users = messages.filter(({ role }) => role === "user");
  const parts = users.flatMap(({ content }) =>
    typeof content === "string" ? [{ type: "text", text: content }] : list(content).map(record)
  );
  const format = body.response_format === undefined ? undefined : record(body.response_format);
  const schema = format?.type === "json_schema" ? outputSchema(record(format.json_schema)) : undefined;
  return {
    system: messages.filter(({ role }) => role === "system").map(({ content }) => plainText(content)).join("\n") ||
      undefined,
    prompt: parts.filter(({ type }) => type === "text").map((part) => text(part.text)).join(""),
    tools: list(body.tools).map((tool) => {
      const { name, parameters } = record(record(tool).function);
      jsonSchema(parameters);
      return text(name);
    }),
    calls: messages.flatMap(({ tool_calls }) => list(tool_calls).map(record)).map(({ id, function: called }) => ({
      id: text(id),
      name: text(record(called).name),
      arguments: JSON.parse(text(record(called).arguments)),
    })),
    results: messages.filter(({ role }) => role === "tool").map(({ tool_call_id, content }) => ({
      id: text(tool_call_id),
      name: undefined,
      text: plainText(content),
    })),
    images: parts.filter(({ type }) => type === "image_url").map(({ image_url }) => {
      const url = text(record(image_url).url);
      want(url.startsWith("data:image/png;base64,"), "image is no data URL");
      return url.slice(url.indexOf(",") + 1);
    }),
    schema: schema && Object.keys(record(schema.properties)),
    maxTokens: (body.max_completion_tokens ?? body.max_tokens) as number | undefined,
    stop: body.stop === undefined ? undefined : [body.stop].flat() as string[],
    thinks: body.reasoning_effort !== undefined,
  };
}

function outputSchema({ name, schema, strict }: Record<string, unknown>): Record<string, unknown> {
  want(/^[\w-]{1,64}$/.test(text(name)), `no name of a schema: ${name}`);
  const read = jsonSchema(schema);
  want(strict !== true || read.additionalProperties === false, "'additionalProperties' is required to be false");
  return read;
}

/** "An assistant message with tool_calls must be followed by tool messages responding to each tool_call_id." */
function checkToolTurns(messages: Record<string, unknown>[]): void {
  const open = new Set<string>();
  for (const { role, tool_calls, tool_call_id } of messages) {
    if (role === "tool") want(open.delete(text(tool_call_id)), "a result answers no call");
    else want(open.size === 0, "a call has no result");
    for (const call of list(tool_calls)) open.add(text(record(call).id));
  }
  want(open.size === 0, "a call has no result");
}

function plainText(content: unknown): string {
  return typeof content === "string" ? content : list(content).map((part) => text(record(part).text)).join("");
}

function message({ says, finish }: Scenario): Record<string, unknown> {
  const joined = (type: "text" | "reasoning") => says.map((said) => said.type === type ? said.text : "").join("");
  const calls = says.filter((said) => said.type === "call").map((call) => ({
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  return {
    role: "assistant",
    content: joined("text") || null,
    ...(joined("reasoning") !== "" && { reasoning_content: joined("reasoning") }),
    ...(finish === "refusal" && { refusal: null }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function usage({ usage }: Scenario): Record<string, unknown> {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}

function frames(scenario: Scenario): string[] {
  const frame = (fields: Record<string, unknown>) =>
    `data: ${JSON.stringify({ ...HEAD, object: "chat.completion.chunk", model: scenario.name, ...fields })}\n\n`;
  const chunk = (delta: Record<string, unknown>, finish: string | null = null) =>
    frame({ choices: [{ index: 0, delta, finish_reason: finish }] });
  const frames = [": connected\n\n", chunk({ role: "assistant", content: "" })];
  let calls = 0;
  for (const said of scenario.says) {
    if (said.type === "text") frames.push(chunk({ content: said.text }));
    if (said.type === "reasoning") frames.push(chunk({ reasoning_content: said.text }));
    if (said.type === "call") {
      const json = JSON.stringify(said.arguments);
      const index = calls++;
      const opened = { index, id: said.id, type: "function", function: { name: said.name, arguments: "" } };
      frames.push(chunk({ tool_calls: [opened] }));
      for (const part of [json.slice(0, 5), json.slice(5)]) {
        frames.push(chunk({ tool_calls: [{ index, function: { arguments: part } }] }));
      }
    }
  }
  if (scenario.fault?.type === "error-event") {
    frames.push('data: {"error":{"message":"the vendor failed","type":"server_error","code":"server_error"}}\n\n');
  }
  if (scenario.fault !== undefined) return frames;
  return [
    ...frames,
    chunk({}, FINISH[scenario.finish]),
    frame({ choices: [], usage: usage(scenario) }),
    "data: [DONE]\n\n",
  ];
}
