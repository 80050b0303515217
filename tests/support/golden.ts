/** Golden files: every recorded stream as each dialect's client gets it. */

import type { Dialect } from "../../dialects/dialect.ts";
import { DIALECTS } from "./dialects.ts";
import { type Fixture, fixturesOf, translate } from "./replay.ts";

const ROOT = new URL("../golden/", import.meta.url);

export interface Golden {
  from: Dialect;
  to: Dialect;
  fixture: Fixture;
  /** Where the expected bytes stand. */
  path: URL;
}

export function goldens(): Golden[] {
  return DIALECTS.flatMap(({ dialect: from }) =>
    fixturesOf(from.name).flatMap((fixture) =>
      DIALECTS.map(({ dialect: to }) => {
        const base = fixture.name.replace(/^.*\//, "").replace(/\.\w+$/, "");
        return { from, to, fixture, path: new URL(`${from.name}_to_${to.name}/${base}.txt`, ROOT) };
      })
    )
  );
}

export async function render({ from, to, fixture }: Golden): Promise<string> {
  return await translate(from, to, [fixture.bytes]);
}
