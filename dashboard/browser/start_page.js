/** Puts a page's content in its frame; if the page fails, says so instead of staying empty. */
/// <reference lib="dom" />

import { Component, html, render } from "htm/preact";

/** @extends {Component<{ children: import("preact").ComponentChildren }, { error?: unknown }>} */
class Guard extends Component {
  /**
   * @override
   * @param {unknown} error
   */
  static getDerivedStateFromError(error) {
    return { error };
  }

  /** @override */
  render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return html`<p class="notice bad" role="alert">This page failed, reload it to go on: ${String(error)}</p>`;
  }
}

/** @param {import("preact").ComponentType} Page */
export function startPage(Page) {
  const place = document.getElementById("page");
  if (place === null) return;
  place.replaceChildren();
  // On a phone the pages' names are wider than the screen.
  document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  render(
    html`
      <${Guard}>
        <${Page} />
        <//>
    `,
    place,
  );
}
