/** How the frames of a stream are numbered, and how a client learns the numbers. */

import type { Dialect } from "../../dialects/dialect.ts";

/**
 * White space and comments keep a connection alive, and are no part of the answer: they are not kept, and have no number,
 * as no client could count them.
 */
export function isPadding(frame: string): boolean {
  return frame.startsWith(":") || frame.trim() === "";
}

/**
 * The frame with its number where the dialect's clients take one. The line stands inside the frame: one that stands alone
 * breaks the Python clients (DIALECTS.md §1.1).
 */
export function withNumber(frame: string, number: number, { takesIds }: Dialect): string {
  return takesIds ? `id: ${number}\n${frame}` : frame;
}

/** What keeps a connection alive without a number; nothing for Gemini's events, among which a comment breaks clients. */
export function paddingOf({ takesIds, streamType }: Dialect): string[] {
  if (streamType !== "text/event-stream") return [" "];
  return takesIds ? [": keep-alive\n\n"] : [];
}
