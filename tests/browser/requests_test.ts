import assert from "node:assert/strict";
import { createMemoryStore } from "../../records/memory_store.ts";
import { browserTests, logInWith } from "../support/browser.ts";
import { sampleStore } from "../support/sample_records.ts";
import { recorded } from "../support/admin.ts";

const ROW = "tbody tr:not(.running)";

browserTests("requests", [{
  name: "a stream appears while it runs, and its record without a reload",
  async run({ page, gateway }) {
    await logInWith(page, gateway);
    await page.getByText("No request yet").waitFor();
    await page.getByText("live", { exact: true }).waitFor();
    const answer = await gateway.chat({ model: "demo/slow", stream: true });
    const running = page.locator("tbody tr.running");
    await running.getByText("slow").waitFor();
    await running.getByText(/chunks so far/).waitFor();
    await answer.text();
    await page.locator(ROW).getByText("Hello from the demo.").waitFor();
    assert.equal(await running.count(), 0);
    assert.equal(await page.locator(ROW).count(), 1);
  },
}, {
  name: "one request is shown under five tabs",
  gateway: { store: await sampleStore({ count: 60, days: 1 }) },
  async run({ page, gateway }) {
    await logInWith(page, { url: gateway.url, path: "/dashboard/requests?end=done&model=openai%2Fgpt-5" });
    await page.locator(ROW).first().click();
    const detail = page.getByRole("complementary");
    const shown: Record<string, RegExp> = {
      Request: /"temperature": 0\.7/,
      Response: /Finished: (stop|tool-calls)/,
      HTTP: /POST \/v1\/chat\/completions/,
      Performance: /1\. openai\/gpt-5[\s\S]*Content/,
      Cost: /In all\s+[\d,]+\s+\$0\.\d+/,
    };
    for (const [name, text] of Object.entries(shown)) {
      await detail.getByRole("tab", { name }).click();
      await detail.getByRole("tabpanel", { name }).waitFor();
      assert.match(await detail.innerText(), text, name);
      assert.match(page.url(), new RegExp(`tab=${name.toLowerCase()}`));
    }
    await page.reload();
    assert.match(await detail.getByRole("tabpanel", { name: "Cost" }).innerText(), /In all/);
  },
}, {
  name: "filters stand in the URL, so that they survive a reload and can be shared",
  gateway: { store: await sampleStore({ count: 300, days: 3 }) },
  async run({ page, gateway }) {
    await logInWith(page, gateway);
    await page.getByLabel("How it ended").selectOption("failed");
    await page.getByLabel("Provider").fill("openai");
    await page.waitForURL(/provider=openai&end=failed|end=failed&provider=openai/);
    await page.locator(ROW).getByText("200", { exact: true }).first().waitFor({ state: "detached" });
    const badges = async () => [...new Set(await page.locator(`${ROW} .badge`).allInnerTexts())].sort();
    assert.deepEqual(await badges(), ["429", "broken"]);
    await page.reload();
    await page.locator(ROW).first().waitFor();
    assert.deepEqual(await badges(), ["429", "broken"]);
    assert.equal(await page.getByLabel("Provider").inputValue(), "openai");
    await page.getByLabel("Search").fill("nothing is like this");
    await page.getByText("No request is like that").waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    await page.locator(ROW).nth(49).waitFor();
    assert.equal(new URL(page.url()).search, "");
  },
}, {
  name: "the keyboard moves, opens, closes and searches",
  gateway: { store: await sampleStore({ count: 20, days: 1 }) },
  async run({ page, gateway }) {
    await logInWith(page, gateway);
    await page.locator(ROW).nth(19).waitFor();
    const focused = () => page.evaluate("document.activeElement?.dataset.row ?? document.activeElement?.id");
    const ids = await page.locator("[data-row]").evaluateAll((links) =>
      links.map((link) => link.getAttribute("data-row"))
    );
    for (const key of ["j", "j", "j", "k"]) await page.keyboard.press(key);
    assert.equal(await focused(), ids[1]);
    await page.keyboard.press("Enter");
    const detail = page.getByRole("complementary");
    await detail.getByText(ids[1]!).waitFor();
    await page.keyboard.press("j");
    await detail.getByText(ids[2]!).waitFor();
    await page.keyboard.press("Escape");
    await detail.waitFor({ state: "detached" });
    assert.equal(await focused(), ids[2]);
    await page.keyboard.press("/");
    assert.equal(await focused(), "search");
    await page.keyboard.press("j");
    assert.equal(await page.getByLabel("Search").inputValue(), "j");
  },
}, {
  name: "keys pressed faster than the page is painted do what they say",
  gateway: { store: await sampleStore({ count: 20, days: 1 }) },
  async run({ page, gateway }) {
    await logInWith(page, gateway);
    await page.locator(ROW).nth(19).waitFor();
    const [, first, second] = await page.locator("[data-row]").evaluateAll((links) =>
      links.map((link) => link.getAttribute("data-row"))
    );
    await page.locator(`[data-row="${first}"]`).click();
    await page.getByRole("complementary").getByText(first!).waitFor();
    // Both keys within one task of the browser: no frame is painted between them, though the list is drawn anew.
    const focused = await page.evaluate(`(async () => {
      for (const key of ["j", "Escape"]) {
        dispatchEvent(new KeyboardEvent("keydown", { key }));
        for (let turn = 0; turn < 100; turn++) await null;
      }
      return document.activeElement?.dataset.row;
    })()`);
    assert.equal(focused, second);
    await page.getByRole("complementary").waitFor({ state: "detached" });
  },
}, {
  name: "the list pages through many records, and holds no more of them than a page",
  gateway: { store: await sampleStore({ count: 3_000, days: 7 }) },
  async run({ page, gateway }) {
    await logInWith(page, gateway);
    const rows = page.locator("[data-row]");
    const seen: string[] = [];
    for (let at = 0; at < 8; at++) {
      await rows.nth(49).waitFor();
      assert.equal(await rows.count(), 50);
      const id = await rows.first().getAttribute("data-row") ?? "";
      assert.ok(!seen.includes(id));
      seen.push(id);
      await page.getByRole("button", { name: "Older" }).click();
      await page.locator(`[data-row="${id}"]`).waitFor({ state: "detached" });
      assert.equal(await page.evaluate("scrollY"), 0);
    }
    await page.goBack();
    await page.locator(`[data-row="${seen[7]}"]`).waitFor();
  },
}, {
  name: "what a model writes is text: its tags and scripts do not become part of the page",
  async run({ page, gateway }) {
    const evil = '<script>window.hit = 1</script><img src=x onerror="window.hit = 2"> [go](javascript:window.hit=3) ' +
      "`<b>code</b>`\n\n<iframe src=https://evil.example></iframe>\n\n![p](https://evil.example/p.png)\n\n**bold** &lt;i&gt;";
    await (await gateway.chat({ model: "demo/echo", messages: [{ role: "user", content: evil }] })).text();
    const { id, startedAt } = await recorded(gateway);
    await logInWith(page, { url: gateway.url, path: "/dashboard/requests" });
    await page.goto(`${gateway.url}/dashboard/requests?id=${id}&at=${startedAt}`);
    const answer = page.locator(".markdown");
    await answer.getByText("bold").waitFor();
    assert.equal(await answer.locator("script, img, iframe, b").count(), 0);
    assert.deepEqual(await answer.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))), [
      "https://evil.example/p.png",
    ]);
    const text = await answer.innerText();
    for (const kept of ["<script>window.hit = 1</script>", "<iframe", "<b>code</b>", "javascript:"]) {
      assert.ok(text.includes(kept), kept);
    }
    assert.equal(await page.evaluate("window.hit"), undefined);
  },
}, {
  name: "bodies that were not kept are said to be missing, with the setting that keeps them",
  gateway: { env: { RECORD_BODIES: "off" }, store: createMemoryStore({ now: Date.now, limit: 1e8 }) },
  async run({ page, gateway }) {
    await (await gateway.chat({ model: "demo/echo" })).text();
    const { id } = await recorded(gateway);
    await logInWith(page, gateway);
    await page.goto(`${gateway.url}/dashboard/requests?id=${id}`);
    await page.getByText("RECORD_BODIES=full").waitFor();
  },
}, {
  name: "on a phone the page fits its width, with the list and with one request",
  tab: { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true },
  gateway: { store: await sampleStore({ count: 40, days: 1 }) },
  async run({ page, gateway }) {
    const over = () => page.evaluate("document.documentElement.scrollWidth - innerWidth");
    await logInWith(page, gateway);
    await page.locator(ROW).first().waitFor();
    assert.equal(await over(), 0);
    await page.getByRole("button", { name: "Filters" }).click();
    await page.getByLabel("Model").waitFor();
    await page.locator(ROW).first().click();
    await page.getByRole("tab", { name: "Cost" }).click();
    assert.equal(await over(), 0);
    await page.getByRole("button", { name: "Close" }).click();
    await page.locator(ROW).first().waitFor();
  },
}]);
