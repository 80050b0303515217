/** All client keys, with a form to add another. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../browser/api.js";
import { startPage } from "../browser/start_page.js";
import { Card } from "./card.js";
import { KeyForm } from "./form.js";
import { Secret } from "./secret.js";

/** Milliseconds between two looks at what is used. */
const INTERVAL = 5000;

function Keys() {
  const [state, setState] = useState(/** @type {any} */ (undefined));
  const [failed, setFailed] = useState(/** @type {string | undefined} */ (undefined));
  /** The key in the form; null for a new one. */
  const [edited, setEdited] = useState(/** @type {any} */ (undefined));
  const [issued, setIssued] = useState(/** @type {any} */ (undefined));

  const load = () =>
    api("keys").then((loaded) => {
      setState(loaded);
      setFailed(undefined);
    }, (error) => setFailed(error.message));
  useEffect(() => {
    void load();
    const timer = setInterval(() => void (document.hidden || load()), INTERVAL);
    return () => clearInterval(timer);
  }, []);

  /** @param {string} path @param {string} method @param {unknown} [body] */
  const change = async (path, method, body) => {
    const answer = await api(path, { method, body });
    await load();
    return answer;
  };
  /** @param {Promise<any>} changed */
  const told = (changed) => changed.catch((error) => setFailed(error.message));
  /** @param {Record<string, unknown>} form */
  const save = async (form) => {
    const answer = edited === null
      ? await change("keys", "POST", form)
      : await change(`keys/${edited.id}`, "PATCH", form);
    setEdited(undefined);
    if (answer.secret !== undefined) setIssued(answer);
  };

  return html`
    <div class="page-head">
      <h1>Keys</h1>
      <div class="end">
        <button type="button" class="primary" onClick=${() => setEdited(null)}>Add a key</button>
      </div>
    </div>
    ${failed && html`<p class="notice bad" role="alert">${failed}</p>`}
    <${Storage} storage=${state?.storage} />
    ${state?.keys.length === 0 && state.storage?.degraded === undefined && html`
      <div class="panel empty">
        <h2>${state.isOpen ? "Whoever reaches this gateway can use it" : "Nobody can use this gateway"}</h2>
        <p>${state.isOpen
          ? "With the first key it is closed to all who have none."
          : "It had a key once, and does not open to all again: add one for each client."}</p>
      </div>
    `}
    <div class="key-list">
      ${state?.keys.map((/** @type {any} */ key) =>
        html`
          <${Card} key=${key.id ?? key.name} shown=${key} edit=${() => setEdited(key)}
            disable=${(/** @type {boolean} */ disabled) => told(change(`keys/${key.id}`, "PATCH", { disabled }))}
            rotate=${() => told(change(`keys/${key.id}/rotate`, "POST").then(setIssued))}
            remove=${() => told(change(`keys/${key.id}`, "DELETE"))} />
        `
      )}
    </div>
    ${edited !== undefined && html`
      <${KeyForm} edited=${edited ?? undefined} save=${save} close=${() => setEdited(undefined)} />
    `}
    ${issued && html`
      <${Secret} name=${issued.key.name} secret=${issued.secret} close=${() => setIssued(undefined)} />
    `}
  `;
}

/** @param {{ storage?: { mode: string, degraded?: string } }} props */
function Storage({ storage }) {
  if (storage?.degraded !== undefined) {
    return html`<p class="notice warn">The storage is away for now: each instance keeps the limits by itself.</p>`;
  }
  if (storage?.mode !== "memory") return null;
  return html`
    <p class="notice warn">Things are kept in memory only: a key that is added here is gone when the gateway restarts.</p>
  `;
}

startPage(Keys);
