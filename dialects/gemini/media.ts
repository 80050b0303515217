/** Images, sound, film and files: inline or at an address, both ways. */

import type { JsonObject } from "../../chat/json.ts";
import type { AudioPart, FilePart, ImagePart, MediaSource, OpaquePart, VideoPart } from "../../chat/request.ts";
import type { RequestPart } from "./schema.ts";

export type MediaPart = ImagePart | FilePart | AudioPart | VideoPart;

/** Names of sound that differ from the media type's: the neutral ones are OpenAI's. */
const AUDIO_FORMATS: ReadonlyMap<string, string> = new Map([["mpeg", "mp3"], ["x-wav", "wav"], ["wave", "wav"]]);

const TYPE_BY_EXTENSION: ReadonlyMap<string, string> = new Map([
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["webp", "image/webp"],
  ["gif", "image/gif"],
  ["heic", "image/heic"],
  ["heif", "image/heif"],
  ["pdf", "application/pdf"],
  ["txt", "text/plain"],
  ["md", "text/markdown"],
  ["html", "text/html"],
  ["csv", "text/csv"],
  ["mp3", "audio/mp3"],
  ["wav", "audio/wav"],
  ["ogg", "audio/ogg"],
  ["flac", "audio/flac"],
  ["mp4", "video/mp4"],
  ["mpeg", "video/mpeg"],
  ["mov", "video/quicktime"],
  ["webm", "video/webm"],
]);

const DETAIL_LEVELS: ReadonlyMap<string, string> = new Map([
  ["low", "MEDIA_RESOLUTION_LOW"],
  ["medium", "MEDIA_RESOLUTION_MEDIUM"],
  ["high", "MEDIA_RESOLUTION_HIGH"],
]);

/** Files that Google keeps; nobody else can open them. */
const GOOGLE_FILE = /^(?:gs:|https:\/\/generativelanguage\.googleapis\.com\/)/;
/** The one kind of address that needs no type. */
const YOUTUBE = /^https:\/\/(?:www\.youtube\.com|youtu\.be)\//;

/** The media of a part, or `undefined` where it has none. */
export function parseMedia(part: RequestPart): MediaPart | OpaquePart | undefined {
  const { inlineData, fileData, mediaResolution, videoMetadata } = part;
  // A cut of a film, its frame rate: no other dialect can say it, and the film alone is not what was asked about.
  if (videoMetadata || GOOGLE_FILE.test(fileData?.fileUri ?? "")) {
    return opaquePart(part);
  }
  const detail = detailOf(mediaResolution?.level ?? undefined);
  if (inlineData) return parseInline(inlineData, detail);
  return fileData ? parseFile(fileData, detail) : undefined;
}

/** A part that only this API has. */
export function opaquePart(part: object): OpaquePart {
  // It came out of `JSON.parse`.
  return { type: "opaque", dialect: "gemini", value: part as JsonObject };
}

export function parseInline({ mimeType, data }: { mimeType: string; data: string }, detail = {}): MediaPart {
  const [kind, subtype = ""] = mimeType.toLowerCase().split(";")[0]!.split("/");
  const source: MediaSource = { kind: "base64", mediaType: mimeType, data };
  if (kind === "image") return { type: "image", source, ...detail };
  if (kind === "audio") return { type: "audio", data, format: AUDIO_FORMATS.get(subtype) ?? subtype };
  return { type: kind === "video" ? "video" : "file", source };
}

function parseFile(file: { fileUri: string; mimeType?: string | null | undefined }, detail: object): MediaPart {
  const mediaType = file.mimeType || undefined;
  const source: MediaSource = { kind: "url", url: file.fileUri, ...(mediaType !== undefined && { mediaType }) };
  const type = mediaType ?? guessType(file.fileUri) ?? "";
  if (type.startsWith("image/")) return { type: "image", source, ...detail };
  return { type: type.startsWith("video/") || YOUTUBE.test(file.fileUri) ? "video" : "file", source };
}

/** The type that an address's extension tells. */
export function guessType(url: string): string | undefined {
  const path = URL.parse(url)?.pathname ?? url;
  return TYPE_BY_EXTENSION.get(path.slice(path.lastIndexOf(".") + 1).toLowerCase());
}

/** Whether an address can be sent without the type of what is there. */
export function needsType(url: string): boolean {
  return !YOUTUBE.test(url);
}

export function audioType(format: string): string {
  return `audio/${format}`;
}

function detailOf(level: string | undefined): { detail?: string } {
  const found = [...DETAIL_LEVELS].find(([, word]) => word === level);
  return found === undefined ? {} : { detail: found[0] };
}

/** An image's resolution; nothing for `auto` and for words the API has no level for. */
export function formatDetail(detail: string | undefined): JsonObject {
  const level = DETAIL_LEVELS.get(detail ?? "");
  return level === undefined ? {} : { mediaResolution: { level } };
}
