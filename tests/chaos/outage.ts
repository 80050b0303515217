/** Takes the database away from the gateways: none of their writes comes to an end, as on a network that is silent. */

import { DatabaseSync } from "node:sqlite";

/** Milliseconds, in which a gateway gives it up. */
const LENGTH = 4_000;

/** So many times in the given time, the first of them soon, so that it is back before the end. */
export async function takeAway(
  path: string,
  { seconds, times }: { seconds: number; times: number },
): Promise<void> {
  for (let turn = 0; turn < times; turn++) {
    await pause(turn === 0 ? 2_000 : Math.max(seconds * 1000 / times - LENGTH, 0));
    using database = new DatabaseSync(path);
    await lock(database);
    await pause(LENGTH);
    database.exec("ROLLBACK");
  }
}

/** As soon as none of the gateways is at it. */
async function lock(database: DatabaseSync): Promise<void> {
  for (;;) {
    try {
      return database.exec("BEGIN EXCLUSIVE");
    } catch {
      await pause(1);
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
