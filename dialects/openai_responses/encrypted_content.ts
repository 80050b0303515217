/** What the `encrypted_content` of a reasoning item holds: OpenAI's own blob, or what another vendor wants back verbatim. */

import { markSignature, ownSignature } from "../signatures.ts";

/** Thoughts, thoughts the vendor encrypted, and signatures on calls (Gemini's, DIALECTS.md §6.4), as a client keeps them. */
const MARKS = {
  thought: "anystream.thought:",
  redacted: "anystream.redacted:",
  call: "anystream.call:",
} as const;

export interface Sealed {
  kind: keyof typeof MARKS;
  /** A signature as it goes through the neutral model, or the data of a thought that was encrypted as a whole. */
  text: string;
}

/** What a client, or an upstream of this dialect, gives. */
export function parseEncrypted(content: string): Sealed {
  for (const kind of ["thought", "redacted", "call"] as const) {
    if (content.startsWith(MARKS[kind])) return { kind, text: content.slice(MARKS[kind].length) };
  }
  return { kind: "thought", text: markSignature("openai_responses", content) };
}

/** What a client is given to keep. */
export function formatEncrypted({ kind, text }: Sealed): string {
  return (kind === "thought" ? ownContent(text) : undefined) ?? MARKS[kind] + text;
}

/** The blob for an upstream of this dialect; `undefined` where another vendor signed. */
export function ownContent(signature: string): string | undefined {
  return ownSignature("openai_responses", signature);
}

/** Whether a client brings back what only another vendor can read. */
export function isForeign(content: string): boolean {
  return Object.values(MARKS).some((mark) => content.startsWith(mark));
}
