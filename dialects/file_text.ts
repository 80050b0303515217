/** Files of text, for dialects that have no files of that kind, and what goes with a file that only some can be told. */

import type { FilePart } from "../chat/request.ts";
import type { LossList } from "./losses.ts";

/** The text of a file's data; `undefined` where it is no text by its type, or the base64 holds no UTF-8. */
export function fileText({ mediaType, data }: { mediaType: string; data: string }): string | undefined {
  if (!/^text\/|[/+](?:json|xml|yaml|javascript|csv)$/.test(mediaType.split(";")[0]!)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Names as lost what Anthropic alone can be told of a file, and the name of one that is sent as its text. */
export function loseFileMarks(
  { source, filename, context, isCited }: FilePart,
  { lost, path }: { lost: LossList; path: string },
): void {
  if (source.kind === "text" && filename !== undefined) lost.add(`${path}.filename`, "a text has no name here");
  if (context !== undefined) lost.add(`${path}.context`, "a file comes without notes here");
  if (isCited) lost.add(`${path}.citations`, "the API does not cite files");
}
