/** The page of client keys: what each may use and has used, and a form to add and edit those that are stored. */

import type { Page } from "../page.ts";
import card from "./card.js" with { type: "text" };
import form from "./form.js" with { type: "text" };
import limits from "./limits.js" with { type: "text" };
import main from "./main.js" with { type: "text" };
import secret from "./secret.js" with { type: "text" };
import style from "./keys.css" with { type: "text" };

export const keys: Page = {
  name: "keys",
  title: "Keys",
  icon: "M14 10a4 4 0 1 0-4 4 4 4 0 0 0 4-4zM13 13l7 7M17 17l2-2",
  main: "keys/main.js",
  styles: ["keys/keys.css"],
  files: {
    "keys/card.js": card,
    "keys/form.js": form,
    "keys/limits.js": limits,
    "keys/main.js": main,
    "keys/secret.js": secret,
    "keys/keys.css": style,
  },
};
