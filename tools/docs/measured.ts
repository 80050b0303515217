/** The part of a document that shows what `deno task bench` measured. */

import { formatResults, readResults } from "../../bench/results.ts";
import { ROOT } from "./place.ts";

const PART = /(<!-- measured: .*-->\n)[^]*?(<!-- \/measured -->)/;

/** The document with the table of bench/results.json between its two marks. */
export async function measuredIn(path: string): Promise<string> {
  const table = formatResults(await readResults());
  return (await Deno.readTextFile(ROOT + path)).replace(PART, (_, begin, end) => `${begin}\n${table}\n\n${end}`);
}
