/** `deno task docs`: writes the pages that are made from tables anew. */

import { PAGES } from "./docs/pages.ts";
import { ROOT } from "./docs/place.ts";

for (const [path, write] of Object.entries(PAGES)) await Deno.writeTextFile(ROOT + path, await write());
