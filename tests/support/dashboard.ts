/** The dashboard as a browser asks for it, without a browser. */

import type { TestGateway } from "./gateway.ts";
import { ADMIN_KEY } from "./admin.ts";

/** Posts the login form as a page of ours does. */
export function logIn(
  { url }: Pick<TestGateway, "url">,
  { key = ADMIN_KEY, to = "", headers = {} }: { key?: string; to?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${url}/dashboard/login`, {
    method: "POST",
    body: new URLSearchParams({ key, to }),
    headers: { "sec-fetch-site": "same-origin", ...headers },
    redirect: "manual",
  });
}

/** The `Cookie` of someone who has logged in. */
export async function sessionCookie(gateway: Pick<TestGateway, "url">): Promise<string> {
  const response = await logIn(gateway);
  await response.body?.cancel();
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}
