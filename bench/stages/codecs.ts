/** The dialects' stages: requests and answers, read and written, each dialect alone. */

import { replyFolder } from "../../chat/reply_folder.ts";
import type { Beat } from "../../chat/event.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { askedIn, DIALECTS, FOREIGN, foreignTo, FORMAT, parseFrames, parseText, saidIn, TARGET } from "./samples.ts";
import type { Stage } from "./stage.ts";

export const codecStages: readonly Stage[] = DIALECTS.flatMap((dialect) => [
  ...requestStages(dialect),
  ...answerStages(dialect),
]);

function requestStages(dialect: Dialect): Stage[] {
  const { name } = dialect;
  const { text, request } = askedIn(dialect);
  const foreign = foreignTo(dialect);
  return [
    { name: `parse a request: ${name}`, times: 30, run: () => parseText(dialect, text) },
    {
      name: `format a request: ${name}`,
      times: 60,
      run: () => JSON.stringify(dialect.formatRequest(foreign, TARGET).body),
    },
    // Gemini's model stands in the path: its body is the client's.
    ...dialect.relayRequest(text, request, TARGET) === text ? [] : [
      { name: `relay a request: ${name}`, times: 200, run: () => dialect.relayRequest(text, request, TARGET) },
    ],
  ];
}

function answerStages(dialect: Dialect): Stage[] {
  const { name } = dialect;
  const { request } = askedIn(dialect);
  const { frames, beats, whole } = saidIn(dialect);
  const folder = replyFolder();
  for (const { events } of FOREIGN) folder.push(events);
  const reply = folder.reply();
  const write = (beats: readonly Beat[]) => () => {
    const formatter = dialect.eventFormatter(request, FORMAT);
    return [...beats.flatMap((beat) => formatter.push(beat)), ...formatter.end()];
  };
  return [
    { name: `parse 64 frames: ${name}`, times: 5, run: () => parseFrames(dialect, frames) },
    {
      name: `parse a whole answer: ${name}`,
      times: 100,
      run: () => dialect.parseResponse(JSON.parse(whole), whole, {}),
    },
    { name: `format 64 frames, relayed: ${name}`, times: 12, run: write(beats) },
    { name: `format 64 frames, foreign: ${name}`, times: 6, run: write(FOREIGN) },
    {
      name: `format a whole answer: ${name}`,
      times: 200,
      run: () => JSON.stringify(dialect.formatResponse(reply, request, FORMAT)),
    },
  ];
}
