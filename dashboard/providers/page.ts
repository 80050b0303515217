/** The page of providers: how each stands, and a form to add, edit, disable and remove those that are stored. */

import type { Page } from "../page.ts";
import actions from "./actions.js" with { type: "text" };
import card from "./card.js" with { type: "text" };
import editor from "./editor.js" with { type: "text" };
import field from "./field.js" with { type: "text" };
import formValues from "./form_values.js" with { type: "text" };
import main from "./main.js" with { type: "text" };
import start from "./start.js" with { type: "text" };
import style from "./providers.css" with { type: "text" };
import trial from "./trial.js" with { type: "text" };
import useForm from "./use_provider_form.js" with { type: "text" };

export const providers: Page = {
  name: "providers",
  title: "Providers",
  icon: "M4 5h16v6H4zM4 13h16v6H4zM8 8h.01M8 16h.01",
  main: "providers/main.js",
  styles: ["providers/providers.css"],
  files: {
    "providers/actions.js": actions,
    "providers/card.js": card,
    "providers/editor.js": editor,
    "providers/field.js": field,
    "providers/form_values.js": formValues,
    "providers/main.js": main,
    "providers/start.js": start,
    "providers/providers.css": style,
    "providers/trial.js": trial,
    "providers/use_provider_form.js": useForm,
  },
};
