/** The page of the overview: how much, how well, how fast and at what cost, over time. */

import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import uplot from "uplot/dist/uPlot.esm.js" with { type: "text" };
import type { Page } from "../page.ts";
import chart from "./chart.js" with { type: "text" };
import comparison from "./comparison.js" with { type: "text" };
import groups from "./groups.js" with { type: "text" };
import lineUp from "./line_up.js" with { type: "text" };
import main from "./main.js" with { type: "text" };
import style from "./overview.css" with { type: "text" };
import plots from "./plots.js" with { type: "text" };
import tiles from "./tiles.js" with { type: "text" };

export const overview: Page = {
  name: "overview",
  title: "Overview",
  icon: "M4 20V4M4 20h16M8 16v-5M12 16V7M16 16v-3",
  main: "overview/main.js",
  styles: ["vendor/uplot.css", "overview/overview.css"],
  files: {
    "overview/chart.js": chart,
    "overview/comparison.js": comparison,
    "overview/groups.js": groups,
    "overview/line_up.js": lineUp,
    "overview/main.js": main,
    "overview/overview.css": style,
    "overview/plots.js": plots,
    "overview/tiles.js": tiles,
    "vendor/uplot.css": uplotStyle,
    "vendor/uplot.js": uplot,
  },
};
