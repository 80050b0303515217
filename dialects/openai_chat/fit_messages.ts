/** A client's own messages for a vendor that would refuse some of them as they are. */

import type { Json } from "../../chat/json.ts";
import type { Target } from "../dialect.ts";
import { isObject } from "../json.ts";
import { knowsDevelopers } from "./developer_role.ts";

/** The messages, changed where the vendor would refuse them: another role (CASES R6), a text as a list of parts (R9). */
export function fitMessages(messages: Json | undefined, target: Target): Json[] | undefined {
  if (!Array.isArray(messages)) return undefined;
  const isRenamed = !knowsDevelopers(target);
  const isFlat = target.quirks.flatContent === true;
  const isRefused = (message: Json) =>
    isObject(message) && ((isRenamed && message.role === "developer") || (isFlat && Array.isArray(message.content)));
  // Hardly a request has such a message: nothing is made for the others.
  if (!messages.some(isRefused)) return undefined;
  return messages.map((message) => {
    if (!isObject(message)) return message;
    const content = isFlat ? flatText(message.content) : undefined;
    return {
      ...message,
      ...(isRenamed && message.role === "developer" && { role: "system" }),
      ...(content !== undefined && { content }),
    };
  });
}

/** Parts as one text; `undefined` where they are none, or a picture is among them: that is the vendor's to take or refuse. */
function flatText(content: Json | undefined): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part) => isObject(part) && part.type === "text" ? part.text : undefined);
  return texts.every((text) => typeof text === "string") ? texts.join("\n\n") : undefined;
}
