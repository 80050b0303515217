/** What the gateway adds to the time until a client has the first content: one connection, request after request. */

import { caller, percentile, timed } from "./load.ts";
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
    without.push(await timed(askBare));
    through.push(await timed(askGateway));
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
