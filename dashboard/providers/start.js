/** The beginning of a new provider: a vendor the gateway knows, or a type. */
/// <reference lib="dom" />

import { html } from "htm/preact";

/** @typedef {import("./shapes.ts").ChoicesShape} Choices */

/** @param {{ choices: Choices, chosen: string, choose: (chosen: string) => void }} props */
export function Start({ choices, chosen, choose }) {
  const vendor = choices.vendors.find(({ name }) => chosen === `vendor:${name}`);
  const type = choices.types.find(({ type }) => chosen === `type:${type}`);
  return html`
    <div class="field">
      <label for="start">What is it?</label>
      <select id="start" value=${chosen} onChange=${(/** @type {any} */ event) => choose(event.currentTarget.value)}>
        <optgroup label="Any provider that speaks">
          ${choices.types.map(({ type, title }) => html`<option key=${type} value=${`type:${type}`}>${title}</option>`)}
        </optgroup>
        <optgroup label="Known vendors">
          ${choices.vendors.map(({ name, title }) =>
            html`<option key=${name} value=${`vendor:${name}`}>${title}</option>`
          )}
        </optgroup>
      </select>
      <p class="hint">
        ${vendor
          ? html`<a href=${vendor.docs} target="_blank" rel="noreferrer">The vendor's documentation</a>`
          : type?.description}
      </p>
    </div>
  `;
}
