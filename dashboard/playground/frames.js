/** The frames as they came, each with its time since the question. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { formatDuration, formatWhole } from "../browser/format.js";

/** @param {{ answer: import("../browser/use_answer.js").Answer }} props */
export function Frames({ answer: { frames, count, state } }) {
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => {
    if (list.current !== null && state === "running") list.current.scrollTop = list.current.scrollHeight;
  }, [count]);
  const hidden = count - frames.length;
  return html`
    <section class="panel frames" aria-label="Frames">
      <header><h2>Frames</h2><span class="muted">${formatWhole(count)}</span></header>
      <div class="frame-list" ref=${list} tabindex="0" role="region" aria-label="Frames as they came">
        ${count === 0 && html`<p class="muted">What comes over the wire is shown here, frame by frame.</p>`}
        ${hidden > 0 && html`<p class="muted">The first ${formatWhole(hidden)} are not shown.</p>`}
        ${frames.map(({ at, raw }, place) =>
          html`
            <div class="frame-row" key=${hidden + place}><span class="number muted">${formatDuration(
              at,
            )}</span><pre>${raw}</pre></div>
          `
        )}
      </div>
    </section>
  `;
}
