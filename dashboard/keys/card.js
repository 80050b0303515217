/** One key: who has it, what it may use, and what can be done with it. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { focused } from "../browser/focused.js";
import { formatTime } from "../browser/format.js";
import { Limits } from "./limits.js";

const STATES = { active: "good", disabled: "", expired: "warn" };

/** What asks first, as it cannot be taken back. */
const QUESTIONS = {
  rotate: { text: "Its clients need the new secret.", title: "Rotate it" },
  remove: { text: "It is refused for good.", title: "Delete it" },
};

/**
 * @param {{
 *   shown: any,
 *   edit: () => void,
 *   disable: (is: boolean) => Promise<void>,
 *   rotate: () => Promise<void>,
 *   remove: () => Promise<void>,
 * }} props `shown` is the key, a word that components have for themselves
 */
export function Card({ shown, edit, ...actions }) {
  const { name, state, prefix, createdAt, expiresAt, limits, use } = shown;
  return html`
    <article class="panel key" aria-label=${name}>
      <header>
        <h2>${name}</h2>
        <span class=${`badge ${STATES[/** @type {keyof typeof STATES} */ (state)]}`}>${state}</span>
        ${prefix && html`<code class="muted">${prefix}…</code>`}
        <span class="dates muted">
          ${createdAt && `made ${formatTime(createdAt)}`}
          ${expiresAt && ` · ${state === "expired" ? "expired" : "expires"} ${formatTime(expiresAt)}`}
        </span>
      </header>
      <p class="allowed">
        ${limits.models === undefined
          ? html`<span class="muted">All models</span>`
          : limits.models.map((/** @type {string} */ glob) => html`<code key=${glob} class="badge">${glob}</code>`)}
      </p>
      <${Limits} limits=${limits} use=${use} />
      ${shown.id === undefined
        ? html`<p class="muted">From the configuration: it is changed there.</p>`
        : html`<${Actions} state=${state} edit=${edit} ...${actions} />`}
    </article>
  `;
}

/**
 * @param {{
 *   state: string,
 *   edit: () => void,
 *   disable: (is: boolean) => Promise<void>,
 *   rotate: () => Promise<void>,
 *   remove: () => Promise<void>,
 * }} props
 */
function Actions({ state, edit, disable, rotate, remove }) {
  const [asked, setAsked] = useState(/** @type {keyof typeof QUESTIONS | undefined} */ (undefined));
  /** What was asked last: its button has the focus again. */
  const [answered, setAnswered] = useState(asked);
  const [isBusy, setBusy] = useState(false);
  const close = () => {
    setAnswered(asked);
    setAsked(undefined);
  };
  /**
   * A button that is disabled would lose the focus.
   *
   * @param {() => Promise<void>} work
   */
  const run = async (work) => {
    if (isBusy) return;
    setBusy(true);
    await work();
    setBusy(false);
    close();
  };
  /** @param {keyof typeof QUESTIONS} name */
  const refOf = (name) => answered === name ? focused : undefined;
  if (asked !== undefined) {
    const { text, title } = QUESTIONS[asked];
    return html`
      <footer key="question" role="group" aria-label="Are you sure?">
        <span>${text}</span>
        <button type="button" class="plain danger" aria-busy=${isBusy}
          onClick=${() => run(asked === "rotate" ? rotate : remove)}>${title}</button>
        <button type="button" class="plain" ref=${focused} onClick=${close}>Cancel</button>
      </footer>
    `;
  }
  const isDisabled = state === "disabled";
  return html`
    <footer key="actions">
      <button type="button" class="plain" onClick=${edit}>Edit</button>
      <button type="button" class="plain" aria-busy=${isBusy} onClick=${() => run(() => disable(!isDisabled))}>
        ${isDisabled ? "Enable" : "Disable"}
      </button>
      <button type="button" class="plain" ref=${refOf("rotate")} onClick=${() => setAsked("rotate")}>Rotate…</button>
      <button type="button" class="plain danger" ref=${refOf("remove")}
        onClick=${() => setAsked("remove")}>Delete…</button>
    </footer>
  `;
}
