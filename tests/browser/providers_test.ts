import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { ADMIN_KEY } from "../support/admin.ts";
import { assertNoFaults, browserTests, launchBrowser, logInWith, openTab } from "../support/browser.ts";
import { startMockUpstream } from "../support/mock_upstream.ts";
import { completion } from "../support/openai_frames.ts";
import { startGatewayProcess } from "../support/process.ts";
import { admin, until } from "../support/providers.ts";

const PATH = "/dashboard/providers";
const SECRET = "sk-typed-in-the-form-0123";

const card = (page: Page, name: string): Locator => page.getByRole("article", { name, exact: true });

/** The browser says of each answer with an error that it was one: of a form with mistakes that is meant. */
function forgive(faults: string[], status: number): void {
  assert.deepEqual(faults.splice(0).filter((fault) => !fault.includes(`status of ${status}`)), []);
}

Deno.test("a provider is added by its form, with a mistake and then right, used at once, and seen in another process", async () => {
  const folder = await Deno.makeTempDir();
  const upstream = startMockUpstream();
  const env = { ADMIN_KEY, KV_URL: `${folder}/kv.sqlite3`, ALLOW_PRIVATE_PROVIDERS: "on" };
  const one = await startGatewayProcess({ entry: "main.ts", env, cwd: "/" });
  const other = await startGatewayProcess({ entry: "main.ts", env, cwd: "/" });
  const browser = await launchBrowser();
  try {
    const { page, faults } = await openTab(browser);
    await logInWith(page, { url: one.url, path: PATH });
    await page.getByRole("button", { name: "Add a provider" }).click();
    const form = page.getByRole("dialog", { name: "Add a provider" });
    await form.getByLabel("Name *").fill("my relay");
    await form.getByLabel("Base URL *").fill("relay");
    await form.getByLabel("API keys").fill(SECRET);
    await form.getByText("Advanced", { exact: true }).click();
    await form.getByLabel("Idle").fill("soon");
    // Folded away once more: it has to open by itself.
    await form.getByText("Advanced", { exact: true }).click();
    await form.getByRole("button", { name: "Add", exact: true }).click();

    await form.getByText("Expected a provider name without slash and white space").waitFor();
    await form.getByText("Expected an http or https URL").waitFor();
    await form.getByText("Expected milliseconds, a whole number from 0").waitFor();
    const wrong = form.locator("[aria-invalid=true]");
    assert.deepEqual(await wrong.evaluateAll((fields) => fields.map((field) => field.getAttribute("name"))), [
      ...["name", "endpoint", "timeouts.idle"],
    ]);
    await page.waitForFunction("document.activeElement.name === 'name'");
    forgive(faults, 400);

    await form.getByLabel("Name *").fill("my-relay");
    await form.getByLabel("Base URL *").fill(`${upstream.url}/v1`);
    await form.getByLabel("Idle").fill("");
    upstream.push({ kind: "json", body: { data: [{ id: "m" }, { id: "n" }] } });
    await form.getByRole("button", { name: "Test the connection" }).click();
    await form.getByText("It can be reached, and answers").waitFor();
    await form.getByRole("button", { name: "Add", exact: true }).click();
    await form.waitFor({ state: "detached" });

    const added = card(page, "my-relay");
    await added.getByText("2 from its own list").waitFor();
    assert.match(await added.getAttribute("class") ?? "", /selected/);
    await page.waitForFunction("document.activeElement.id === 'provider-my-relay'");
    const box = await added.boundingBox();
    assert.ok(box !== null && box.y >= 0 && box.y < 800, JSON.stringify(box));

    upstream.reset();
    upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
    const ask = ({ url }: { url: string }) =>
      fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        body: JSON.stringify({ model: "my-relay/m", messages: [{ role: "user", content: "Hi" }] }),
      }).then(async (response) => [response.status, await response.text()] as const);
    assert.equal((await ask(one))[0], 200);
    assert.equal(upstream.requests[0]?.headers.get("authorization"), `Bearer ${SECRET}`);
    await until("the other process uses it", async () => (await ask(other))[0] === 200);
    // Both have the same admin key: the session holds there, too.
    await page.goto(other.url + PATH);
    await card(page, "my-relay").getByText("In use").waitFor();
    assert.ok(!(await page.content()).includes(SECRET));
    assertNoFaults({ faults });
  } finally {
    await browser.close();
    await one.close();
    await other.close();
    await upstream.close();
    await Deno.remove(folder, { recursive: true });
  }
});

const RELAY = {
  name: "relay",
  type: "openai",
  endpoint: "http://127.0.0.1:9/v1",
  apiKeys: ["sk-first-key", "sk-second-key"],
  models: ["m"],
  pace: 30,
};
const ENV = { ALLOW_PRIVATE_PROVIDERS: "on", GROQ_API_KEY: "gsk-of-the-environment" };

