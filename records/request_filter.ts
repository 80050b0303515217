/** Which requests are wanted, told by their summaries alone. */

import type { End, RequestSummary } from "./request_record.ts";

export interface RequestFilter {
  /** As the client called it, or as the upstream does. */
  model?: string;
  provider?: string;
  key?: string;
  dialect?: string;
  /** A status, or the first digit of several: `4`. */
  status?: number;
  end?: End;
  /** Anywhere in what a summary says in words; case makes no difference. */
  text?: string;
}

export function requestMatcher(filter: RequestFilter): (summary: RequestSummary) => boolean {
  const { model, provider, key, dialect, status, end } = filter;
  const text = filter.text?.toLowerCase();
  return (summary) =>
    (model === undefined || summary.model === model || summary.upstreamModel === model) &&
    (provider === undefined || summary.provider === provider) &&
    (key === undefined || summary.key === key) &&
    (dialect === undefined || summary.dialect === dialect) &&
    (status === undefined || isStatus(summary.status, status)) &&
    (end === undefined || summary.end === end) &&
    (text === undefined || wordsOf(summary).some((words) => words.toLowerCase().includes(text)));
}

/** Whether it is the status, or of its class where only the first digit is wanted. */
export function isStatus(found: number | undefined, wanted: number): boolean {
  return found === wanted || (found !== undefined && wanted < 10 && Math.floor(found / 100) === wanted);
}

/** Whether a summary with the text may stand in JSON, without reading that. */
export function mayHoldText(text: string): (json: string) => boolean {
  const wanted = JSON.stringify(text.toLowerCase()).slice(1, -1);
  return (json) => json.toLowerCase().includes(wanted);
}

/** What a summary says in words. */
function wordsOf(
  { id, model, provider, upstreamModel, key, finish, error, asked, said }: RequestSummary,
): string[] {
  return [id, model, provider, upstreamModel, key, finish, error, asked, said].filter((words) => words !== undefined);
}
