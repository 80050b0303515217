/** A neutral request as the body for an upstream, of either route. */

import { isInstruction, withReminders } from "../../chat/instructions.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest, Loss, OutputFormat } from "../../chat/request.ts";
import { loseCacheMarks } from "../cache_marks.ts";
import { withFunctions } from "../custom_tools.ts";
import type { Target } from "../dialect.ts";
import { fitTools } from "../fit_tools.ts";
import { withoutAbsent } from "../given.ts";
import { type LossList, lossList } from "../losses.ts";
import { formatContent } from "./format_content.ts";
import { formatMessages } from "./format_messages.ts";
import { formatOptions } from "./options.ts";
import { formatThink } from "./think.ts";
import { formatTools } from "./tools.ts";

export function formatChat(asked: ChatRequest, target: Target): { body: JsonObject; lost: Loss[] } {
  const lost = lossList();
  const request = asked.source.dialect === "ollama" ? asked : withFunctions(fitTools(withReminders(asked)), lost);
  const extra = ownExtra(request, { lost, foreign: GENERATE_ONLY });
  const body = {
    model: target.model,
    messages: formatMessages(request.messages, lost),
    tools: formatTools(request, lost),
    ...formatShared(request, { target, lost, extra }),
  };
  return { body: withoutAbsent(body), lost: lost.all() };
}

export function formatGenerate(request: ChatRequest, target: Target): { body: JsonObject; lost: Loss[] } {
  const lost = lossList();
  const extra = ownExtra(request, { lost, foreign: new Set() });
  if (request.tools !== undefined) lost.add("tools", "generate has no tools");
  const body = {
    model: target.model,
    ...formatPrompt(request, lost),
    ...formatShared(request, { target, lost, extra }),
  };
  return { body: withoutAbsent(body), lost: lost.all() };
}

/** Fields that `/api/generate` has and `/api/chat` has not. */
const GENERATE_ONLY: ReadonlySet<string> = new Set([
  "suffix",
  "template",
  "raw",
  "context",
  "width",
  "height",
  "steps",
]);

interface SharedOptions {
  target: Target;
  lost: LossList;
  extra: JsonObject;
}

function formatShared(request: ChatRequest, { target, lost, extra }: SharedOptions): JsonObject {
  noteUnsaid(request, lost);
  loseCacheMarks(request, lost);
  const { options, ...rest } = extra;
  return {
    // Left out it would mean a stream.
    stream: target.stream,
    format: request.output && formatOutput(request.output),
    think: formatThink(request.reasoning, { facts: target.facts, lost }),
    logprobs: request.logprobs,
    top_logprobs: request.topLogprobs,
    options: formatOptions(request, options),
    ...rest,
  };
}

/** The system texts and the prompt; of a conversation only what was said is left, not by whom. */
function formatPrompt({ messages }: ChatRequest, lost: LossList): JsonObject {
  const said = { system: [] as string[], prompt: [] as string[], images: [] as string[] };
  messages.forEach((message, at) => {
    const { texts, images } = formatContent(message.parts, { path: `messages[${at}]`, lost });
    const list = said[isInstruction(message) ? "system" : "prompt"];
    for (const text of texts) list.push(text);
    for (const image of images) said.images.push(image);
  });
  if (messages.some(({ role }) => role === "assistant" || role === "tool")) {
    lost.add("messages", "generate has one prompt, in which the turns are joined");
  }
  return {
    prompt: said.prompt.join("\n\n"),
    system: said.system.length > 0 ? said.system.join("\n\n") : undefined,
    images: said.images.length > 0 ? said.images : undefined,
  };
}

function formatOutput(output: OutputFormat): JsonObject | "json" | undefined {
  switch (output.type) {
    case "text":
      return undefined;
    case "json":
      return "json";
    case "schema":
      return output.schema;
    default:
      return output satisfies never;
  }
}

const UNSAID = [
  "logitBias",
  "verbosity",
  "user",
  "metadata",
  "serviceTier",
  "cacheKey",
] as const satisfies (keyof ChatRequest)[];

/** Notes the fields that have no place in Ollama. */
function noteUnsaid(request: ChatRequest, lost: LossList): void {
  for (const field of UNSAID) if (request[field] !== undefined) lost.add(field, "Ollama has no such field");
  if (request.n !== undefined && request.n > 1) lost.add("n", "Ollama gives one answer");
  if (request.parallelToolCalls === false) lost.add("parallelToolCalls", "Ollama cannot be held to one call at a time");
}

/** The fields only Ollama knows, from a client of either of its routes; of `foreign` ones, and of other dialects', none. */
function ownExtra(
  { extra, source }: ChatRequest,
  { lost, foreign }: { lost: LossList; foreign: ReadonlySet<string> },
): JsonObject {
  const isOwn = source.dialect === "ollama" || source.dialect === "ollama_generate";
  const kept = Object.entries(extra).filter(([field]) => {
    const isKept = isOwn && !foreign.has(field);
    if (!isKept) lost.add(field, "Ollama has no such field here");
    return isKept;
  });
  return Object.fromEntries(kept);
}
