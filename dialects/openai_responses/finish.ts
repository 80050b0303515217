/** How an answer ends: the status and reason of the Responses API, and ours. */

import type { Finish, FinishReason } from "../../chat/finish.ts";

/** The end of a response; `reason` says why it is incomplete. */
export type Ending =
  | { status: "completed" }
  | { status: "incomplete"; reason: "max_output_tokens" | "content_filter" | undefined }
  | { status: "failed" };

/** DIALECTS.md §5. A pause has no word in the official vocabulary. */
export const ENDINGS = {
  "stop": { status: "completed" },
  "stop-sequence": { status: "completed" },
  "length": { status: "incomplete", reason: "max_output_tokens" },
  "context-window": { status: "incomplete", reason: "max_output_tokens" },
  "tool-calls": { status: "completed" },
  "content-filter": { status: "incomplete", reason: "content_filter" },
  "refusal": { status: "incomplete", reason: "content_filter" },
  "pause": { status: "incomplete", reason: undefined },
  "malformed": { status: "failed" },
  "other": { status: "completed" },
} as const satisfies Record<FinishReason, Ending>;

/** A refusal in so many words is a whole answer; one without is a filter's work. */
export function formatFinish(reason: FinishReason, { hasRefusal }: { hasRefusal: boolean }): Ending {
  return reason === "refusal" && hasRefusal ? ENDINGS.stop : ENDINGS[reason];
}

const INCOMPLETE_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ["max_output_tokens", "length"],
  ["max_messages", "length"],
  ["content_filter", "content-filter"],
  /** The user spoke while the model did: what it said is not all it had to say. */
  ["steered", "pause"],
]);

/** What the upstream says of the end: `reason` is why the answer is incomplete. */
interface Told {
  status: "completed" | "incomplete";
  reason?: string | undefined;
}

/** What it said before. */
export interface Said {
  hasCalls: boolean;
  hasRefusal: boolean;
}

/** The reason of an answer that did not fail: a completed one says by its content what it ended with. */
export function parseFinish({ status, reason }: Told, { hasCalls, hasRefusal }: Said): Finish {
  if (status === "incomplete") {
    if (reason === undefined) return { reason: "pause", raw: status };
    return { reason: INCOMPLETE_REASONS.get(reason) ?? "other", raw: reason };
  }
  return { reason: hasCalls ? "tool-calls" : hasRefusal ? "refusal" : "stop", raw: status };
}
