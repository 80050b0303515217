/** The parts of a message as Ollama has them: one string of text, and images beside it. */

import type { AssistantPart, FilePart, ImagePart, ToolMessage, UserPart } from "../../chat/request.ts";
import { fileText, loseFileMarks } from "../file_text.ts";
import type { LossList } from "../losses.ts";

type Part = UserPart | AssistantPart | ToolMessage["parts"][number];

export interface Place {
  /** The message's. */
  path: string;
  lost: LossList;
}

export interface Content {
  texts: string[];
  images: string[];
}

/** The texts and images of the parts; thoughts and calls have members of their own, and all else is a loss. */
export function formatContent(parts: readonly Part[], { path, lost }: Place): Content {
  const content: Content = { texts: [], images: [] };
  parts.forEach((part, at) => add(part, content, { path: `${path}.content[${at}]`, lost }));
  return content;
}

/** The members for an object that has them only where there is something in them. */
export function imagesMember({ images }: Content): { images?: string[] } {
  return images.length > 0 ? { images } : {};
}

function add(part: Part, content: Content, place: Place): void {
  switch (part.type) {
    case "text":
    case "refusal":
      content.texts.push(part.text);
      break;
    case "image":
      addImage(part.source, content, place);
      break;
    case "file":
      addFile(part, content, place);
      break;
    case "audio":
    case "video":
      place.lost.add(place.path, `Ollama takes no ${part.type}`);
      break;
    case "opaque":
      place.lost.add(place.path, `only ${part.dialect} has such a part`);
      break;
    case "redacted-reasoning":
      place.lost.add(place.path, "the encrypted thoughts are another vendor's");
      break;
    case "reasoning":
    case "tool-call":
      break;
    default:
      part satisfies never;
  }
}

function addImage(source: ImagePart["source"], { images }: Content, { path, lost }: Place): void {
  if (source.kind === "base64") images.push(source.data);
  else if (source.kind === "url") lost.add(path, "Ollama takes an image as data only, not by its address");
  else lost.add(path, "the image is kept by another vendor");
}

/** Ollama has no files; what a file is of text or image can still be said. */
function addFile(part: FilePart, content: Content, place: Place): void {
  const { source } = part;
  const text = source.kind === "base64" ? fileText(source) : source.kind === "text" ? source.text : undefined;
  loseFileMarks(part, place);
  if (text !== undefined) content.texts.push(text);
  else if (source.kind === "base64" && source.mediaType.startsWith("image/")) content.images.push(source.data);
  else place.lost.add(place.path, "Ollama takes no files");
}
