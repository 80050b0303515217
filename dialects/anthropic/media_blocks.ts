/** Blocks that hold text, images and documents: in messages and in results of tools, both ways. */

import type { JsonObject } from "../../chat/json.ts";
import type { FilePart, ImagePart, MediaSource, OpaquePart, TextPart, UserPart } from "../../chat/request.ts";
import { parseDataUrl } from "../data_url.ts";
import { given } from "../given.ts";
import type { LossList } from "../losses.ts";
import type { DocumentSource, MediaBlock } from "./schema.ts";

type TextBlock = Extract<MediaBlock, { type: "text" }>;
type ImageBlock = Extract<MediaBlock, { type: "image" }>;

export function parseMediaBlock(block: MediaBlock): TextPart | ImagePart | FilePart {
  switch (block.type) {
    case "text":
      return parseText(block);
    case "image":
      return parseImage(block);
    case "document": {
      const marks = given({ filename: block.title, cache: block.cache_control });
      return { type: "file", source: parseDocumentSource(block.source), ...marks };
    }
    default:
      return block satisfies never;
  }
}

export function parseText({ text, cache_control: cache }: TextBlock): TextPart {
  return { type: "text", text, ...given({ cache }) };
}

export function parseImage({ source, cache_control: cache }: ImageBlock): ImagePart {
  return { type: "image", source: parseSource(source), ...given({ cache }) };
}

type ImageSource = Extract<DocumentSource, { type: "base64" | "url" | "file" }>;

function parseSource(source: ImageSource): MediaSource {
  switch (source.type) {
    case "base64":
      return { kind: "base64", mediaType: source.media_type, data: source.data };
    case "url": {
      const media = parseDataUrl(source.url);
      return media === undefined ? { kind: "url", url: source.url } : { kind: "base64", ...media };
    }
    case "file":
      return { kind: "file-id", id: source.file_id };
    default:
      return source satisfies never;
  }
}

function parseDocumentSource(source: DocumentSource): FilePart["source"] {
  switch (source.type) {
    case "text":
      return { kind: "text", text: source.data };
    case "content":
      return { kind: "text", text: typeof source.content === "string" ? source.content : textIn(source.content) };
    default:
      return parseSource(source);
  }
}

function textIn(blocks: readonly JsonObject[]): string {
  return blocks.map(({ text }) => typeof text === "string" ? text : "").join("\n");
}

export interface BlockOptions {
  path: string;
  lost: LossList;
  /** The client spoke this dialect itself, so that its file ids mean something to the upstream. */
  isOwn: boolean;
}

/** The block for an upstream; `undefined` for empty text, which is refused (CASES R1), and for what is named as lost. */
export function formatPart(part: UserPart | OpaquePart, options: BlockOptions): JsonObject | undefined {
  const { lost, path } = options;
  switch (part.type) {
    case "text":
      return formatText(part);
    case "image":
      return withCache(formatImage(part.source, options), part);
    case "file":
      return withCache(formatFile(part, options), part);
    case "opaque":
      return part.dialect === "anthropic" ? part.value : lost.add(path, `only ${part.dialect} has such a part`);
    case "audio":
      return lost.add(path, "Messages has no audio");
    case "video":
      return lost.add(path, "Messages has no video");
    default:
      return part satisfies never;
  }
}

export function formatText(part: TextPart): JsonObject | undefined {
  return part.text.trim() === "" ? undefined : withCache({ type: "text", text: part.text }, part);
}

function withCache(block: JsonObject | undefined, { cache }: { cache?: JsonObject }): JsonObject | undefined {
  return block === undefined || cache === undefined ? block : { ...block, cache_control: cache };
}

function formatImage(source: MediaSource, options: BlockOptions): JsonObject | undefined {
  const formatted = formatSource(source, options);
  return formatted === undefined ? undefined : { type: "image", source: formatted };
}

function formatSource(source: MediaSource, { isOwn, lost, path }: BlockOptions): JsonObject | undefined {
  switch (source.kind) {
    case "base64":
      return { type: "base64", media_type: source.mediaType, data: source.data };
    case "url":
      return { type: "url", url: source.url };
    case "file-id":
      return isOwn ? { type: "file", file_id: source.id } : lost.add(path, "the file is kept by another vendor");
    default:
      return source satisfies never;
  }
}

/** A document; images sent as files are images here, and text is sent as text. */
function formatFile({ source, filename }: FilePart, options: BlockOptions): JsonObject | undefined {
  const title = given({ title: filename });
  if (source.kind === "text") return { type: "document", source: plainText(source.text), ...title };
  if (source.kind === "base64" && source.mediaType !== "application/pdf") {
    const { mediaType, data } = source;
    if (mediaType.startsWith("image/")) return formatImage(source, options);
    const text = isText(mediaType) ? decodeText(data) : undefined;
    if (text === undefined) return options.lost.add(options.path, `Messages takes no ${mediaType}`);
    return { type: "document", source: plainText(text), ...title };
  }
  const formatted = formatSource(source, options);
  return formatted === undefined ? undefined : { type: "document", source: formatted, ...title };
}

function plainText(data: string): JsonObject {
  return { type: "text", media_type: "text/plain", data };
}

function isText(mediaType: string): boolean {
  return /^text\/|[/+](?:json|xml|yaml|javascript|csv)$/.test(mediaType);
}

/** `undefined` where the base64 is none, or holds no UTF-8. */
function decodeText(data: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
