/** Reads the model and the verb out of a path: in this dialect they stand there, not in the body. */

/** Of a model that answers. */
export const ANSWER_VERBS = ["generateContent", "streamGenerateContent", "countTokens"] as const;
export const VERBS = [...ANSWER_VERBS, "embedContent", "batchEmbedContents"] as const;
export type Verb = (typeof VERBS)[number];

/**
 * The model and the verb of `models/<model>:<verb>`, percent-encoded or not. A model's id may hold slashes and colons, so
 * the last colon parts them (CASES G19), and some clients leave `models/` out (DIALECTS.md §3).
 */
export function parseModelPath(path: string): { model: string; verb: Verb } | undefined {
  const decoded = decodePercent(path);
  const colon = decoded.lastIndexOf(":");
  const verb = VERBS.find((verb) => verb === decoded.slice(colon + 1));
  const model = decoded.slice(0, Math.max(colon, 0)).replace(/^\//, "").replace(/^models\//, "");
  return verb === undefined || model === "" ? undefined : { model, verb };
}

/** A stray `%` makes `decodeURIComponent` throw; the path is then taken as it is. */
function decodePercent(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
