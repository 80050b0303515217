/** The list by the keyboard: j and k move, Enter opens, Esc closes, / searches. */
/// <reference lib="dom" />

import { useLayoutEffect } from "preact/hooks";

/** @import { RequestRow } from "../shapes.ts" */

/** @param {{ rows: RequestRow[], opened: string | undefined, open: (row: RequestRow) => void, close: () => void }} list */
export function useKeys(list) {
  // An effect waits for the next frame; a key pressed before it would find the list as it was.
  useLayoutEffect(() => {
    /** @param {KeyboardEvent} event */
    function pressed(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isTyping = event.target instanceof HTMLElement && event.target.closest("input, select, textarea") !== null;
      if (event.key === "Escape") return isTyping ? /** @type {HTMLElement} */ (event.target).blur() : list.close();
      if (isTyping) return;
      if (event.key === "/") {
        event.preventDefault();
        return document.getElementById("search")?.focus();
      }
      if (event.key === "j") move(list, 1);
      if (event.key === "k") move(list, -1);
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  });
}

/**
 * The focus moves, so that Enter opens; where a request is open already, the next one takes its place.
 *
 * @param {Parameters<typeof useKeys>[0]} list
 * @param {1 | -1} step
 */
function move({ rows, opened, open }, step) {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.row : undefined;
  const at = rows.findIndex(({ id }) => id === (focused ?? opened));
  const next = rows[at === -1 ? 0 : at + step];
  if (next === undefined) return;
  /** @type {HTMLElement | null} */ (document.querySelector(`[data-row="${CSS.escape(next.id)}"]`))?.focus();
  if (opened !== undefined) open(next);
}
