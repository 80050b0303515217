/** Content parts: text, images, audio, video and files, both ways. */

import type { JsonObject } from "../../chat/json.ts";
import type {
  AudioPart,
  FilePart,
  ImagePart,
  MediaSource,
  OpaquePart,
  TextPart,
  UserPart,
  VideoPart,
} from "../../chat/request.ts";
import { formatDataUrl, parseDataUrl } from "../data_url.ts";
import { fileText, loseFileMarks } from "../file_text.ts";
import type { LossList } from "../losses.ts";
import type { RequestPart } from "./schema.ts";

type Content = string | RequestPart[] | null | undefined;

/** The parts of a message's content; none for empty text. */
export function parseContent(content: Content): (UserPart | { type: "refusal"; text: string })[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return (content ?? []).map(parsePart);
}

function parsePart(part: RequestPart): UserPart | { type: "refusal"; text: string } {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text, ...cacheOf(part.cache_control) };
    case "refusal":
      return { type: "refusal", text: part.refusal };
    case "image_url": {
      const image = typeof part.image_url === "string" ? { url: part.image_url, detail: undefined } : part.image_url;
      const detail = image.detail ? { detail: image.detail } : {};
      return { type: "image", source: parseUrl(image.url), ...detail, ...cacheOf(part.cache_control) };
    }
    case "input_audio":
      return { type: "audio", data: part.input_audio.data, format: part.input_audio.format };
    case "file":
      return { ...parseFile(part.file), ...cacheOf(part.cache_control) };
    case "video_url":
      return {
        type: "video",
        source: parseUrl(typeof part.video_url === "string" ? part.video_url : part.video_url.url),
      };
    case "other":
      return { type: "opaque", dialect: "openai_chat", value: part.value };
    default:
      return part satisfies never;
  }
}

function parseUrl(url: string): MediaSource {
  const media = parseDataUrl(url);
  return media === undefined ? { kind: "url", url } : { kind: "base64", ...media };
}

function parseFile(file: Extract<RequestPart, { type: "file" }>["file"]): FilePart {
  const filename = file.filename ? { filename: file.filename } : {};
  if (file.file_data) return { type: "file", source: parseFileData(file.file_data), ...filename };
  return { type: "file", source: { kind: "file-id", id: file.file_id ?? "" }, ...filename };
}

/** A data URL, an address (OpenRouter), or bare base64, which is a PDF as that is what the field was made for. */
function parseFileData(data: string): MediaSource {
  if (/^(?:data|https?):/i.test(data)) return parseUrl(data);
  return { kind: "base64", mediaType: "application/pdf", data };
}

function cacheOf(mark: JsonObject | null | undefined): { cache?: JsonObject } {
  return mark ? { cache: mark } : {};
}

export type FormattablePart = TextPart | ImagePart | FilePart | AudioPart | VideoPart | OpaquePart;

export interface PartOptions {
  path: string;
  lost: LossList;
  /** The client spoke this dialect itself, so its ids mean something to the upstream. */
  isOwn: boolean;
  /** The upstream takes marks for the prompt cache. */
  marks: boolean;
}

/** The part for an upstream, or `undefined` where it has no form for it; that is then a loss. */
export function formatPart(part: FormattablePart, options: PartOptions): JsonObject | undefined {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text, ...markOf(part, options) };
    case "image": {
      const url = urlOf(part.source);
      if (url === undefined) return options.lost.add(options.path, "the image is a file of another vendor");
      const detail = part.detail === undefined ? {} : { detail: part.detail };
      return { type: "image_url", image_url: { url, ...detail }, ...markOf(part, options) };
    }
    case "audio":
      return { type: "input_audio", input_audio: { data: part.data, format: part.format } };
    case "video": {
      const url = urlOf(part.source);
      if (url === undefined) return options.lost.add(options.path, "the video is a file of another vendor");
      return { type: "video_url", video_url: { url } };
    }
    case "file":
      return formatFile(part, options);
    case "opaque":
      if (part.dialect === "openai_chat") return part.value;
      return options.lost.add(options.path, `only ${part.dialect} has such a part`);
    default:
      return part satisfies never;
  }
}

function formatFile(part: FilePart, options: PartOptions): JsonObject | undefined {
  const { source } = part;
  const filename = part.filename === undefined ? {} : { filename: part.filename };
  const mark = markOf(part, options);
  loseFileMarks(part, options);
  switch (source.kind) {
    case "base64": {
      // Nor does it take a file that is no PDF, which a client of another dialect cannot know.
      const text = options.isOwn ? undefined : fileText(source);
      if (text !== undefined) return { type: "text", text, ...mark };
      // The official endpoint refuses file data without a name.
      const file_data = formatDataUrl(source.mediaType, source.data);
      return { type: "file", file: { filename: "file", ...filename, file_data }, ...mark };
    }
    case "text":
      return { type: "text", text: source.text, ...mark };
    case "url":
      options.lost.add(options.path, "a file is taken as data only, so its address is sent as text");
      return { type: "text", text: source.url, ...mark };
    case "file-id":
      if (options.isOwn) return { type: "file", file: { file_id: source.id, ...filename }, ...mark };
      return options.lost.add(options.path, "the file is kept by another vendor");
    default:
      return source satisfies never;
  }
}

function urlOf(source: MediaSource): string | undefined {
  switch (source.kind) {
    case "base64":
      return formatDataUrl(source.mediaType, source.data);
    case "url":
      return source.url;
    case "file-id":
      return undefined;
    default:
      return source satisfies never;
  }
}

/** Cache marks go only where they are known: others refuse the unknown field (CASES Q6). */
export function markOf(part: { cache?: JsonObject }, { marks }: { marks: boolean }): JsonObject {
  return marks && part.cache !== undefined ? { cache_control: part.cache } : {};
}
