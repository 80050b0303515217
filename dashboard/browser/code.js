/** JSON and other texts as they are, in colour where they are JSON, with a button that copies them. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useMemo, useState } from "preact/hooks";

/** Elements for every word of more than this would be felt. */
const LONGEST = 100_000;
const WORDS = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)/g;

/** @param {{ json: unknown, label: string }} props */
export function JsonView({ json, label }) {
  const text = useMemo(() => JSON.stringify(json, null, 2), [json]);
  const content = useMemo(() => text.length > LONGEST ? text : coloured(text), [text]);
  return html`<${CodeView} text=${text} content=${content} label=${label} />`;
}

/** @param {{ text: string, label: string, content?: unknown }} props */
export function CodeView({ text, content = text, label }) {
  return html`
    <div class="code-view">
      <${CopyButton} text=${text} />
      <pre tabindex="0" role="region" aria-label=${label}>${content}</pre>
    </div>
  `;
}

/** @param {{ text: string }} props */
export function CopyButton({ text }) {
  const [isDone, setDone] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  }
  // Outside of HTTPS and localhost there is no clipboard.
  if (navigator.clipboard === undefined) return null;
  return html`<button type="button" class="plain copy" onClick=${copy}>${isDone ? "Copied" : "Copy"}</button>`;
}

/** @param {string} text */
function coloured(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(WORDS)) {
    const [whole, string, colon, number] = found;
    parts.push(text.slice(end, found.index));
    const kind = string === undefined
      ? number === undefined ? "word" : "digits"
      : colon === undefined
      ? "string"
      : "name";
    const body = colon === undefined ? whole : string;
    parts.push(html`<span class=${`json-${kind}`}>${body}</span>`, colon ?? "");
    end = found.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts;
}
