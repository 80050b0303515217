/** `deno task bench:stages`: each stage of an answer's way measured alone; `--filter` chooses by name. */

import { STAGES } from "./stages/mod.ts";

for (const { name, run } of STAGES) {
  const done = run();
  // Deno.bench waits for what an async function does, and for no other promise.
  const fn = done instanceof Promise ? async () => void await run() : () => void run();
  await done;
  Deno.bench({ name, fn });
}