browserTests("providers", [{
  name: "a form begins with what is stored, keeps keys that are not typed anew, and tells who changed it meanwhile",
  gateway: { env: ENV },
  async run({ page, gateway, faults }) {
    await admin(gateway, "POST", "providers", { body: RELAY });
    await logInWith(page, { url: gateway.url, path: PATH });
    await page.getByRole("button", { name: "Edit relay" }).click();
    const form = page.getByRole("dialog", { name: "Edit relay" });
    assert.equal(await form.getByLabel("Base URL *").inputValue(), RELAY.endpoint);
    assert.equal(await form.getByLabel("API keys").inputValue(), "");
    assert.match(await form.getByLabel("API keys").getAttribute("placeholder") ?? "", /^2 stored/);
    await form.getByText("Advanced", { exact: true }).click();
    assert.equal(await form.getByLabel("Pace").inputValue(), "30");
    await form.getByLabel("Pace").fill("40");

    await admin(gateway, "PUT", "providers/relay", { body: { ...RELAY, pace: 50 }, headers: { "if-match": "*" } });
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText("Somebody else changed it meanwhile").waitFor();
    forgive(faults, 412);
    await form.getByRole("button", { name: "Cancel" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Edit relay" }).click();
    await form.getByText("Advanced", { exact: true }).click();
    await form.getByLabel("Pace").fill("40");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    const { body } = await admin(gateway, "GET", "providers/relay");
    assert.deepEqual([body.settings.pace, body.keys], [40, 2]);
  },
}, {
  name: "a provider is disabled, enabled and, once it was asked for, removed; those of the environment are not",
  gateway: { env: ENV },
  async run({ page, gateway }) {
    await admin(gateway, "POST", "providers", { body: RELAY });
    await logInWith(page, { url: gateway.url, path: PATH });
    const relay = card(page, "relay");
    await relay.getByRole("button", { name: "Disable relay" }).click();
    await relay.getByText("Disabled", { exact: true }).waitFor();
    await relay.getByRole("button", { name: "Enable relay" }).click();
    await relay.getByText("In use").waitFor();
    await relay.getByRole("button", { name: "Remove relay" }).click();
    await relay.getByRole("button", { name: "Yes, remove" }).click();
    await relay.waitFor({ state: "detached" });
    assert.equal((await admin(gateway, "GET", "providers/relay")).status, 404);

    const groq = card(page, "groq");
    await groq.getByText("It is set by a variable of the environment, and can be changed only there.").waitFor();
    assert.equal(await groq.getByRole("button", { name: /Edit|Disable|Remove/ }).count(), 0);
  },
}, {
  name: "a vendor fills in its form, and each type has its own; on a phone nothing is cut off",
  gateway: { env: ENV },
  tab: { viewport: { width: 390, height: 800 }, colorScheme: "dark" },
  async run({ page, gateway }) {
    await logInWith(page, { url: gateway.url, path: PATH });
    const here = page.locator("nav [aria-current]");
    await page.locator("main button").first().waitFor();
    const { x = -1, width = 0 } = await here.boundingBox() ?? {};
    const end = Number(await page.evaluate("document.querySelector('nav').getBoundingClientRect().right"));
    assert.ok(x >= 0 && x + width <= end + 1, `${x} + ${width} of ${end}`);
    await page.getByRole("button", { name: "Add a provider" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("What is it?").selectOption({ label: "Anthropic" });
    const value = (label: string) => form.getByLabel(label).inputValue();
    await form.getByLabel("What is it?").selectOption("vendor:mistral");
    assert.deepEqual([await value("Name *"), await value("Base URL *")], ["mistral", "https://api.mistral.ai/v1"]);
    const { body: { types } } = await admin(gateway, "GET", "provider-schema");
    await form.getByLabel("What is it?").selectOption("type:demo");
    for (const { type } of types) {
      const loaded = page.waitForResponse((response) => response.url().endsWith(`/${type}`));
      await form.getByLabel("What is it?").selectOption(`type:${type}`);
      await loaded;
      await form.getByLabel("Streaming").waitFor();
      if (type === "langfast") await form.getByLabel("Anon key *").waitFor();
      if (type === "polling") await form.getByLabel("Task's id *").waitFor();
      for (const fold of await form.locator("summary").all()) await fold.click();
      const wide = await page.evaluate(
        "Math.max(document.documentElement.scrollWidth, document.querySelector('dialog').scrollWidth)",
      );
      assert.ok(Number(wide) <= 390, `${type}: ${wide}`);
    }
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });
  },
}, {
  name: "a test, the models and the last failures of a provider are shown on its card",
  gateway: { env: ENV },
  async run({ page, gateway }) {
    await admin(gateway, "POST", "providers", { body: { ...RELAY, models: ["one", "two"] } });
    await (await gateway.chat({ model: "relay/one" })).body?.cancel();
    await logInWith(page, { url: gateway.url, path: PATH });
    const relay = card(page, "relay");
    await relay.getByText(/Last failure: upstream-unreachable/).click();
    await relay.getByText(/upstream-unreachable with one/).first().waitFor();
    await relay.getByRole("button", { name: "Test the connection to relay" }).click();
    await relay.getByText("It cannot be reached: look at the base URL").waitFor();
    await relay.getByRole("button", { name: "List models of relay" }).click();
    await relay.getByText("relay/two").waitFor();
  },
}]);
