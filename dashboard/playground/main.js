/** The playground: a chat on one side, what goes over the wire on the other. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { DIALECTS } from "../browser/dialects.js";
import { formatDuration, formatWhole } from "../browser/format.js";
import { Markdown } from "../browser/markdown.js";
import { startPage } from "../browser/start_page.js";
import { useAnswer } from "../browser/use_answer.js";
import { Frames } from "./frames.js";
import { readSettings, SettingsBar } from "./settings.js";

/** @import { Message } from "../browser/dialects.js" */
/** @import { Answer } from "../browser/use_answer.js" */

function Playground() {
  const [settings, setSettings] = useState(readSettings);
  const [messages, setMessages] = useState(/** @type {Message[]} */ ([]));
  const [draft, setDraft] = useState("");
  const { answer, start, stop, clear } = useAnswer();
  const isRunning = answer.state === "running";
  const log = useRef(/** @type {HTMLDivElement | null} */ (null));
  // What was asked, what is said and what went wrong stand at the end.
  useEffect(() => {
    if (log.current !== null) log.current.scrollTop = log.current.scrollHeight;
  }, [messages.length, answer.count, answer.state]);

  /** @param {Partial<typeof settings>} changes */
  function change(changes) {
    const next = { ...settings, ...changes };
    history.replaceState(null, "", `?${new URLSearchParams(next)}`);
    setSettings(next);
  }

  async function send() {
    const text = draft.trim();
    const { model, dialect, mode } = settings;
    const spoken = DIALECTS[dialect];
    if (text === "" || isRunning || spoken === undefined) return;
    // The last answer is part of the talk now.
    /** @type {Message[]} */
    const talk = [...messages, { role: "user", text }];
    setMessages(talk);
    setDraft("");
    const stream = mode !== "collected";
    const { text: said } = await start({
      dialect,
      path: spoken.path(model, stream),
      body: spoken.body({ model, messages: talk, stream }),
      ...(stream && { headers: { "x-stream-mode": mode } }),
    });
    if (said !== "") setMessages([...talk, { role: "assistant", text: said }]);
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  }

  const isTalking = messages.at(-1)?.role === "user";
  return html`
    <div class="page-head">
      <h1>Playground</h1>
      <div class="end"><button type="button" class="plain" disabled=${messages.length === 0}
        onClick=${() => (stop(), setMessages([]), clear())}>New chat</button></div>
    </div>
    <${SettingsBar} settings=${settings} change=${change} />
    <div class="play">
      <section class="panel talk" aria-label="Chat">
        <div class="messages" ref=${log} tabindex="0" role="log" aria-label="Messages">
          ${messages.length === 0 && html`
            <div class="empty">
              <h2>Ask a model something</h2>
              <p>It is asked as a client would, in the dialect you choose.</p>
            </div>
          `}
          ${messages.map(({ role, text }, at) => html`<${MessageView} key=${at} role=${role} text=${text} />`)}
          ${isTalking && answer.text !== "" && html`<${MessageView} role="assistant" text=${answer.text} />`}
          <${State} answer=${answer} />
        </div>
        <form class="compose" onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), send())}>
          <textarea aria-label="Your message" rows="3" placeholder="Your message: Enter sends, Shift+Enter breaks the line" value=${draft}
            onInput=${(/** @type {{ currentTarget: HTMLTextAreaElement }} */ { currentTarget }) =>
              setDraft(currentTarget.value)} onKeyDown=${pressed}></textarea>
          ${isRunning
            ? html`<button type="button" class="plain danger" onClick=${stop}>Stop</button>`
            : html`<button type="submit" class="primary">Send</button>`}
        </form>
      </section>
      <${Frames} answer=${answer} />
    </div>
  `;
}

/** @param {{ role: Message["role"], text: string }} props */
function MessageView({ role, text }) {
  if (role === "user") {
    return html`
      <div class="message user">
        <p class="plain-text">${text}</p>
      </div>
    `;
  }
  return html`
    <div class="message">
      <${Markdown} text=${text} />
    </div>
  `;
}

/** @param {{ answer: Answer }} props */
function State({ answer: { state, problem, firstAt, endedAt, count } }) {
  if (problem !== undefined) return html`<p class="notice bad" role="alert">${problem}</p>`;
  if (state === "idle") return null;
  if (state === "running") {
    return html`<p class="muted" role="status">${
      firstAt === undefined ? "Waiting for the first token …" : "Answering …"
    }</p>`;
  }
  const facts = [
    state === "stopped" ? "stopped" : "done",
    firstAt !== undefined && `first text after ${formatDuration(firstAt)}`,
    `${formatDuration(endedAt)} in all`,
    `${formatWhole(count)} frames`,
  ];
  return html`<p class="muted" role="status">${facts.filter(Boolean).join(" · ")}</p>`;
}

startPage(Playground);
