/** `data:` URLs and the base64 media they hold. */

/** The media of a `data:` URL, or `undefined` where the text is none. Parameters such as `charset` are dropped. */
export function parseDataUrl(url: string): { mediaType: string; data: string } | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const comma = url.indexOf(",");
  if (comma === -1) return undefined;
  const [mediaType = "", ...parameters] = url.slice("data:".length, comma).split(";");
  const body = url.slice(comma + 1);
  const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === "base64");
  return { mediaType: mediaType.trim().toLowerCase() || "text/plain", data: isBase64 ? body : percentToBase64(body) };
}

export function formatDataUrl(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}

function percentToBase64(text: string): string {
  const bytes = new TextEncoder().encode(decodePercent(text));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** A stray `%` makes `decodeURIComponent` throw; the text is then taken as it is. */
function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
