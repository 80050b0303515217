/** Content parts: text, images, files and audio, both ways. */

import type { JsonObject } from "../../chat/json.ts";
import type {
  AudioPart,
  FilePart,
  ImagePart,
  MediaSource,
  OpaquePart,
  RefusalPart,
  TextPart,
  VideoPart,
} from "../../chat/request.ts";
import { formatDataUrl, parseDataUrl } from "../data_url.ts";
import { loseFileMarks } from "../file_text.ts";
import type { LossList } from "../losses.ts";
import type { RequestPart } from "./schema.ts";

export type ParsedPart = TextPart | ImagePart | FilePart | AudioPart | RefusalPart | OpaquePart;

/** The parts of a content; none for empty text. */
export function parseContent(content: string | RequestPart[]): ParsedPart[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return content.map(parsePart);
}

/** A refusal that is not the assistant's is a text like any other. */
export function asUserPart(part: ParsedPart): Exclude<ParsedPart, RefusalPart> {
  return part.type === "refusal" ? { type: "text", text: part.text } : part;
}

function parsePart(part: RequestPart): ParsedPart {
  switch (part.type) {
    case "input_text":
    case "output_text":
    case "text":
      return { type: "text", text: part.text };
    case "refusal":
      return { type: "refusal", text: part.refusal };
    case "input_image":
      return {
        type: "image",
        source: part.image_url ? parseUrl(part.image_url) : { kind: "file-id", id: part.file_id ?? "" },
        ...(part.detail && { detail: part.detail }),
      };
    case "input_file":
      return { type: "file", source: parseFileSource(part), ...(part.filename && { filename: part.filename }) };
    case "input_audio":
      return { type: "audio", data: part.input_audio.data, format: part.input_audio.format };
    case "other":
      return { type: "opaque", dialect: "openai_responses", value: part.value };
    default:
      return part satisfies never;
  }
}

function parseUrl(url: string): MediaSource {
  const media = parseDataUrl(url);
  return media === undefined ? { kind: "url", url } : { kind: "base64", ...media };
}

/** A data URL, bare base64 (a PDF, as that is what the field was made for), an address, or a file kept by the vendor. */
function parseFileSource(file: Extract<RequestPart, { type: "input_file" }>): MediaSource {
  if (file.file_data) {
    const media = parseDataUrl(file.file_data);
    return { kind: "base64", ...(media ?? { mediaType: "application/pdf", data: file.file_data }) };
  }
  return file.file_url ? parseUrl(file.file_url) : { kind: "file-id", id: file.file_id ?? "" };
}

export type FormattablePart = TextPart | ImagePart | FilePart | AudioPart | VideoPart | OpaquePart;

export interface PartOptions {
  path: string;
  lost: LossList;
  /** The client spoke this dialect itself, so that its file ids mean something to the upstream. */
  isOwn: boolean;
}

/** The part for an upstream, or `undefined` where it has no form for it; that is then a loss. */
export function formatPart(part: FormattablePart, { path, lost, isOwn }: PartOptions): JsonObject | undefined {
  switch (part.type) {
    case "text":
      return { type: "input_text", text: part.text };
    case "image": {
      const image = formatSource(part.source, { url: "image_url", data: "image_url" });
      if (part.source.kind === "file-id" && !isOwn) return lost.add(path, "the image is kept by another vendor");
      return { type: "input_image", ...image, detail: part.detail ?? "auto" };
    }
    case "file":
      loseFileMarks(part, { lost, path });
      if (part.source.kind === "text") return { type: "input_text", text: part.source.text };
      if (part.source.kind === "file-id" && !isOwn) return lost.add(path, "the file is kept by another vendor");
      return { type: "input_file", ...filenameOf(part), ...formatSource(part.source, FILE_NAMES) };
    case "audio":
      return { type: "input_audio", input_audio: { data: part.data, format: part.format } };
    case "video":
      return lost.add(path, "the Responses API takes no video");
    case "opaque":
      if (part.dialect === "openai_responses") return part.value;
      return lost.add(path, `only ${part.dialect} has such a part`);
    default:
      return part satisfies never;
  }
}

const FILE_NAMES = { url: "file_url", data: "file_data" } as const;

function formatSource(source: MediaSource, names: { url: string; data: string }): JsonObject {
  switch (source.kind) {
    case "base64":
      return { [names.data]: formatDataUrl(source.mediaType, source.data) };
    case "url":
      return { [names.url]: source.url };
    case "file-id":
      return { file_id: source.id };
    default:
      return source satisfies never;
  }
}

/** The official endpoint refuses file data without a name, and a name for anything else. */
function filenameOf({ source, filename }: FilePart): JsonObject {
  return source.kind === "base64" ? { filename: filename ?? "file" } : {};
}
