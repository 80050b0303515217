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
    name: "in the first hour the one value that there is is drawn, and no figure runs out of its tile",
    gateway: { store: await sampleStore({ count: 5, days: 0.0001 }) },
    async run({ page, gateway }) {
      await logInWith(page, { url: gateway.url, path: "/dashboard/overview" });
      const canvas = page.getByRole("figure", { name: "Time to first token" }).locator("canvas");
      await canvas.waitFor();
      await assertSoon(async () =>
        await page.evaluate<boolean>(`(() => {
          const figures = [...document.querySelectorAll("figure")];
          const canvas = figures.find((figure) => figure.textContent.includes("Time to first token")).querySelector("canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          // Axes and labels are grey.
          const isColoured = ([red, green, blue, alpha]) =>
            alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60;
          for (let at = 0; at < data.length; at += 4) if (isColoured(data.slice(at, at + 4))) return true;
          return false;
        })()`)
      );
      for (const width of [320, 600, 900, 1280, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        const wide = await page.locator(".tile .value").evaluateAll((values) =>
          values.map((value) => {
            value.textContent = "18.3K tok/s";
            return value.scrollWidth > value.clientWidth;
          })
        );
        assert.ok(wide.length > 3 && !wide.includes(true), `${width}: ${wide}`);
      }
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
