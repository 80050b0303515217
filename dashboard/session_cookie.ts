/** The cookie that carries a session: out of reach for scripts and other sites, and never over plain HTTP where HTTPS is. */

import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { type OpenSession, type Session, SESSION_LENGTH } from "./session.ts";

const NAME = "anystream_session";

/** The request's session; `undefined` where it has none that is good. */
export async function openSession(context: Context, session: Session | undefined): Promise<OpenSession | undefined> {
  const token = getCookie(context, nameOf(context));
  return token === undefined ? undefined : await session?.open(token);
}

export function setSession(context: Context, session: Session, goingOn?: OpenSession): void {
  setCookie(context, nameOf(context), session.issue(goingOn), { ...flagsOf(context), maxAge: SESSION_LENGTH / 1000 });
}

/** Ends the request's session, and has the browser forget it. */
export async function endSession(context: Context, session: Session): Promise<void> {
  const token = getCookie(context, nameOf(context));
  deleteCookie(context, nameOf(context), flagsOf(context));
  if (token !== undefined) await session.end(token);
}

/** With the prefix no other host of the domain, and nothing on plain HTTP, can set it (RFC 6265bis §4.1.3.2). */
function nameOf(context: Context): string {
  return isSecure(context) ? `__Host-${NAME}` : NAME;
}

function flagsOf(context: Context): { path: string; httpOnly: true; sameSite: "Strict"; secure: boolean } {
  return { path: "/", httpOnly: true, sameSite: "Strict", secure: isSecure(context) };
}

/** A proxy that ends TLS tells by a header. Whoever lies here only makes the own browser refuse the cookie. */
function isSecure({ req }: Context): boolean {
  const told = req.header("x-forwarded-proto")?.split(",")[0]?.trim();
  return (told ?? new URL(req.url).protocol.slice(0, -1)) === "https";
}
