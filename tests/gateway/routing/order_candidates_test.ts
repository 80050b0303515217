import assert from "node:assert/strict";
import { orderCandidates, type Weighted } from "../../../gateway/routing/order_candidates.ts";

interface Named extends Weighted {
  name: string;
}

const order = (candidates: Named[], draws: number[]) =>
  orderCandidates(candidates, () => draws.shift() ?? 0).map(({ name }) => name).join("");

Deno.test("a list without weights keeps its order", () => {
  assert.equal(order([{ name: "a" }, { name: "b" }, { name: "c" }], []), "abc");
});

Deno.test("those with a weight are drawn by it, each place anew; the others follow as they are listed", () => {
  const list = [{ name: "x" }, { name: "a", weight: 3 }, { name: "b", weight: 1 }, { name: "y", weight: 0 }];
  assert.equal(order(list, [0]), "abxy");
  assert.equal(order(list, [0.74]), "abxy");
  assert.equal(order(list, [0.75]), "baxy");
  assert.equal(order(list, [0.999]), "baxy");
});

Deno.test("over many requests the first ones share by weight", () => {
  const firsts = { a: 0, b: 0, c: 0 };
  for (let draw = 0; draw < 1000; draw++) {
    const list = [{ name: "a", weight: 7 }, { name: "b", weight: 2 }, { name: "c", weight: 1 }];
    firsts[order(list, [draw / 1000])[0] as "a" | "b" | "c"]++;
  }
  assert.deepEqual(firsts, { a: 700, b: 200, c: 100 });
});

Deno.test("the one that is settled on goes before the others that are drawn, and not before those that are listed", () => {
  const list = [{ name: "x" }, { name: "a", weight: 3 }, { name: "b", weight: 1 }];
  const settledOn = (wanted: string) =>
    orderCandidates<Named>(list, () => 0, ({ name }) => name === wanted).map(({ name }) => name).join("");
  assert.deepEqual(["a", "b", "x", "none"].map(settledOn), ["abx", "bax", "abx", "abx"]);
});
