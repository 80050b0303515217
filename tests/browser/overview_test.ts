import assert from "node:assert/strict";
import { browserTests, logInWith } from "../support/browser.ts";
import { sampleStore } from "../support/sample_records.ts";

browserTests("overview", [
  {
    name: "figures and plots show what happened; the plots tell what is under the pointer and follow the width",
    gateway: { store: await sampleStore({ count: 400, days: 6 }) },
    async run({ page, gateway }) {
      await logInWith(page, { url: gateway.url, path: "/dashboard/overview" });
      await page.getByRole("button", { name: "7 days" }).click();
      await page.waitForURL(/span=7d/);
      const tile = page.locator(".tile").filter({ hasText: "Requests" });
      await tile.getByText("400", { exact: true }).waitFor();
      const plot = page.getByRole("figure", { name: "Time to first token" });
      const canvas = plot.locator("canvas");
      await canvas.waitFor();
      const before = (await canvas.boundingBox())!.width;
      await plot.locator(".u-over").hover();
      await plot.getByText(/p90.*\d+ m?s/s).waitFor();
      await page.setViewportSize({ width: 700, height: 800 });
      await assertSoon(async () => (await canvas.boundingBox())!.width !== before);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0);
    },
  },
  {
    name:
      "figures are grouped by provider, model or key, and lead to the requests behind them; an unknown cost is unknown",
    gateway: { store: await sampleStore({ count: 200, days: 0.9 }), env: { OPENAI_API_KEY: "k1234" } },
    async run({ page, gateway }) {
      await logInWith(page, { url: gateway.url, path: "/dashboard/overview" });
      await page.getByRole("button", { name: "Model" }).click();
      await page.getByRole("link", { name: "openai/gpt-5", exact: true }).waitFor();
      assert.match(
        await page.locator(".tile").filter({ hasText: "Cost" }).innerText(),
        /\$[\d.]+\s+\+ \d+ unpriced/,
      );
      const local = page.locator(".groups tr").filter({ hasText: "qwen3-coder" });
      assert.match(await local.innerText(), /\t–\t/);
      await page.getByLabel("Shown").selectOption("openai/gpt-5");
      assert.match(await page.locator(".tile").filter({ hasText: "Cost" }).innerText(), /all prices known/);
      await page.getByRole("link", { name: "openai/gpt-5", exact: true }).click();
      await page.locator("tbody tr").first().getByText("gpt-5").first().waitFor();
      assert.match(page.url(), /requests\?model=gpt-5$/);
    },
  },
  {
    name: "the groups are compared, a line for each, by the measure that is chosen, which the URL keeps",
    gateway: { store: await sampleStore({ count: 300, days: 0.9 }) },
    async run({ page, gateway }) {
      await logInWith(page, { url: gateway.url, path: "/dashboard/overview?by=model" });
      const plot = page.locator(".plot").filter({ has: page.getByLabel("Compared") });
      await plot.getByText("openai/gpt-5-mini").waitFor();
      await page.getByLabel("Compared").selectOption("Time to first token (p50)");
      await page.waitForURL(/of=ttft/);
      await page.reload();
      await plot.locator(".u-over").hover();
      await plot.locator(".u-value").getByText(/\d m?s$/).first().waitFor();
      assert.equal(await plot.locator(".u-series").count(), 7, "the time, and the busiest six");
    },
  },
  {
    name: "a time in which nothing happened says so",
    async run({ page, gateway }) {
      await logInWith(page, { url: gateway.url, path: "/dashboard/overview" });
      await page.getByText("Nothing happened in this time").waitFor();
    },
  },
]);

async function assertSoon(check: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail("It did not become true");
}
