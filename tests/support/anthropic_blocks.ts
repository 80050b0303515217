/** Reads the content blocks of a Messages stream, and throws where they break a rule. */

import assert from "node:assert/strict";

export interface AnthropicBlock {
  type: string;
  /** The text, or the thoughts. */
  text: string;
  signature: string;
  /** The arguments as they came. */
  json: string;
  id?: string;
  name?: string;
  citations: unknown[];
  /** The block as it started. */
  start: BlockStart;
}

export interface BlockStart {
  [name: string]: unknown;
  type: string;
  id?: string;
  name?: string;
}

export interface Delta {
  type?: string;
  text?: string;
  thinking?: string;
  signature?: string;
  partial_json?: string;
  citation?: unknown;
}

/** Which deltas a block takes. */
const DELTAS: Record<string, readonly string[]> = {
  text: ["text_delta", "citations_delta"],
  thinking: ["thinking_delta", "signature_delta"],
  tool_use: ["input_json_delta"],
  server_tool_use: ["input_json_delta"],
  mcp_tool_use: ["input_json_delta"],
};

/** What a block that grows starts with. */
const EMPTY: Record<string, object> = {
  text: { text: "" },
  thinking: { thinking: "", signature: "" },
  tool_use: { input: {} },
  server_tool_use: { input: {} },
  mcp_tool_use: { input: {} },
};

export interface BlockReader {
  start(index: number, block: BlockStart): void;
  grow(index: number, delta: Delta): void;
  stop(index: number): void;
  isOpen(): boolean;
  all(): AnthropicBlock[];
}

export function readBlocks(): BlockReader {
  const blocks: AnthropicBlock[] = [];
  let open: AnthropicBlock | undefined;

  function openAt(index: number): AnthropicBlock {
    assert.ok(open, "T5: no delta or stop without an open block");
    assert.equal(index, blocks.length - 1, "A1: a delta or stop has the index of the open block");
    return open;
  }

  return {
    start(index, start) {
      assert.equal(open, undefined, "A1: blocks do not overlap");
      assert.equal(index, blocks.length, "A1: indices count from 0 without gaps");
      assert.equal(typeof start?.type, "string");
      for (const [name, value] of Object.entries(EMPTY[start.type] ?? {})) {
        assert.deepEqual(start[name], value, `A11: ${name} of a ${start.type} block is empty at its start`);
      }
      if (start.type === "tool_use") assertCall(start, blocks);
      const { type, id, name } = start;
      open = {
        type,
        text: "",
        signature: "",
        json: "",
        citations: [],
        start,
        ...(id && { id }),
        ...(name && { name }),
      };
      blocks.push(open);
    },
    grow(index, delta) {
      const block = openAt(index);
      assert.ok(DELTAS[block.type]?.includes(delta.type ?? ""), `a ${block.type} block takes no ${delta.type}`);
      growBlock(block, delta);
    },
    stop(index) {
      const block = openAt(index);
      if (block.type === "text") assert.notEqual(block.text, "", "A15: no empty text block");
      open = undefined;
    },
    isOpen: () => open !== undefined,
    all: () => blocks,
  };
}

function assertCall({ id, name }: BlockStart, blocks: readonly AnthropicBlock[]): void {
  assert.match(id ?? "", /^[a-zA-Z0-9_-]+$/, "T14: the id of a call");
  assert.ok(typeof name === "string" && name !== "", "a call has a name");
  assert.ok(blocks.every((other) => other.id !== id), "T15: ids are unique");
}

function growBlock(block: AnthropicBlock, { type, text, thinking, signature, partial_json, citation }: Delta): void {
  if (type === "signature_delta") {
    assert.equal(block.signature, "", "K4: one signature_delta, as clients overwrite");
    assert.ok(signature, "a signature says something");
    block.signature = signature;
    return;
  }
  if (type === "citations_delta") {
    assert.ok(citation !== null && typeof citation === "object", "a citation is an object");
    block.citations.push(citation);
    return;
  }
  const added = text ?? thinking ?? partial_json;
  assert.ok(typeof added === "string", "a delta has its text");
  if (type === "thinking_delta") assert.equal(block.signature, "", "the signature is the last delta of a thought");
  if (type === "input_json_delta") block.json += added;
  else block.text += added;
}
