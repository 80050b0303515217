/** Ids in the alphabet of Chat Completions. */

/** The id of an answer, made from random text. */
export function answerId(random: string): string {
  return `chatcmpl-${random}`;
}
