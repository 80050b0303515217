/** The dialog that shows a new secret, the only time that anybody sees it. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** @param {{ name: string, secret: string, close: () => void }} props */
export function Secret({ name, secret, close }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [told, setTold] = useState("");
  useEffect(() => dialog.current?.showModal(), []);
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => setTold("Copied."),
      // Without TLS, or without permission, there is no clipboard.
      () => setTold("Select it and copy it by hand: the browser does not let the page do it."),
    );
  return html`
    <dialog ref=${dialog} class="key-dialog" aria-labelledby="secret-title" onClose=${close}>
      <h2 id="secret-title">The secret of ${name}</h2>
      <p>Copy it now: it is kept as a digest only, and never shown again.</p>
      <input class="mono" readonly value=${secret} aria-label="Secret"
        onFocus=${(/** @type {any} */ event) => event.currentTarget.select()} />
      <p class="hint" role="status">${told}</p>
      <footer>
        <button type="button" class="primary" onClick=${copy}>Copy</button>
        <button type="button" class="plain" onClick=${() => dialog.current?.close()}>Done</button>
      </footer>
    </dialog>
  `;
}
