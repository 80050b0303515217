/** The dashboard: what a person looks at. Its pages read the admin routes; nothing is served before a login but the login. */

import { type Context, Hono, type MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { GatewayError } from "../chat/error.ts";
import { serveAsset } from "./assets.ts";
import { PageFrame, type Theme, THEMES } from "./frame.tsx";
import { AskAgain, Closed, Login, NotFound } from "./login.tsx";
import { PAGES } from "./pages.ts";
import { demandSameOrigin } from "./same_origin.ts";
import { securityHeaders } from "./security_headers.ts";
import { type Session, SESSION_LENGTH } from "./session.ts";
import { endSession, openSession, setSession } from "./session_cookie.ts";

export { demandSameOrigin } from "./same_origin.ts";
export { createSession, type EndedSessions, type Session, SESSION_LENGTH } from "./session.ts";
export { openSession } from "./session_cookie.ts";

export interface DashboardOptions {
  /** Absent where there is no admin key: then all is closed. */
  session: Session | undefined;
  /** @throws {GatewayError} `unauthorized`, or `rate-limit` for an address that guessed too often */
  checkKey(key: string, context: Context): void;
  now(): number;
}

const HOME = `/dashboard/${PAGES[0].name}`;

/** To be mounted at `/dashboard`. */
export function createDashboard(options: DashboardOptions): Hono {
  const { session } = options;
  const app = new Hono();
  app.use(securityHeaders);
  app.get("/assets/:version/:path{.+}", (context) => {
    const { version, path } = context.req.param();
    return serveAsset(context, { version, path }) ?? notFound(context);
  });
  if (session === undefined) {
    app.all("*", (context) => context.html(<Closed theme={themeOf(context)} />, 403));
    return app;
  }
  app.get("/login", async (context) => {
    const to = ownPath(context.req.query("to"));
    if (await openSession(context, session) !== undefined) return context.redirect(to, 303);
    return context.html(<Login theme={themeOf(context)} to={to} />);
  });
  app.post("/login", (context) => logIn(context, { ...options, session }));
  app.post("/logout", async (context) => {
    demandSameOrigin(context);
    await endSession(context, session);
    return context.redirect("/dashboard/login", 303);
  });
  app.use(demandSession({ ...options, session }));
  app.get("/", (context) => context.redirect(HOME, 303));
  for (const page of PAGES) {
    app.get(`/${page.name}`, (context) => context.html(<PageFrame page={page} theme={themeOf(context)} />));
  }
  app.all("*", notFound);
  return app;
}

type OpenOptions = DashboardOptions & { session: Session };

async function logIn(context: Context, { session, checkKey }: OpenOptions): Promise<Response> {
  demandSameOrigin(context);
  const { key, to } = await context.req.parseBody();
  const path = ownPath(to);
  try {
    checkKey(typeof key === "string" ? key.trim() : "", context);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { problem, status } = loginProblem(error);
    if (error.retryAfter !== undefined) context.header("retry-after", String(Math.ceil(error.retryAfter / 1000)));
    return context.html(<Login theme={themeOf(context)} to={path} problem={problem} />, status);
  }
  setSession(context, session);
  return context.redirect(path, 303);
}

function loginProblem({ retryAfter }: GatewayError): { problem: string; status: 401 | 429 } {
  if (retryAfter === undefined) return { problem: "This is not the admin key.", status: 401 };
  const seconds = Math.ceil(retryAfter / 1000);
  return { problem: `Too many wrong keys. Try again in ${seconds} s.`, status: 429 };
}

/** Who has no session is sent to the login, and comes back; who uses one that is half over gets a new one. */
function demandSession({ session, now }: OpenOptions): MiddlewareHandler {
  return async function demandSession(context, next) {
    const { pathname, search } = new URL(context.req.url);
    const open = await openSession(context, session);
    if (open === undefined && context.req.header("sec-fetch-site") === "cross-site") {
      return context.html(<AskAgain theme={themeOf(context)} to={pathname + search} />);
    }
    if (open === undefined) {
      return context.redirect(`/dashboard/login?to=${encodeURIComponent(pathname + search)}`, 303);
    }
    if (open.expiry - now() < SESSION_LENGTH / 2) setSession(context, session, open);
    await next();
  };
}

/** The path to go on to; never another site's. */
function ownPath(to: unknown): string {
  return typeof to === "string" && /^\/dashboard(\/[\w-]+)*(\?[^\\\s]*)?$/.test(to) ? to : HOME;
}

function themeOf(context: Context): Theme {
  const told = getCookie(context, "theme");
  return THEMES.find((theme) => theme === told) ?? "system";
}

function notFound(context: Context): Response | Promise<Response> {
  return context.html(<NotFound theme={themeOf(context)} />, 404);
}
