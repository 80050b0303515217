/** Writes the thoughts of one choice: as text while they come, and whole once more with the signature that seals them. */

import type { ChoiceEvent } from "../../chat/choice_folder.ts";
import { isContent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";

import { formatThought, type Thought } from "./reasoning.ts";

export interface ThoughtWriter {
  /** The deltas for a thought; none where it says nothing. */
  write(thought: Thought): JsonObject[];
  /** Other content came: a signature after it belongs to a block of its own. */
  interrupt(event: ChoiceEvent): void;
}

/** Clients keep `reasoning_details` for the next turn, so each must hold the whole of its block (CASES K6). */
export function thoughtWriter(): ThoughtWriter {
  let details = 0;
  let block = { text: "", isSigned: false };

  function close(): void {
    if (block.isSigned) block = { text: "", isSigned: false };
  }

  return {
    write(thought) {
      if (thought.type === "redacted-reasoning") return [{ reasoning_details: [formatThought(thought, details++)] }];
      const { text, signature } = thought;
      if (text !== "") close();
      block.text += text;
      const plain = text === "" ? [] : [{ reasoning_content: text }];
      if (!signature) return plain;
      // A further fragment of a signature: its text was told with the first.
      const sealed = block.isSigned
        ? formatThought({ type: "reasoning", text: "", signature }, details - 1)
        : formatThought({ type: "reasoning", text: block.text, signature }, details++);
      block.isSigned = true;
      // Apart from the text: a reader could not tell whether the block holds it already.
      return [...plain, { reasoning_details: [sealed] }];
    },
    interrupt(event) {
      if (isContent(event)) close();
    },
  };
}
