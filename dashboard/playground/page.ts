/** The page to try a model on: in any dialect and mode, with the frames as they come. */

import type { Page } from "../page.ts";
import frames from "./frames.js" with { type: "text" };
import main from "./main.js" with { type: "text" };
import style from "./playground.css" with { type: "text" };
import settings from "./settings.js" with { type: "text" };

export const playground: Page = {
  name: "playground",
  title: "Playground",
  icon: "M4 5h16v11H9l-5 4zM9 9h6M9 12h4",
  main: "playground/main.js",
  styles: ["browser/content.css", "playground/playground.css"],
  files: {
    "playground/frames.js": frames,
    "playground/main.js": main,
    "playground/playground.css": style,
    "playground/settings.js": settings,
  },
};
