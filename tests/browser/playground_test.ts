import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { recorded } from "../support/admin.ts";
import { browserTests, logInWith } from "../support/browser.ts";
import { eventually } from "../support/resume.ts";

async function openPlayground(page: Page, { url, settings }: { url: string; settings: Record<string, string> }) {
  await logInWith(page, { url, path: "/dashboard/playground" });
  await page.goto(`${url}/dashboard/playground?${new URLSearchParams(settings)}`);
}

async function ask(page: Page, text: string): Promise<void> {
  await page.getByLabel("Your message").fill(text);
  await page.keyboard.press("Enter");
}

const ROUNDS: readonly [dialect: string, mode: string, frame: RegExp][] = [
  ["openai_chat", "auto", /data: \{.*chat\.completion\.chunk[\s\S]*data: \[DONE\]/],
  ["anthropic", "real", /event: message_start[\s\S]*event: message_stop/],
  ["openai_responses", "auto", /response\.output_text\.delta/],
  ["gemini", "fake", /"candidates"/],
  ["ollama", "auto", /"done":\s?true/],
  ["openai_chat", "collected", /"object":\s?"chat\.completion"/],
];

browserTests("playground", [
  {
    name: "a chat in every dialect shows the text, and its frames as they came",
    gateway: { env: { USER_SET_KEY: "client-key-1" } },
    async run({ page, gateway }) {
      await openPlayground(page, { url: gateway.url, settings: { model: "demo/echo" } });
      for (const [dialect, mode, frame] of ROUNDS) {
        await page.getByLabel("Dialect").selectOption(dialect);
        await page.getByLabel("Mode", { exact: true }).selectOption(mode);
        const fresh = page.getByRole("button", { name: "New chat" });
        if (await fresh.isEnabled()) await fresh.click();
        await ask(page, `I speak **${dialect}**`);
        await page.locator(".message .markdown").getByText(`I speak ${dialect}`).waitFor();
        await page.getByText(/^done ·/).waitFor();
        assert.match(await page.getByRole("region", { name: "Frames as they came" }).innerText(), frame, dialect);
      }
      assert.equal((await recorded(gateway)).key, "dashboard");
    },
  },
  {
    name: "it begins with a model that there is: the demo's where nothing else is set up, else the first",
    gateway: { env: { OPENAI_API_KEY: "k", PROVIDER_OPENAI_MODELS: "gpt-5.2,gpt-5" } },
    async run({ page, gateway: { url } }) {
      await logInWith(page, { url, path: "/dashboard/playground" });
      const model = page.getByLabel("Model", { exact: true });
      await eventually(async () => await model.inputValue() === "openai/gpt-5.2", "the first model is chosen");
      await page.goto(`${url}/dashboard/playground?model=demo%2Fecho`);
      assert.equal(await model.inputValue(), "demo/echo");
    },
  },
  {
    name: "what is said last, be it a failure, is in sight",
    async run({ page, gateway, faults }) {
      await page.setViewportSize({ width: 1280, height: 700 });
      await openPlayground(page, { url: gateway.url, settings: { model: "demo/echo" } });
      const long = Array.from({ length: 40 }, (_, at) => `Line ${at}`).join("\n\n");
      await ask(page, long);
      await page.getByText(/^done ·/).waitFor();
      const toEnd = () =>
        page.locator(".messages").evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
      assert.ok(await toEnd() < 2, String(await toEnd()));
      await page.getByLabel("Model").fill("demo/error");
      await ask(page, "And now?");
      await page.getByRole("alert").waitFor();
      assert.ok(await toEnd() < 2, String(await toEnd()));
      // The browser says of each answer with such a status that it was.
      assert.deepEqual(faults.splice(0).filter((fault) => !/50\d/.test(fault)), []);
    },
  },
  {
    name: "an answer that is long in coming is stopped, and the gateway hears of it",
    async run({ page, gateway }) {
      await openPlayground(page, { url: gateway.url, settings: { model: "demo/hang" } });
      await ask(page, "Slowly");
      await page.getByText("Waiting for the first token").waitFor();
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByText(/^stopped ·/).waitFor();
      assert.equal((await recorded(gateway)).end, "cancelled");
    },
  },
  {
    name: "errors are shown: before the answer, and in the middle of it",
    async run({ page, gateway, faults }) {
      await openPlayground(page, { url: gateway.url, settings: { model: "demo/nobody" } });
      await ask(page, "Hello");
      await page.getByRole("alert").getByText(/Cannot/).waitFor();
      await page.getByRole("combobox", { name: "Model" }).fill("demo/cut");
      await ask(page, "Hello");
      await page.getByRole("alert").getByText("the demo ended its answer early").waitFor();
      await page.getByText("Hello from").waitFor();
      assert.deepEqual(faults.splice(0).filter((fault) => !fault.includes("404")), []);
    },
  },
  {
    name: "a stored request is repeated, and shows the new answer",
    async run({ page, gateway }) {
      await (await gateway.chat({
        model: "demo/echo",
        stream: true,
        messages: [{ role: "user", content: "Once more" }],
      }))
        .text();
      const { id } = await recorded(gateway);
      await logInWith(page, gateway);
      await page.goto(`${gateway.url}/dashboard/requests?id=${id}`);
      await page.getByRole("button", { name: "Repeat" }).click();
      await page.getByRole("region", { name: "The new answer" }).getByText("Once more").waitFor();
      await page.locator("tbody tr:not(.running)").nth(1).waitFor();
    },
  },
]);
