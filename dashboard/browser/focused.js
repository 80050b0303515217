/** Gives the focus to what takes the place of what had it. */
/// <reference lib="dom" />

/**
 * As the `ref` of an element: one function, so that it is called when the element comes and not again.
 *
 * @param {HTMLElement | null} element
 */
export function focused(element) {
  element?.focus();
}
