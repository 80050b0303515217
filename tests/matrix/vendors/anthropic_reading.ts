/** What Anthropic's Messages takes, and what it answers 400 to. */

import type { Asked } from "../scenario.ts";
import { jsonSchema, list, only, record, text, want } from "./reading.ts";

const MEMBERS = [
  ...["model", "messages", "max_tokens", "system", "stream", "stop_sequences", "temperature", "top_p", "top_k"],
  ...["tools", "tool_choice", "thinking", "output_config", "metadata", "service_tier", "cache_control", "container"],
];
const TOOL_MEMBERS = [
  ...["name", "description", "input_schema", "strict", "cache_control", "type"],
  // https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming
  "eager_input_streaming",
];

type Block = Record<string, unknown>;
interface Turn {
  role: unknown;
  blocks: Block[];
}

export function readAnthropic(body: Record<string, unknown>): Omit<Asked, "model" | "stream"> {
  only(body, MEMBERS);
  const limit = body.max_tokens;
  want(typeof limit === "number" && Number.isInteger(limit) && limit > 0, "max_tokens: field required");
  const turns = list(body.messages).map(turn);
  checkTurns(turns, text(body.model));
  const said = turns.flatMap(({ role, blocks }) => role === "user" ? blocks : []);
  const called = turns.flatMap(({ role, blocks }) => role === "assistant" ? blocks : []);
  return {
    system: body.system === undefined ? undefined : blocksOf(body.system).map((block) => text(block.text)).join("\n"),
    prompt: ofType(said, "text").map((block) => text(block.text)).join(""),
    tools: list(body.tools).map(toolName),
    calls: ofType(called, "tool_use").map((block) => ({
      id: text(block.id),
      name: text(block.name),
      arguments: record(block.input),
    })),
    results: ofType(said, "tool_result").map((block) => ({
      id: text(block.tool_use_id),
      name: undefined,
      text: blocksOf(block.content).map((part) => text(part.text)).join(""),
    })),
    images: ofType(said, "image").map(image),
    schema: schema(body.output_config),
    maxTokens: limit,
    stop: stops(body.stop_sequences),
    thinks: thinks(body, { limit, last: turns.findLast(({ role }) => role === "assistant") }),
  };
}

function turn(value: unknown): Turn {
  const { role, content } = only(value, ["role", "content"]);
  want(role === "user" || role === "assistant", `no role ${role}`);
  const blocks = blocksOf(content);
  want(blocks.length > 0, "messages: content is empty");
  return { role, blocks };
}

function blocksOf(content: unknown): Block[] {
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : list(content).map(record);
  for (const { text: said } of ofType(blocks, "text")) want(text(said).trim() !== "", "text content is white space");
  return blocks;
}

function ofType(blocks: readonly Block[], type: string): Block[] {
  return blocks.filter((block) => block.type === type);
}

/** "tool_use ids were found without tool_result blocks immediately after", and what else binds turns together. */
function checkTurns(turns: readonly Turn[], model: string): void {
  want(turns[0]?.role === "user", "the first message is not the user's");
  turns.forEach(({ role, blocks }, at) => {
    const before = turns[at - 1];
    want(before?.role !== role, "roles do not alternate");
    const calls = before?.role === "assistant" ? ofType(before.blocks, "tool_use").map(({ id }) => text(id)) : [];
    const results = ofType(blocks, "tool_result").map(({ tool_use_id }) => text(tool_use_id));
    for (const id of calls) want(/^[a-zA-Z0-9_-]+$/.test(id), `tool_use.id ${id} does not match the pattern`);
    want(new Set(calls).size === calls.length, "tool_use ids are not unique");
    want(calls.toSorted().join() === results.toSorted().join(), "tool_use and tool_result ids do not match");
    const firsts = blocks.slice(0, results.length);
    want(ofType(firsts, "tool_result").length === results.length, "tool_result blocks do not come first");
    for (const { signature } of ofType(blocks, "thinking")) {
      want(text(signature) !== "", "Invalid signature in thinking");
    }
  });
  const last = turns.at(-1);
  if (last?.role === "user") return;
  want(/-4-[0-5]\b/.test(model), "this model does not support assistant message prefill");
  for (const block of ofType(last?.blocks ?? [], "text").slice(-1)) {
    want(!/\s$/.test(text(block.text)), "final assistant content cannot end with trailing whitespace");
  }
}

function toolName(value: unknown): string {
  const { name, input_schema } = only(value, TOOL_MEMBERS);
  want(/^[a-zA-Z0-9_-]{1,128}$/.test(text(name)), `tools.name ${name} does not match the pattern`);
  want(jsonSchema(input_schema).type === "object", "tools.input_schema.type: field required");
  return text(name);
}

function image({ source }: Block): string {
  const { type, media_type, data } = only(source, ["type", "media_type", "data"]);
  want(type === "base64" && media_type === "image/png", `no PNG: ${type} ${media_type}`);
  want(atob(text(data)).startsWith("\x89PNG"), "the image was specified as image/png, but is something else");
  return text(data);
}

function schema(config: unknown): string[] | undefined {
  if (config === undefined) return undefined;
  // This generation takes no effort.
  const { format } = only(config, ["format"]);
  const { type, schema } = only(format, ["type", "schema"]);
  want(type === "json_schema", `no format ${type}`);
  const { properties, additionalProperties } = jsonSchema(schema);
  want(additionalProperties === false, "for 'object' type, 'additionalProperties' must be explicitly set to false");
  return Object.keys(record(properties));
}

function stops(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  const sequences = list(value).map(text);
  for (const sequence of sequences) want(sequence.trim() !== "", "each stop sequence must contain non-whitespace");
  return sequences;
}

interface Told {
  limit: number;
  /** The model's last turn. */
  last: Turn | undefined;
}

function thinks({ thinking, temperature, top_p, top_k }: Record<string, unknown>, { limit, last }: Told): boolean {
  want(temperature === undefined || top_p === undefined, "temperature and top_p cannot both be specified");
  want(typeof temperature !== "number" || temperature <= 1, "temperature: range: 0..1");
  if (thinking === undefined) return false;
  const { type, budget_tokens: budget } = only(thinking, ["type", "budget_tokens", "display"]);
  if (type === "disabled") return false;
  want(type === "enabled", `${type} thinking is not supported on this model`);
  want(typeof budget === "number" && budget >= 1024, "thinking.enabled.budget_tokens: at least 1024");
  want(budget < limit, "`max_tokens` must be greater than `thinking.budget_tokens`");
  want(temperature === undefined || temperature === 1, "`temperature` may only be set to 1 when thinking is enabled");
  const [first] = last?.blocks ?? [];
  want(first?.type !== "tool_use", "Expected `thinking` or `redacted_thinking`, but found `tool_use`");
  want(top_k === undefined, "`top_k` must be unset when thinking is enabled");
  return true;
}
