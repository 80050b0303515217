/** Messages in LangFast's form, which is OpenAI's: text and images, but no tools and no other media. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { AssistantPart, ImagePart, Message, UserPart } from "../../chat/request.ts";
import { formatDataUrl } from "../../dialects/data_url.ts";
import type { LossList } from "../../dialects/losses.ts";

/** Messages that have nothing left to say are left out. */
export function formatMessages(messages: readonly Message[], lost: LossList): JsonObject[] {
  return messages.flatMap((message, at): JsonObject[] => {
    const path = `messages[${at}]`;
    if (message.role === "tool") {
      lost.add(path, "LangFast has no tools");
      return [];
    }
    const parts: readonly Part[] = message.parts;
    const content = parts.flatMap((part, index): JsonObject[] => {
      const formatted = formatPart(part, { path: `${path}.content[${index}]`, lost });
      return formatted === undefined ? [] : [formatted];
    });
    if (content.length === 0) return [];
    const name = message.name === undefined ? {} : { name: message.name };
    return [{ role: message.role, ...name, content: plain(content) }];
  });
}

type Part = UserPart | AssistantPart;

interface Place {
  path: string;
  lost: LossList;
}

function formatPart(part: Part, { path, lost }: Place): JsonObject | undefined {
  switch (part.type) {
    case "text":
    case "refusal":
      return { type: "text", text: part.text };
    case "image":
      return formatImage(part, { path, lost });
    case "file":
      if (part.source.kind === "text") return { type: "text", text: part.source.text };
      return lost.add(path, "LangFast reads no files");
    case "audio":
    case "video":
      return lost.add(path, "LangFast takes no audio or video");
    case "reasoning":
    case "redacted-reasoning":
      return lost.add(path, "LangFast takes no thoughts back");
    case "tool-call":
      return lost.add(path, "LangFast has no tools");
    case "opaque":
      return lost.add(path, `only ${part.dialect} has such a part`);
    default:
      return part satisfies never;
  }
}

function formatImage({ source, detail }: ImagePart, { path, lost }: Place): JsonObject | undefined {
  if (source.kind === "file-id") return lost.add(path, "the image is a file of another vendor");
  const url = source.kind === "url" ? source.url : formatDataUrl(source.mediaType, source.data);
  return { type: "image_url", image_url: detail === undefined ? { url } : { url, detail } };
}

/** One string where there is only text: the older models take no arrays. */
function plain(content: JsonObject[]): Json {
  return content.every((part) => part["type"] === "text") ? content.map((part) => part["text"]).join("") : content;
}
