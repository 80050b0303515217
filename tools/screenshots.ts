/** `deno task screenshots`: the pages of the dashboard, with data of a made-up week, as the documents show them. */

import { startGateway } from "../tests/support/gateway.ts";
import { launchBrowser, logInWith, openTab } from "../tests/support/browser.ts";
import { sampleStore } from "../tests/support/sample_records.ts";
import { ADMIN_KEY } from "../tests/support/admin.ts";

const DOCS = new URL("../docs/", import.meta.url).pathname;

const gateway = startGateway({
  env: { ADMIN_KEY, OPENAI_API_KEY: "example", ANTHROPIC_API_KEY: "example", GEMINI_API_KEY: "example" },
  store: await sampleStore({ count: 2_400, days: 7 }),
});
const browser = await launchBrowser();
const { page } = await openTab(browser, { viewport: { width: 1360, height: 860 } });
await logInWith(page, gateway);

async function shoot(name: string, path: string): Promise<void> {
  await page.goto(`${gateway.url}/dashboard/${path}`, { waitUntil: "networkidle" });
  if (name === "request") {
    await page.locator("[data-row]").first().click();
    await page.getByRole("tab", { name: "Performance" }).click();
    await page.getByText("Timeline").waitFor();
  }
  await page.screenshot({ path: `${DOCS}${name}.png` });
  console.log(`docs/${name}.png`);
}

await shoot("overview", "overview?span=7d&by=model");
await shoot("request", "requests?model=openai%2Fgpt-5&end=done");
await shoot("providers", "providers");
await browser.close();
await gateway.close();
