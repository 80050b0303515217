/** A whole answer for a client of either route. */

import type { JsonObject } from "../../chat/json.ts";
import type { Reply } from "../../chat/reply.ts";
import type { FormatOptions } from "../dialect.ts";
import { formatCalls } from "./answer_calls.ts";
import { type AnswerForm, createdAt, type Said } from "./answer_form.ts";
import { DONE_REASONS } from "./finish.ts";
import { formatUsage } from "./usage.ts";

export function formatResponse(form: AnswerForm, reply: Reply, options: FormatOptions): JsonObject {
  const [choice] = reply.choices;
  const reason = choice?.finish?.reason;
  return {
    model: options.model,
    created_at: createdAt(reply.created ?? options.created),
    ...form(whatWasSaid(choice)),
    done: true,
    done_reason: DONE_REASONS[reason ?? "stop"],
    ...(reply.usage !== undefined && formatUsage(reply.usage)),
    ...(choice?.logprobs?.content !== undefined && { logprobs: choice.logprobs.content }),
  };
}

function whatWasSaid(choice: Reply["choices"][number] | undefined): Said {
  const said: Said = { content: "" };
  const images: string[] = [];
  for (const part of choice?.parts ?? []) {
    if (part.type === "text" || part.type === "refusal") said.content += part.text;
    else if (part.type === "reasoning" && part.text !== "") said.thinking = (said.thinking ?? "") + part.text;
    else if (part.type === "media" && part.mediaType.startsWith("image/")) images.push(part.data);
  }
  const parts = choice?.parts.filter((part) => part.type === "tool-call") ?? [];
  const calls = formatCalls(parts, choice?.finish?.reason);
  return { ...said, ...(calls.length > 0 && { calls }), ...(images.length > 0 && { images }) };
}
