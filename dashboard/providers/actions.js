/** What can be done with one provider. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { focused } from "../browser/focused.js";

/**
 * @param {{
 *   provider: import("./shapes.ts").ProviderShape,
 *   isTesting: boolean,
 *   test: () => void,
 *   showModels: () => void,
 *   edit: () => void,
 *   change: (changes: Record<string, unknown>) => void,
 *   remove: () => void,
 * }} props
 */
export function Actions({ provider, isTesting, test, showModels, edit, change, remove }) {
  const { name, state, editable, reason } = provider;
  const toggle = state === "disabled" ? "Enable" : "Disable";
  return html`
    <footer>
      ${state !== "unreadable" && state !== "mistaken" && html`
        <${Action} verb="Test" name=${`Test the connection to ${name}`} act=${test} disabled=${isTesting} />
        <${Action} verb="List models" name=${`List models of ${name}`} act=${showModels} />
      `}
      ${editable && html`
        <${Action} verb="Edit" name=${`Edit ${name}`} act=${edit} />
        <${Action} verb=${toggle} name=${`${toggle} ${name}`} act=${() => change({ enabled: state === "disabled" })} />
        <${Remove} name=${name} remove=${remove} />
      `}
      ${reason && html`<p class="hint reason">${reason}</p>`}
    </footer>
  `;
}

/**
 * @param {{
 *   verb: string,
 *   name: string,
 *   act: () => void,
 *   disabled?: boolean,
 *   danger?: boolean,
 *   hasFocus?: boolean,
 * }} props
 */
function Action({ verb, name, act, disabled = false, danger = false, hasFocus = false }) {
  return html`
    <button type="button" class=${danger ? "plain danger" : "plain"} onClick=${act} disabled=${disabled}
      ref=${hasFocus ? focused : undefined} aria-label=${name}>${verb}</button>
  `;
}

/** Asks before it removes. @param {{ name: string, remove: () => void }} props */
function Remove({ name, remove }) {
  const [asking, setAsking] = useState(/** @type {boolean | undefined} */ (undefined));
  if (!asking) {
    return html`
      <${Action} key="remove" verb="Remove" name=${`Remove ${name}`} act=${() => setAsking(true)} danger
        hasFocus=${asking === false} />
    `;
  }
  return html`
    <span key="question" class="ask" role="group" aria-label=${`Remove ${name}?`}>
      Remove it?
      <${Action} verb="Yes, remove" name=${`Yes, remove ${name}`} act=${remove} danger />
      <${Action} verb="Keep" name=${`Keep ${name}`} act=${() => setAsking(false)} hasFocus />
    </span>
  `;
}
