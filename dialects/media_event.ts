/** What an upstream says its model made: an image, or a sound. */

import type { ChatEvent } from "../chat/event.ts";

export type MediaEvent = Extract<ChatEvent, { type: "media" }>;

/** The event for it, or none where its data is no base64: clients decode it without a look. */
export function mediaEvent(mediaType: string, data: string): MediaEvent[] {
  const plain = isBase64(data) ? data : inPlainAlphabet(data);
  return isBase64(plain) ? [{ type: "media", mediaType, data: plain }] : [];
}

/** Some encoders break lines, others use the alphabet of addresses. */
function inPlainAlphabet(data: string): string {
  return data.replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/");
}

function isBase64(data: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(data);
}
