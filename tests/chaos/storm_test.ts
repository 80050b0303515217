import assert from "node:assert/strict";
import { runStorm } from "./storm.ts";

/** Fresh each time: a storm that finds something prints how to repeat it. */
const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;

Deno.test("whatever befalls the upstreams, every client is told all of one answer or a correct error", async () => {
  const { faults, requests } = await runStorm({
    seed,
    seconds: 2,
    clients: 24,
    gateways: 2,
    deadline: 2_000,
    outages: 0,
    loses: undefined,
  });
  assert.deepEqual(faults, [], `deno task chaos --seconds 2 --clients 24 --gateways 2 --deadline 2000 --seed ${seed}`);
  assert.ok(requests >= 24);
});
