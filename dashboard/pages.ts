/** Every page of the dashboard, in the order of the navigation; the first is the one that opens. */

import { keys } from "./keys/page.ts";
import { overview } from "./overview/page.ts";
import type { Page } from "./page.ts";
import { playground } from "./playground/page.ts";
import { providers } from "./providers/page.ts";
import { requests } from "./requests/page.ts";

export const PAGES: readonly [Page, ...Page[]] = [requests, overview, providers, keys, playground];
