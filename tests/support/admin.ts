/** The admin routes as a test asks them. */

import assert from "node:assert/strict";
import type { TestGateway } from "./gateway.ts";

export const ADMIN_KEY = "admin-key-77aa";
export const ADMIN = { authorization: `Bearer ${ADMIN_KEY}` };

export async function adminJson({ url }: Pick<TestGateway, "url">, path: string) {
  const response = await fetch(`${url}/admin/${path}`, { headers: ADMIN });
  const body = await response.json();
  assert.equal(response.status, 200, JSON.stringify(body));
  return body;
}

/** The newest record that matches, once it is kept. */
export async function recorded(gateway: Pick<TestGateway, "url">, query = "") {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { requests: [newest] } = await adminJson(gateway, `requests?limit=1&${query}`);
    if (newest !== undefined) return await adminJson(gateway, `requests/${newest.id}?at=${newest.startedAt}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Cannot find a record of ${query}`);
}
