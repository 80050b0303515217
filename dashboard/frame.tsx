/** What every page stands in: the head, the navigation, and the place where the page's module puts its content. */

import type { Child } from "hono/jsx";
import { raw } from "hono/html";
import { assetUrl, IMPORT_MAP, modulesOf } from "./assets.ts";
import type { Page } from "./page.ts";
import { PAGES } from "./pages.ts";

/** `system` follows the device. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export interface DocumentProps {
  title: string;
  theme: Theme;
  styles?: readonly string[];
  /** The module that is started. */
  main?: string;
  children?: Child;
}

export function Document({ title, theme, styles = [], main, children }: DocumentProps) {
  const modules = main === undefined ? [] : modulesOf(main);
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en" data-theme={theme}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{`${title} · anystream`}</title>
          <link rel="icon" href={assetUrl("browser/favicon.svg")} type="image/svg+xml" />
          {["browser/frame.css", ...styles].map((path) => <link key={path} rel="stylesheet" href={assetUrl(path)} />)}
          {modules.length > 0 && <script type="importmap">{raw(IMPORT_MAP)}</script>}
          {modules.map((path) => <link key={path} rel="modulepreload" href={assetUrl(path)} />)}
          {main !== undefined && <script type="module" src={assetUrl("browser/frame.js")} />}
          {main !== undefined && <script type="module" src={assetUrl(main)} />}
        </head>
        <body>{children}</body>
      </html>
    </>
  );
}

export function PageFrame({ page, theme }: { page: Page; theme: Theme }) {
  const { title, styles, main } = page;
  return (
    <Document title={title} theme={theme} styles={styles} main={main}>
      <a class="skip" href="#page">Skip to the content</a>
      <div class="frame">
        <header class="side">
          <a class="brand" href="/dashboard">
            <Logo />
            <span>anystream</span>
          </a>
          <nav aria-label="Pages">
            {PAGES.map((each) => (
              <a key={each.name} href={`/dashboard/${each.name}`} aria-current={each === page ? "page" : undefined}>
                <Icon path={each.icon} />
                <span>{each.title}</span>
              </a>
            ))}
          </nav>
          <div class="side-end">
            <ThemeSwitch theme={theme} />
            <form method="post" action="/dashboard/logout">
              <button type="submit" class="quiet" title="Log out">
                <Icon path="M15 4h4v16h-4M10 8l-4 4 4 4M6 12h9" />
                <span>Log out</span>
              </button>
            </form>
          </div>
        </header>
        <main id="page" tabindex={-1} aria-label={title}>
          <noscript>
            <p class="notice">This page needs JavaScript.</p>
          </noscript>
        </main>
      </div>
    </Document>
  );
}

function ThemeSwitch({ theme }: { theme: Theme }) {
  return (
    <button type="button" class="quiet" id="theme" data-theme={theme} title="Change between system, light and dark">
      <Icon path="M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18" />
      <span>
        Theme: <span id="theme-name">{theme}</span>
      </span>
    </button>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M2 5c6 0 6 7 12 7M2 12h20M2 19c6 0 6-7 12-7M18 8l4 4-4 4" />
    </svg>
  );
}

function Icon({ path }: { path: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
