/** A real browser, Debian's Chromium, that notes whatever a page should not do. */

import assert from "node:assert/strict";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { ADMIN_KEY } from "./admin.ts";
import { startGateway, type TestGateway, type TestGatewayOptions } from "./gateway.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const MISSING =
  "Cannot run the browser tests as Chromium is not installed: apt-get install -y chromium, or set CHROMIUM to its path";

export function chromiumPath(): string {
  const found = [Deno.env.get("CHROMIUM"), ...PLACES].find((path) => path !== undefined && isFile(path));
  if (found === undefined) throw new Error(MISSING);
  return found;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

export function launchBrowser(): Promise<Browser> {
  // As root, and in containers with a small /dev/shm, Chromium does not start otherwise.
  return chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

export interface Tab {
  page: Page;
  context: BrowserContext;
  /** Errors of scripts, messages of the console from warnings on, violations of the policy. */
  faults: string[];
}

export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  return { page, context, faults };
}

/** Types the admin key, and waits for the page behind the login. */
export async function logInWith(
  page: Page,
  { url, path = "/dashboard" }: { url: string; path?: string },
): Promise<void> {
  await page.goto(url + path);
  await page.getByLabel("Admin key").fill(ADMIN_KEY);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL((at) => !at.pathname.endsWith("/login"));
}

export function assertNoFaults({ faults }: Pick<Tab, "faults">): void {
  assert.deepEqual(faults, []);
}

export interface BrowserTest {
  name: string;
  gateway?: TestGatewayOptions;
  /** The browser's window and theme. */
  tab?: BrowserContextOptions;
  run(scene: { gateway: TestGateway; browser: Browser } & Tab): Promise<void>;
}

/** Tests that share one browser, each with a gateway and a tab of its own; no fault of a page may be left unlooked at. */
export function browserTests(name: string, tests: readonly BrowserTest[]): void {
  Deno.test(name, async (test) => {
    const browser = await launchBrowser();
    try {
      for (const { name, gateway: options = {}, tab: tabOptions = {}, run } of tests) {
        await test.step(name, async () => {
          const gateway = startGateway({ ...options, env: { ADMIN_KEY, RECORD_BODIES: "full", ...options.env } });
          const tab = await openTab(browser, tabOptions);
          try {
            await run({ gateway, browser, ...tab });
            assertNoFaults(tab);
          } finally {
            await tab.context.close();
            await gateway.close();
          }
        });
      }
    } finally {
      await browser.close();
    }
  });
}
