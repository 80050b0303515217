/** Blocks that hold text, images and documents: in messages and in results of tools, both ways. */

import type { JsonObject } from "../../chat/json.ts";
import type { FilePart, ImagePart, MediaSource, OpaquePart, TextPart, UserPart } from "../../chat/request.ts";
import { parseDataUrl } from "../data_url.ts";
import { fileText } from "../file_text.ts";
import { given } from "../given.ts";
import type { LossList } from "../losses.ts";
import type { DocumentSource, MediaBlock } from "./schema.ts";

type TextBlock = Extract<MediaBlock, { type: "text" }>;
type ImageBlock = Extract<MediaBlock, { type: "image" }>;

type DocumentBlock = Extract<MediaBlock, { type: "document" }>;

type ParsedPart = TextPart | ImagePart | FilePart | OpaquePart;

export function parseMediaBlock(block: MediaBlock): ParsedPart[] {
  switch (block.type) {
    case "text":
      return [parseText(block)];
    case "image":
      return [parseImage(block)];
    case "document":
      return parseDocument(block);
    default:
      return block satisfies never;
  }
}

/** A document; the images in one that is made of blocks follow its text. */
function parseDocument({ source, title, context, citations, cache_control: cache }: DocumentBlock): ParsedPart[] {
  const marks = given({ filename: title, context, isCited: citations?.enabled || undefined, cache });
  const blocks = source.type === "content" && typeof source.content !== "string" ? source.content : [];
  const others = blocks.flatMap((block): ParsedPart[] => {
    if (block.type === "text") return [];
    return [block.type === "image" ? parseImage(block) : { type: "opaque", dialect: "anthropic", value: block.value }];
  });
  return [{ type: "file", source: parseDocumentSource(source), ...marks }, ...others];
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

type ContentBlock = Exclude<Extract<DocumentSource, { type: "content" }>["content"], string>[number];

function textIn(blocks: readonly ContentBlock[]): string {
  return blocks.flatMap((block) => block.type === "text" ? [block.text] : []).join("\n");
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

/** https://platform.claude.com/docs/en/build-with-claude/vision: any other is refused. */
const IMAGE_TYPES: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/gif", "image/webp", "image/jpg"]);

function formatImage(source: MediaSource, options: BlockOptions): JsonObject | undefined {
  if (source.kind === "base64" && !IMAGE_TYPES.has(source.mediaType.toLowerCase()) && !options.isOwn) {
    return options.lost.add(options.path, `Messages takes no ${source.mediaType}`);
  }
  const formatted = formatSource(source, options);
  return formatted === undefined ? undefined : { type: "image", source: formatted };
}

/** As the API writes it, which knows no other spelling. */
function plainType(type: string): string {
  const plain = type.toLowerCase();
  return plain === "image/jpg" ? "image/jpeg" : plain;
}

function formatSource(source: MediaSource, { isOwn, lost, path }: BlockOptions): JsonObject | undefined {
  switch (source.kind) {
    case "base64":
      return { type: "base64", media_type: isOwn ? source.mediaType : plainType(source.mediaType), data: source.data };
    case "url":
      return { type: "url", url: source.url };
    case "file-id":
      return isOwn ? { type: "file", file_id: source.id } : lost.add(path, "the file is kept by another vendor");
    default:
      return source satisfies never;
  }
}

/** A document; images sent as files are images here, and text is sent as text. */
function formatFile(part: FilePart, options: BlockOptions): JsonObject | undefined {
  const { source, filename, context, isCited } = part;
  const marks = given({ title: filename, context, citations: isCited && { enabled: true } });
  const type = "mediaType" in source ? source.mediaType : undefined;
  if (type?.startsWith("image/") && source.kind !== "text") return formatImage(source, options);
  const text = source.kind === "base64" ? fileText(source) : source.kind === "text" ? source.text : undefined;
  if (text !== undefined) return { type: "document", source: plainText(text), ...marks };
  if (type !== undefined && type !== "application/pdf") {
    return options.lost.add(options.path, `Messages takes no ${type}`);
  }
  const formatted = source.kind === "text" ? undefined : formatSource(source, options);
  return formatted === undefined ? undefined : { type: "document", source: formatted, ...marks };
}

function plainText(data: string): JsonObject {
  return { type: "text", media_type: "text/plain", data };
}
