/** Names and values below each other. What is not known is left out. */
/// <reference lib="dom" />

import { html } from "htm/preact";

/** @param {{ facts: [name: string, value: unknown][] }} props */
export function Facts({ facts }) {
  const known = facts.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return html`<dl class="facts">${
    known.map(([name, value]) =>
      html`
        <div key=${name}>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>
      `
    )
  }</dl>`;
}
