/**
 * What all pages share in the browser: our modules as they are, and those of the libraries as npm has them. Imported as
 * texts they are part of the program wherever it runs: no build, no disk, no file of anybody else's kept in the project.
 */

import htm from "htm" with { type: "text" };
import htmPreact from "htm/preact" with { type: "text" };
import marked from "marked" with { type: "text" };
import preact from "preact" with { type: "text" };
import hooks from "preact/hooks" with { type: "text" };
import api from "./browser/api.js" with { type: "text" };
import code from "./browser/code.js" with { type: "text" };
import focused from "./browser/focused.js" with { type: "text" };
import facts from "./browser/facts.js" with { type: "text" };
import markdown from "./browser/markdown.js" with { type: "text" };
import tabs from "./browser/tabs.js" with { type: "text" };
import contentStyle from "./browser/content.css" with { type: "text" };
import ask from "./browser/ask.js" with { type: "text" };
import dialects from "./browser/dialects.js" with { type: "text" };
import useAnswer from "./browser/use_answer.js" with { type: "text" };
import favicon from "./browser/favicon.svg" with { type: "text" };
import format from "./browser/format.js" with { type: "text" };
import frameStyle from "./browser/frame.css" with { type: "text" };
import frame from "./browser/frame.js" with { type: "text" };
import startPage from "./browser/start_page.js" with { type: "text" };

export const BROWSER_FILES: Readonly<Record<string, string>> = {
  "browser/api.js": api,
  "browser/code.js": code,
  "browser/facts.js": facts,
  "browser/focused.js": focused,
  "browser/markdown.js": markdown,
  "browser/tabs.js": tabs,
  "browser/content.css": contentStyle,
  "browser/ask.js": ask,
  "browser/dialects.js": dialects,
  "browser/use_answer.js": useAnswer,
  "browser/favicon.svg": favicon,
  "browser/format.js": format,
  "browser/frame.css": frameStyle,
  "browser/frame.js": frame,
  "browser/start_page.js": startPage,
  "vendor/htm.js": htm,
  "vendor/htm_preact.js": htmPreact,
  "vendor/hooks.js": hooks,
  "vendor/marked.js": marked,
  "vendor/preact.js": preact,
};

/** What our modules import by name. */
export const LIBRARIES: Readonly<Record<string, string>> = {
  "htm": "vendor/htm.js",
  "htm/preact": "vendor/htm_preact.js",
  "marked": "vendor/marked.js",
  "preact": "vendor/preact.js",
  "preact/hooks": "vendor/hooks.js",
  "uplot": "vendor/uplot.js",
};
