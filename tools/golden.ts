/** `deno task golden`: writes the golden files anew; what changed is then for a person to read. */

import { goldens, render } from "../tests/support/golden.ts";

for (const golden of goldens()) {
  await Deno.mkdir(new URL(".", golden.path), { recursive: true });
  await Deno.writeTextFile(golden.path, await render(golden));
}
