/** Markdown as elements, not as HTML: what a model writes becomes text, never a tag or a script. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { lexer } from "marked";

/** @import { Token } from "marked" */
/** @typedef {import("preact").ComponentChildren} Content */

/** Parsing and drawing more than this in one go would be felt; a longer text is shown as it is. */
const LONGEST = 200_000;

/** @param {{ text: string }} props */
export function Markdown({ text }) {
  if (text.length > LONGEST) return html`<pre class="plain-text">${text}</pre>`;
  return html`<div class="markdown">${all(lexer(text))}</div>`;
}

/**
 * @param {readonly Token[] | undefined} tokens
 * @returns {Content}
 */
function all(tokens = []) {
  return tokens.map((token) => RENDERERS[token.type]?.(token) ?? token.raw);
}

/**
 * What marked's types leave open, by the names of its documentation.
 *
 * @param {any} token
 * @returns {Content}
 */
const inner = ({ tokens, text }) => tokens === undefined ? unescape(text) : all(tokens);

/** @type {Readonly<Record<string, (token: any) => Content>>} */
const RENDERERS = {
  space: () => "",
  text: inner,
  escape: ({ text }) => unescape(text),
  // Shown as it was written: that is all that becomes of a tag.
  html: ({ raw }) => raw,
  def: () => "",
  paragraph: (token) => html`<p>${inner(token)}</p>`,
  heading: (token) => html`<p class=${`heading h${token.depth}`}>${inner(token)}</p>`,
  strong: (token) => html`<strong>${inner(token)}</strong>`,
  em: (token) => html`<em>${inner(token)}</em>`,
  del: (token) => html`<del>${inner(token)}</del>`,
  br: () => html`<br />`,
  hr: () => html`<hr />`,
  codespan: ({ text }) => html`<code>${unescape(text)}</code>`,
  code: ({ text, lang }) =>
    html`<pre class="code" data-language=${lang || undefined} tabindex="0"><code>${text}</code></pre>`,
  blockquote: (token) => html`<blockquote>${inner(token)}</blockquote>`,
  link: (token) => link(token, inner(token)),
  // Loaded, a picture would tell its host who reads here.
  image: (token) => link(token, `[picture: ${token.text || token.href}]`),
  list: ({ ordered, start, items }) => {
    const entries = items.map((/** @type {any} */ item) => html`<li>${inner(item)}</li>`);
    return ordered ? html`<ol start=${start || 1}>${entries}</ol>` : html`<ul>${entries}</ul>`;
  },
  checkbox: ({ checked }) => checked ? "☑ " : "☐ ",
  table: ({ header, rows }) =>
    html`
      <div class="scroll" tabindex="0">
        <table>
          <thead>
            <tr>${header.map((/** @type {any} */ cell) => html`<th>${inner(cell)}</th>`)}</tr>
          </thead>
          <tbody>${rows.map((/** @type {any[]} */ row) =>
            html`<tr>${row.map((cell) => html`<td>${inner(cell)}</td>`)}</tr>`
          )}</tbody>
        </table>
      </div>
    `,
};

/**
 * @param {{ href: string, raw: string }} token
 * @param {Content} content
 */
function link({ href, raw }, content) {
  if (!/^(https?:|mailto:)/i.test(href)) return raw;
  return html`<a href=${href} target="_blank" rel="noopener noreferrer">${content}</a>`;
}

const ENTITIES = /** @type {const} */ ({ "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" });

/**
 * What the lexer escapes for HTML is text here.
 *
 * @param {string} text
 */
function unescape(text) {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[/** @type {keyof typeof ENTITIES} */ (entity)]);
}
