import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { PAGES } from "../../dashboard/pages.ts";
import { browserTests, logInWith } from "../support/browser.ts";
import { sampleStore } from "../support/sample_records.ts";

/** Faults that axe calls serious or critical, by rule and place. */
async function seriousFaults(page: Page): Promise<string[]> {
  // As a debugger, not as a script of the page: the page's policy forbids those.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })") as axe.AxeResults;
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} (${failureSummary})`));
}

const THEMES = ["light", "dark"] as const;

browserTests(
  "accessibility",
  await Promise.all(THEMES.map(async (colorScheme) => ({
    name: `axe finds no serious fault on any page in ${colorScheme}`,
    tab: { colorScheme },
    gateway: {
      store: await sampleStore({ count: 60, days: 1 }),
      toml: '[app]\nkeys = [{ name = "limited", key = "k-123456", tokensPerDay = 1000, requestsPerMinute = 5 }]',
    },
    async run({ page, gateway: { url } }: { page: Page; gateway: { url: string } }) {
      await page.goto(`${url}/dashboard/login`);
      assert.deepEqual(await seriousFaults(page), [], "login");
      await logInWith(page, { url });
      for (const { name } of PAGES) {
        await page.goto(`${url}/dashboard/${name}`, { waitUntil: "networkidle" });
        assert.deepEqual(await seriousFaults(page), [], name);
      }
      await page.goto(`${url}/dashboard/requests`);
      await page.locator("[data-row]").first().click();
      for (const tab of ["Request", "Response", "HTTP", "Performance", "Cost"]) {
        await page.getByRole("tab", { name: tab }).click();
        assert.deepEqual(await seriousFaults(page), [], tab);
      }
    },
  }))),
);
