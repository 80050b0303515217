/** What an upstream would refuse in the history of a client that was answered by others before. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import type { LossList } from "../losses.ts";
import { ownSignature } from "../signatures.ts";

/**
 * The members of a body that must be sent otherwise; none where the history is sound. Thoughts that this upstream's
 * vendor did not sign are left out (CASES K7), or go without the signature to one that takes them so, and misses them
 * (K8): a client that changed models, or was answered by a fallback, sends them back as we gave them. If then a turn
 * that calls tools does not begin with a thought, as it must while thinking is enabled, thinking is disabled for this
 * call (K9).
 */
export function repairBody(
  body: JsonObject,
  { lost, takesUnsigned }: { lost: LossList; takesUnsigned: boolean },
): { messages?: Json; thinking?: Json } {
  const messages = Array.isArray(body.messages) ? body.messages : [];
  const isSoundBlock = (block: Json) => isSoundThought(block) || (takesUnsigned && isUnsigned(block));
  const isSound = messages.every((message) => contentOf(message).every(isSoundBlock));
  const repaired = isSound ? messages : messages.flatMap((message, at) => {
    const content = contentOf(message);
    if (!isObject(message) || content.every(isSoundBlock)) return [message];
    const sound = content.flatMap((block) => isSoundBlock(block) ? [block] : takesUnsigned ? withoutSeal(block) : []);
    if (sound.length < content.length) {
      lost.add(`messages[${at}].content`, "the upstream takes only thoughts that it signed itself");
    }
    // A turn of thoughts alone leaves nothing; the turns around it are then one.
    return sound.length === 0 ? [] : [{ ...message, content: sound }];
  });
  const patches = isSound ? {} : { messages: repaired };
  if (takesUnsigned || !isEnabled(body.thinking) || !lacksThought(repaired)) return patches;
  lost.add("reasoning", "the turn that called the tools was made without thinking");
  return { ...patches, thinking: { type: "disabled" } };
}

function contentOf(message: Json): Json[] {
  return isObject(message) && Array.isArray(message.content) ? message.content : [];
}

function isUnsigned(block: Json): boolean {
  return isObject(block) && block.type === "thinking" && !block.signature;
}

/** What can be read of a thought that another vendor signed. */
function withoutSeal(block: Json): Json[] {
  return isObject(block) && block.type === "thinking" && block.thinking ? [{ ...block, signature: "" }] : [];
}

function isSoundThought(block: Json): boolean {
  if (!isObject(block) || !isThought(block)) return true;
  const bound = block.type === "thinking" ? block.signature : block.data;
  return typeof bound === "string" && ownSignature("anthropic", bound) !== undefined;
}

function isThought(block: Json | undefined): boolean {
  return isObject(block) && (block.type === "thinking" || block.type === "redacted_thinking");
}

/** Only with a budget: a model that thinks adaptively may have called without a thought. */
function isEnabled(thinking: Json | undefined): boolean {
  return isObject(thinking) && thinking.type === "enabled";
}

/** Whether the last turn of the assistant calls tools without having thought. */
function lacksThought(messages: readonly Json[]): boolean {
  const turn = messages.findLast((message) => isObject(message) && message.role === "assistant");
  const content = turn === undefined ? [] : contentOf(turn);
  const isCalling = content.some((block) => isObject(block) && block.type === "tool_use");
  return isCalling && !isThought(content[0]);
}
