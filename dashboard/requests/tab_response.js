/** The whole answer, put together from its chunks: as a person reads it, and as JSON. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { CodeView } from "../browser/code.js";
import { Markdown } from "../browser/markdown.js";
import { BodyView, NotKept } from "./body.js";

/** @import { RequestDetail } from "../shapes.ts" */

/** @param {{ detail: RequestDetail }} props */
export function ResponseTab({ detail }) {
  const [asJson, setAsJson] = useState(false);
  const { answer, failure, end, finish } = detail;
  return html`
    ${failure && html`<${FailureView} failure=${failure} />`}
    ${end === "cancelled" && html`<p class="notice">The client left before the answer was complete.</p>`}
    ${finish === "length" && html`<p class="notice warn">The answer was cut at the limit of its tokens.</p>`}
    ${answer === undefined ? !failure && html`<${NotKept} detail=${detail} what="The answer's text" />` : html`
      <div class="switch" role="group" aria-label="How the answer is shown">
        <button type="button" class="plain" aria-pressed=${String(!asJson)} onClick=${() =>
          setAsJson(false)}>Rendered</button>
        <button type="button" class="plain" aria-pressed=${String(asJson)} onClick=${() =>
          setAsJson(true)}>JSON</button>
      </div>
      ${asJson || answer.json === undefined
        ? html`<${BodyView} body=${answer} label="The answer's JSON" />`
        : html`<${ReplyView} reply=${answer.json} />`}
    `}
  `;
}

/** @param {{ failure: NonNullable<RequestDetail["failure"]> }} props */
function FailureView({ failure: { message, kind, code, status, detail } }) {
  return html`
    <div class="notice bad" role="note">
      <p><strong>${message}</strong></p>
      <p>${status} · ${code ?? kind}</p>
    </div>
    ${detail && html`
      <h3>What the upstream said</h3>
      <${CodeView} text=${detail} label="What the upstream said" />
    `}
  `;
}

/** @param {{ reply: any }} props */
function ReplyView({ reply }) {
  const choices = reply.choices ?? [];
  return choices.map((/** @type {any} */ choice, /** @type {number} */ at) =>
    html`
      <section key=${at} class="choice">
        ${choices.length > 1 && html`<h3>Choice ${at + 1}</h3>`}
        ${choice.parts.map((/** @type {any} */ part, /** @type {number} */ place) =>
          html`<${PartView} key=${place} part=${part} />`
        )}
        ${choice.parts.length === 0 && html`<p class="muted">It said nothing.</p>`}
        ${choice.finish &&
          html`<p class="muted finish">Finished: ${choice.finish.reason}${
            choice.finish.raw && choice.finish.raw !== choice.finish.reason ? ` (${choice.finish.raw})` : ""
          }</p>`}
      </section>
    `
  );
}

/** @param {{ part: any }} props */
function PartView({ part }) {
  if (part.type === "text") return html`<${Markdown} text=${part.text} />`;
  if (part.type === "reasoning") {
    return html`
      <details class="thought" open>
        <summary>Thought</summary>
        <p class="plain-text">${part.text}</p>
      </details>
    `;
  }
  if (part.type === "refusal") return html`<p class="notice warn">Refused: ${part.text}</p>`;
  if (part.type === "tool-call") {
    return html`
      <h3>Calls ${part.name}</h3>
      <${CodeView} text=${indented(part.json)} label=${`Arguments of ${part.name}`} />
    `;
  }
  if (part.type === "media" && /^image\/(png|jpeg|webp|gif)$/.test(part.mediaType)) {
    return html`<img src=${`data:${part.mediaType};base64,${part.data}`} alt="A picture in the answer" />`;
  }
  return html`<${CodeView} text=${JSON.stringify(part, null, 2)} label=${`A part of type ${part.type}`} />`;
}

/** @param {string} text */
function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
