/** The stages of time and bytes: read, gathered, decoded, watched, kept alive and written. */

import type { Beat } from "../../chat/event.ts";
import { anthropic } from "../../dialects/anthropic/mod.ts";
import { ollama } from "../../dialects/ollama/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { frameDecoder } from "../../streaming/decode_frames.ts";
import { gatherBytes } from "../../streaming/gather_bytes.ts";
import { keepAlive } from "../../streaming/keep_alive.ts";
import { drain, pullFrom } from "../../streaming/pull.ts";
import { readBeats } from "../../streaming/read_beats.ts";
import { readBytes } from "../../streaming/read_bytes.ts";
import { toStream } from "../../streaming/to_stream.ts";
import { watchSilence } from "../../streaming/watch_silence.ts";
import { writeReply } from "../../streaming/write_reply.ts";
import { byteStream } from "../byte_stream.ts";
import { askedIn, FORMAT, saidIn } from "./samples.ts";
import type { Stage } from "./stage.ts";

const utf8 = new TextEncoder();
const { texts, beats } = saidIn(openaiChat);
const chunks = texts.map((text) => utf8.encode(text));
const batches: Beat[][] = beats.map((beat) => [beat]);
const frames = texts.map((text) => [text]);
const lines = saidIn(ollama).texts;
const named = saidIn(anthropic).texts;
const { request } = askedIn(openaiChat);

function decode(framing: "sse" | "ndjson", texts: readonly string[]) {
  const decoder = frameDecoder(framing);
  return [...texts.map((text) => decoder.push(text)), decoder.end()];
}

export const byteStages: readonly Stage[] = [
  { name: "read the bytes of 64 frames", times: 4, run: () => drain(readBytes(byteStream(chunks))) },
  { name: "gather the bytes of 64 frames", times: 8, run: () => drain(gatherBytes(pullFrom(chunks))) },
  { name: "decode 64 frames, one by one", times: 150, run: () => decode("sse", texts) },
  { name: "decode 64 frames with names", times: 150, run: () => decode("sse", named) },
  { name: "decode 64 frames at once", times: 150, run: () => decode("sse", [texts.join("")]) },
  { name: "decode 64 lines", times: 40, run: () => decode("ndjson", lines) },
  {
    name: "bytes of 64 frames to beats",
    times: 4,
    run: () => drain(readBeats(pullFrom(chunks), frameDecoder("sse"), openaiChat.eventParser({}))),
  },
  {
    name: "watch the silence of 64 beats",
    times: 20,
    run: () => drain(watchSilence(pullFrom(batches), { firstContent: 60_000, idle: 60_000 })),
  },
  {
    name: "write 64 beats as frames",
    times: 15,
    run: () => drain(writeReply(pullFrom(batches), openaiChat.eventFormatter(request, FORMAT))),
  },
  {
    name: "keep 64 frames alive",
    times: 15,
    run: () => drain(keepAlive(pullFrom(frames), { interval: 4000, ping: () => [": ping\n\n"] })),
  },
  { name: "write 64 frames as a body", times: 15, run: () => new Response(toStream(pullFrom(frames))).arrayBuffer() },
];
