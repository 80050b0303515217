/** What a whole answer is worth: whether it says something, and if not, whether asking again may help. */

import { GatewayError } from "./error.ts";
import type { FinishReason } from "./finish.ts";
import type { Reply, ReplyChoice, ReplyPart } from "./reply.ts";

/** From best to worst: the best of an answer's choices is the answer's. */
export const VERDICTS = ["answered", "blocked", "truncated", "malformed", "empty"] as const;

export type Verdict = (typeof VERDICTS)[number];

/** Which answers are asked for again. A filter blocks, and a limit cuts, the same request the same way again. */
export const RETRYABLE = {
  "answered": false,
  "blocked": false,
  "truncated": false,
  "malformed": true,
  "empty": true,
} as const satisfies Record<Verdict, boolean>;

/** What a finish makes of a choice that said nothing but thoughts. */
const SILENT = {
  "stop": "empty",
  "stop-sequence": "empty",
  "length": "truncated",
  "context-window": "truncated",
  "tool-calls": "empty",
  "content-filter": "blocked",
  "refusal": "blocked",
  "pause": "empty",
  "malformed": "malformed",
  "other": "empty",
} as const satisfies Record<FinishReason, Verdict>;

export function judge(reply: Reply): Verdict {
  const verdicts = reply.choices.map((choice) => judgeChoice(choice, reply.usage));
  return VERDICTS.find((verdict) => verdicts.includes(verdict)) ?? "empty";
}

function judgeChoice({ parts, finish }: ReplyChoice, usage: Reply["usage"]): Verdict {
  // Before the content: what a vendor could not parse as a call may stand there as half a text.
  if (finish?.reason === "malformed") return "malformed";
  if (parts.some(saysSomething)) return "answered";
  const verdict = finish === undefined ? "empty" : SILENT[finish.reason];
  // A limit that was hit before the first thought is no limit, but an upstream that failed to say so.
  return verdict === "truncated" && !spentThinking(parts, usage) ? "empty" : verdict;
}

function saysSomething(part: ReplyPart): boolean {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text.trim() !== "";
    case "tool-call":
    case "media":
    case "image":
    case "opaque":
      return true;
    case "reasoning":
    case "redacted-reasoning":
      return false;
    default:
      return part satisfies never;
  }
}

/** Whether thoughts used the answer up, seen or only counted. An upstream that counted nothing thought nothing. */
function spentThinking(parts: readonly ReplyPart[], usage: Reply["usage"]): boolean {
  if (usage?.output === 0 && !usage.estimated) return false;
  return parts.some(({ type }) => type === "reasoning" || type === "redacted-reasoning") || (usage?.reasoning ?? 0) > 0;
}

/** The error for an answer that is not worth giving; `undefined` for those that stand as they are. */
export function verdictError(verdict: Verdict): GatewayError | undefined {
  switch (verdict) {
    case "empty":
      return new GatewayError("upstream-empty", "Cannot answer as the model gave an empty answer");
    case "malformed":
      return new GatewayError("upstream-malformed", "Cannot answer as the model gave a malformed answer");
    case "answered":
    case "blocked":
    case "truncated":
      return undefined;
    default:
      return verdict satisfies never;
  }
}
