/** The stored request sent again, and what is answered now. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { formatDuration, formatWhole } from "../browser/format.js";
import { Markdown } from "../browser/markdown.js";
import { useAnswer } from "../browser/use_answer.js";

/** @import { RequestDetail } from "../shapes.ts" */

/** @param {{ detail: RequestDetail }} props */
export function Repeat({ detail: { request, http, dialect } }) {
  const { answer, start, stop } = useAnswer();
  const { state, text, problem, endedAt, count } = answer;
  if (request?.json === undefined || http === undefined) {
    return html`<p class="muted">It cannot be repeated, as its whole text was not kept.</p>`;
  }
  // A record has no query; this one makes Gemini's answer a stream of frames.
  const path = http.path.endsWith(":streamGenerateContent") ? `${http.path}?alt=sse` : http.path;
  const again = () => void start({ dialect, path: path.replace(/^\/admin\/play/, ""), body: request.json });
  return html`
    <div class="repeat">
      ${state === "running"
        ? html`<button type="button" class="plain danger" onClick=${stop}>Stop</button>`
        : html`<button type="button" class="plain" onClick=${again}>Repeat</button>`}
      ${state !== "idle" && html`
        <section class="again" aria-label="The new answer">
          <h3>The new answer</h3>
          ${problem !== undefined && html`<p class="notice bad" role="alert">${problem}</p>`}
          ${text !== "" && html`<${Markdown} text=${text} />`}
          <p class="muted" role="status">${state === "running"
            ? "Answering …"
            : `${state} · ${formatDuration(endedAt)} · ${formatWhole(count)} frames`}</p>
        </section>
      `}
    </div>
  `;
}
