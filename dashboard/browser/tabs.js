/** Tabs as the ARIA practices have them: arrows move, the chosen one is the only one in the order of the keyboard. */
/// <reference lib="dom" />

import { html } from "htm/preact";

/**
 * @param {{
 *   label: string,
 *   tabs: readonly { name: string, title: string }[],
 *   chosen: string,
 *   choose: (name: string) => void,
 *   children: import("preact").ComponentChildren,
 * }} props
 */
export function Tabs({ label, tabs, chosen, choose, children }) {
  /** @param {KeyboardEvent} event */
  function move(event) {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const at = tabs.findIndex(({ name }) => name === chosen);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    choose(next.name);
    document.getElementById(`tab-${next.name}`)?.focus();
  }
  return html`
    <div class="tabs" role="tablist" aria-label=${label} onKeyDown=${move}>
      ${tabs.map(({ name, title }) =>
        html`
          <button type="button" role="tab" key=${name} id=${`tab-${name}`} aria-selected=${String(name === chosen)}
            aria-controls="tab-panel" tabindex=${name === chosen ? 0 : -1} onClick=${() =>
              choose(name)}>${title}</button>
        `
      )}
    </div>
    <div role="tabpanel" id="tab-panel" aria-labelledby=${`tab-${chosen}`}>${children}</div>
  `;
}
