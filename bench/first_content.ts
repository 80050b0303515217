/** What the gateway adds to the time until a client has the first content: one connection, request after request. */

import { type Call, caller, percentile } from "./load.ts";
import type { Process } from "./processes.ts";
import type { Row } from "./results.ts";
import { stream } from "./works.ts";

const REQUESTS = 500;

/** The two are asked in turn, so that both meet the same machine. */
export async function addedToFirstContent(bare: Process, gateway: Process): Promise<Row[]> {
  const [askBare, askGateway] = [bare, gateway].map(({ url }) => caller(url, { body: stream })) as [
    ReturnType<typeof caller>,
    ReturnType<typeof caller>,
  ];
  const [without, through]: [number[], number[]] = [[], []];
  for (let at = 0; at < REQUESTS; at++) {
    without.push(await toFirstWord(askBare));
    through.push(await toFirstWord(askGateway));
  }
  return [{ share: 0.5, limit: 0.3 }, { share: 0.99, limit: 1 }].map(({ share, limit }) => {
    const [least, cost] = [without, through].map((times) => percentile(times.toSorted((a, b) => a - b), share)) as [
      number,
      number,
    ];
    return {
      work: `added to the first content, p${share * 100}`,
      value: cost - least,
      unit: "ms",
      limit,
      from: `${cost.toFixed(2)} − ${least.toFixed(2)} ms`,
    };
  });
}

/** What the first chunk with a word in it has, and the one before, which names the role alone, has not. */
const WORD = '"content":"W';

/**
 * One request, read to its end; milliseconds to its first word. A gateway holds the chunk that names the role until a
 * word follows, as the answer may still turn out to be empty: to count that chunk would be to count what is no content.
 */
async function toFirstWord(call: Call): Promise<number> {
  const startedAt = performance.now();
  const utf8 = new TextDecoder();
  let first: number | undefined;
  let text = "";
  for await (const chunk of await call()) {
    if (first !== undefined) continue;
    text += utf8.decode(chunk, { stream: true });
    if (text.includes(WORD)) first = performance.now() - startedAt;
  }
  if (first === undefined) throw new Error("Cannot measure as the answer has no word");
  return first;
}
