/** The page of requests: live, newest first, each to be opened. */

import type { Page } from "../page.ts";
import body from "./body.js" with { type: "text" };
import detail from "./detail.js" with { type: "text" };
import filter from "./filter.js" with { type: "text" };
import filterBar from "./filter_bar.js" with { type: "text" };
import list from "./list.js" with { type: "text" };
import loadRows from "./load_rows.js" with { type: "text" };
import main from "./main.js" with { type: "text" };
import tabCost from "./tab_cost.js" with { type: "text" };
import tabHttp from "./tab_http.js" with { type: "text" };
import tabPerformance from "./tab_performance.js" with { type: "text" };
import tabRequest from "./tab_request.js" with { type: "text" };
import tabResponse from "./tab_response.js" with { type: "text" };
import useKeys from "./use_keys.js" with { type: "text" };
import useRows from "./use_rows.js" with { type: "text" };
import repeat from "./repeat.js" with { type: "text" };
import style from "./requests.css" with { type: "text" };

export const requests: Page = {
  name: "requests",
  title: "Requests",
  icon: "M4 6h16M4 12h16M4 18h10",
  main: "requests/main.js",
  styles: ["browser/content.css", "requests/requests.css"],
  files: {
    "requests/body.js": body,
    "requests/detail.js": detail,
    "requests/filter.js": filter,
    "requests/filter_bar.js": filterBar,
    "requests/list.js": list,
    "requests/load_rows.js": loadRows,
    "requests/main.js": main,
    "requests/tab_cost.js": tabCost,
    "requests/tab_http.js": tabHttp,
    "requests/tab_performance.js": tabPerformance,
    "requests/tab_request.js": tabRequest,
    "requests/tab_response.js": tabResponse,
    "requests/use_keys.js": useKeys,
    "requests/use_rows.js": useRows,
    "requests/repeat.js": repeat,
    "requests/requests.css": style,
  },
};
