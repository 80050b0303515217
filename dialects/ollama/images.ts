/** Images, which Ollama has as bare base64 without a type (CASES L4). */

import type { ImagePart, MediaSource } from "../../chat/request.ts";
import { parseDataUrl } from "../data_url.ts";

/** How the formats that models take begin, in base64. */
const SIGNATURES: readonly (readonly [start: string, mediaType: string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
];

/** An image that a client or an upstream sent. Some clients leave the `data:` prefix on, some send an address. */
export function parseImage(image: string): ImagePart {
  return { type: "image", source: parseSource(image) };
}

function parseSource(image: string): MediaSource {
  if (/^https?:/i.test(image)) return { kind: "url", url: image };
  return { kind: "base64", ...(parseDataUrl(image) ?? { mediaType: imageType(image), data: image }) };
}

/** The type that the first bytes tell; PNG where they tell none, as that is what screenshots are. */
export function imageType(base64: string): string {
  return SIGNATURES.find(([start]) => base64.startsWith(start))?.[1] ?? "image/png";
}
