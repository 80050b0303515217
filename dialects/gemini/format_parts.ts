/** Parts of a history for an upstream: text, media, thoughts and calls. */

import type { JsonObject } from "../../chat/json.ts";
import type { AssistantPart, FilePart, ImagePart, MediaSource, ToolCallPart, UserPart } from "../../chat/request.ts";
import { argumentsObject } from "../call_arguments.ts";
import { wrapInput } from "../custom_tools.ts";
import { parseDataUrl } from "../data_url.ts";
import { loseFileMarks } from "../file_text.ts";
import type { LossList } from "../losses.ts";
import { ownSignature } from "../signatures.ts";
import { type CallIds, fitToolName } from "../tool_ids.ts";
import { audioType, formatDetail, guessType, needsType } from "./media.ts";
import { generationOf, THIRD_GENERATION } from "./model_generation.ts";

export interface PartOptions {
  lost: LossList;
  /** The part's place in the client's words. */
  path: string;
  /** The client spoke this dialect itself. */
  isOwn: boolean;
  model: string;
  ids: CallIds;
}

/** A part as the API has it, none where that is nothing, and more than one where it says several things. */
export function formatPart(part: UserPart | AssistantPart, options: PartOptions): JsonObject[] {
  switch (part.type) {
    case "text": {
      const { text, signature } = part;
      return text === "" && signature === undefined ? [] : [{ text, ...signatureMember(signature) }];
    }
    case "refusal":
      return part.text === "" ? [] : [{ text: part.text }];
    case "image":
      return formatMedia(part.source, { ...options, kind: "image", detail: detailOf(part, options) });
    case "video":
      return formatMedia(part.source, { ...options, kind: "video" });
    case "audio":
      return [{ inlineData: { mimeType: audioType(part.format), data: part.data } }];
    case "file":
      return formatFile(part, options);
    case "reasoning":
      return formatThought(part.text, part.signature ?? "");
    case "tool-call":
      return [formatCall(part, options)];
    case "redacted-reasoning":
      return lose(options, "the hidden thoughts are another vendor's");
    case "opaque":
      return part.dialect === "gemini" ? [part.value] : lose(options, `only ${part.dialect} has such a part`);
    default:
      return part satisfies never;
  }
}

function lose({ lost, path }: PartOptions, reason: string): JsonObject[] {
  lost.add(path, reason);
  return [];
}

function signatureMember(signature: string | undefined): JsonObject {
  return signature === undefined || signature === "" ? {} : { thoughtSignature: signature };
}

/** A signature of another vendor's is refused; our own stands, as in the API's streams, in a part without text. */
function formatThought(text: string, signature: string): JsonObject[] {
  const own = ownSignature("gemini", signature);
  return [
    ...(text === "" ? [] : [{ text, thought: true }]),
    ...(own === undefined ? [] : [{ text: "", ...signatureMember(own) }]),
  ];
}

function formatCall(call: ToolCallPart, { isOwn, ids }: PartOptions): JsonObject {
  const name = isOwn ? call.name : fitToolName(call.name);
  const id = ids.call(call.id);
  return { functionCall: { id, name, args: formatArguments(call) }, ...signatureMember(call.signature) };
}

/** Text that is no object of arguments is kept as one, as no arguments at all would be another call. */
function formatArguments({ json, custom }: ToolCallPart): JsonObject {
  return custom ? wrapInput(json) : argumentsObject(json) ?? { _raw: json };
}

interface MediaOptions extends PartOptions {
  kind: "image" | "video" | "file";
  detail?: JsonObject;
}

function formatMedia(source: MediaSource, options: MediaOptions): JsonObject[] {
  switch (source.kind) {
    case "base64":
      return [{ inlineData: { mimeType: source.mediaType, data: source.data }, ...options.detail }];
    case "url":
      return formatUrl(source.url, source.mediaType, options);
    case "file-id":
      return lose(options, `the ${options.kind} is a file of another vendor`);
    default:
      return source satisfies never;
  }
}

/** The API opens addresses itself, but wants to know what is there. Where nobody can tell, the model gets the address. */
function formatUrl(url: string, mediaType: string | undefined, options: MediaOptions): JsonObject[] {
  const inline = parseDataUrl(url);
  if (inline !== undefined) {
    return [{ inlineData: { mimeType: inline.mediaType, data: inline.data }, ...options.detail }];
  }
  const mimeType = mediaType ?? guessType(url);
  // A client of this dialect that left the type out knows that it may.
  if (mimeType === undefined && needsType(url) && !options.isOwn) {
    options.lost.add(options.path, `the type of the ${options.kind} is unknown, so its address is sent as text`);
    return [{ text: `[${options.kind}: ${url}]` }];
  }
  return [{ fileData: { fileUri: url, ...(mimeType !== undefined && { mimeType }) }, ...options.detail }];
}

function formatFile({ filename, ...part }: FilePart, options: PartOptions): JsonObject[] {
  const { source } = part;
  if (filename !== undefined) options.lost.add(`${options.path}.filename`, "the API has no names for files");
  loseFileMarks(part, options);
  if (source.kind === "text") return source.text === "" ? [] : [{ text: source.text }];
  return formatMedia(source, { ...options, kind: "file" });
}

/** The older models know one resolution for all images of a request. */
function detailOf({ detail }: ImagePart, { lost, path, model }: PartOptions): JsonObject {
  const formatted = formatDetail(detail);
  const isKnown = Object.keys(formatted).length > 0;
  if (isKnown && generationOf(model) >= THIRD_GENERATION) return formatted;
  if (detail !== undefined && detail !== "auto") lost.add(`${path}.detail`, "the model has no such resolution");
  return {};
}
