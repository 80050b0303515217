/** Where the time went: attempts one after the other, the first content, the stream. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { Facts } from "../browser/facts.js";
import { formatDuration, formatWhole, UNKNOWN } from "../browser/format.js";

/** @import { RequestDetail } from "../shapes.ts" */

/** @param {{ detail: RequestDetail }} props */
export function PerformanceTab({ detail }) {
  const { ttft, tpot, tokensPerSecond, total, chunks, attempts } = detail;
  return html`
    <${Facts} facts=${[
      ["Time to first token", formatDuration(ttft)],
      ["Time per output token", formatDuration(tpot)],
      ["Tokens a second", tokensPerSecond === undefined ? UNKNOWN : formatWhole(tokensPerSecond)],
      ["In all", formatDuration(total)],
      ["Chunks with content", formatWhole(chunks)],
      ["Attempts", formatWhole(attempts)],
    ]} />
    <h3>Timeline</h3>
    <${Timeline} detail=${detail} />
  `;
}

/** @param {{ detail: RequestDetail }} props */
function Timeline({ detail: { tried, timeline, total } }) {
  const whole = Math.max(total, timeline.end, 1);
  const { firstContent, lastContent } = timeline;
  const bars = tried.map(({ provider, model, streamed, outcome, broke, start, end, detail }, at) => ({
    name: `${at + 1}. ${provider}/${model}`,
    note: `${outcome}${broke ? `, then ${broke}` : ""}${streamed ? "" : ", not streamed"}${
      detail ? `: ${detail}` : ""
    }`,
    kind: !broke && (outcome === "began" || outcome === "answered") ? "good" : "bad",
    start,
    end,
  }));
  if (firstContent !== undefined && lastContent !== undefined) {
    bars.push({
      name: "Content",
      note: "from the first chunk to the last",
      kind: "content",
      start: firstContent,
      end: lastContent,
    });
  }
  if (bars.length === 0) return html`<p class="muted">No upstream was asked.</p>`;
  return html`
    <ol class="timeline">${bars.map(({ name, note, kind, start, end }) =>
      html`
        <li key=${name}>
          <div
            class="line-head"><span class="name">${name}</span><span class="number muted">${formatDuration(
              start,
            )} – ${formatDuration(end)}</span></div>
          <div class="track">
            <div class=${`bar ${kind}`} style=${{
              marginLeft: `${100 * start / whole}%`,
              width: `max(3px, ${100 * (end - start) / whole}%)`,
            }}></div>
          </div>
          <p class="muted">${note}</p>
        </li>
      `
    )}
    </ol>
  `;
}
