import assert from "node:assert/strict";
import { GatewayError } from "../../chat/error.ts";
import type { Catalog, ResolvedModel } from "../../gateway/catalog/mod.ts";
import { patientCatalog } from "../../gateway/patient_catalog.ts";

/** A catalogue that knows `boot/m` at once, and `stored/m` once the storage was read. */
function setUp() {
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const known = new Set(["boot/m"]);
  let asked = 0;
  const catalog: Catalog = {
    resolve(publicId) {
      asked++;
      if (known.has(publicId)) return Promise.resolve({ publicId } as ResolvedModel);
      if (publicId === "m") {
        const meant = known.has("stored/m") ? { publicId: "stored/m" } : { publicId: "boot/m", isGuess: true };
        return Promise.resolve(meant as ResolvedModel);
      }
      return Promise.reject(new GatewayError("unknown-model", "Cannot find it"));
    },
    list: () => Promise.resolve([...known].map((id) => ({ id, ownedBy: "x", facts: {} }))),
    lonelyLangfast: () => undefined,
    refresh: () => Promise.resolve(undefined),
    state: () => [],
  };
  const learn = () => {
    known.add("stored/m");
    resolve();
  };
  return { catalog: patientCatalog(catalog, ready), learn, count: () => asked };
}

Deno.test("a storage that is slow at the start keeps nobody waiting whose model the configuration has", async () => {
  const { catalog } = setUp();
  assert.equal((await catalog.resolve("boot/m")).publicId, "boot/m");
});

Deno.test("a model that may be a stored provider's, and the list of all, wait until those are known", async () => {
  const { catalog, learn } = setUp();
  const [resolved, listed] = [catalog.resolve("stored/m"), catalog.list()];
  learn();
  assert.equal((await resolved).publicId, "stored/m");
  assert.deepEqual((await listed).map(({ id }) => id), ["boot/m", "stored/m"]);
});

Deno.test("what is guessed of a model waits until they are known: one of them may have it", async () => {
  const { catalog, learn } = setUp();
  const resolved = catalog.resolve("m");
  learn();
  assert.equal((await resolved).publicId, "stored/m");
});

Deno.test("once they are known, an unknown model is refused at once", async () => {
  const { catalog, learn, count } = setUp();
  learn();
  await catalog.list();
  await assert.rejects(catalog.resolve("nobody/m"), { kind: "unknown-model" });
  assert.equal(count(), 1);
});
