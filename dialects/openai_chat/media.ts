/** Images and audio that a model made: OpenRouter's `images`, OpenAI's `audio`. */

import type { JsonObject } from "../../chat/json.ts";
import { formatDataUrl } from "../data_url.ts";

/** The members of a delta or message that hold the media. */
export function formatMedia(media: readonly { mediaType: string; data: string }[]): JsonObject {
  const isSound = ({ mediaType }: { mediaType: string }) => mediaType.startsWith("audio/");
  const images = media.filter((item) => !isSound(item)).map(({ mediaType, data }) => ({
    type: "image_url",
    image_url: { url: formatDataUrl(mediaType, data) },
  }));
  const sound = media.find(isSound);
  return { ...(images.length > 0 && { images }), ...(sound !== undefined && { audio: { data: sound.data } }) };
}
