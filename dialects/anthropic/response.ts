/** Whole answers, both ways. */

import type { Beat } from "../../chat/event.ts";
import { estimateInput } from "../../chat/estimate_usage.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { Reply } from "../../chat/reply.ts";
import { replyToEvents } from "../../chat/reply_folder.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { FormatOptions } from "../dialect.ts";
import { failingBeat } from "../failing_beat.ts";
import { isObject } from "../json.ts";
import { type BlockOperation, openBlocks } from "../open_blocks.ts";
import { upstreamError } from "../upstream_error.ts";
import { answerReader } from "./answer_reader.ts";
import { inputOf } from "./assistant_blocks.ts";
import { asBlockEvents, formatBlock, formatDelta } from "./content_blocks.ts";
import { parseInBandError } from "./error.ts";
import { formatFinish } from "./finish.ts";
import { foundPages } from "./found_pages.ts";
import { messageHead } from "./message_head.ts";
import { isRelayableBlock, isRelayableEnd, isRelayableHead } from "./relay_rules.ts";
import { answerSchema } from "./schema.ts";
import { formatUsage } from "./usage.ts";

/** A whole answer as events: its blocks, each started and stopped at once. */
export function parseResponse(body: unknown, text: string): Beat {
  if (isObject(body) && (body.type === "error" || body.error)) return failingBeat(parseInBandError(body));
  const message = answerSchema().parse(isObject(body) ? body : {});
  if (!isObject(body) || !message.content) return failingBeat(upstreamError("upstream-malformed", text));
  const { usage, stop_reason, stop_sequence } = message;
  const reader = answerReader();
  const head = reader.begin({ ...message, usage: undefined });
  const starts = message.content.map((block, index) => {
    const { events, isRepaired } = reader.startBlock(block, index);
    return { events: [...events, ...reader.stopBlock(index)], isRepaired };
  });
  const said = starts.flatMap(({ events }) => events);
  const ended = reader.finish({ usage, delta: { stop_reason, stop_sequence } });
  const hasCalls = said.some(({ type }) => type === "tool-call");
  const isClean = !starts.some(({ isRepaired }) => isRepaired) && message.content.every(isRelayableBlock) &&
    isRelayableHead(body) && isRelayableEnd(body, { hasCalls });
  return { events: [...head, ...said, ...ended, ...reader.close()], last: true, ...(isClean && { raw: text }) };
}

/** The same blocks that a stream of the answer would have. */
export function formatResponse(reply: Reply, request: ChatRequest, options: FormatOptions): JsonObject {
  const { id, usage, choices } = reply;
  const choice = choices[0] ?? { parts: [] };
  const blocks = openBlocks();
  const events = replyToEvents({ ...reply, choices: [choice] });
  const found = foundPages(request, options.id);
  found.hear(events);
  const operations = [...events, ...found.blocks()].flatMap((event) => asBlockEvents(event, request.tools)).flatMap(
    blocks.push,
  );
  const counts = usage ?? { input: estimateInput(request), output: 0 };
  return {
    ...messageHead(id, options, formatUsage(counts)),
    content: collectBlocks([...operations, ...blocks.end()]),
    ...formatFinish(choice.finish, { hasCalls: choice.parts.some(({ type }) => type === "tool-call") }),
  };
}

function collectBlocks(operations: readonly BlockOperation[]): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const operation of operations) {
    if (operation.type === "open") {
      const { block } = operation;
      blocks.push(block.kind === "opaque" ? block.value : formatBlock(block).content_block);
    } else if (operation.type === "delta") {
      blocks[operation.index] = grown(blocks[operation.index] ?? {}, formatDelta(operation.delta) ?? {});
    }
  }
  return blocks;
}

/** A block with a delta, as a client would join them; a reply tells the arguments of a call in one piece. */
function grown(block: JsonObject, { text, thinking, signature, partial_json, citation }: JsonObject): JsonObject {
  if (typeof text === "string") return { ...block, text: `${block.text}${text}` };
  if (typeof thinking === "string") return { ...block, thinking: `${block.thinking}${thinking}` };
  if (signature !== undefined) return { ...block, signature };
  if (typeof partial_json === "string") return { ...block, input: inputOf(partial_json) };
  if (citation === undefined) return block;
  return { ...block, citations: [...(Array.isArray(block.citations) ? block.citations : []), citation] };
}
