/** The page of requests: live, newest first, each to be opened. */

import type { Page } from "../page.ts";
import main from "./main.js" with { type: "text" };
import style from "./requests.css" with { type: "text" };

export const requests: Page = {
  name: "requests",
  title: "Requests",
  icon: "M4 6h16M4 12h16M4 18h10",
  main: "requests/main.js",
  styles: ["requests/requests.css"],
  files: { "requests/main.js": main, "requests/requests.css": style },
};
