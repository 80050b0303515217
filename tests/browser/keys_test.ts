import assert from "node:assert/strict";
import { browserTests, logInWith } from "../support/browser.ts";

const path = "/dashboard/keys";

browserTests("keys", [{
  name: "a key is added, shown once, used, edited, disabled, rotated and deleted",
  async run({ page, gateway, gateway: { url } }) {
    await logInWith(page, { url, path });
    await page.getByText("Whoever reaches this gateway can use it").waitFor();
    await page.getByRole("button", { name: "Add a key" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").fill("My phone");
    await form.getByLabel("Models").fill("demo/*");
    await form.getByLabel("Requests per minute").fill("5");
    await form.getByLabel("USD per month").fill("1.5");
    await form.getByRole("button", { name: "Add" }).click();
    const secret = await page.getByRole("textbox", { name: "Secret" }).inputValue();
    assert.match(secret, /^sk-any-[\w-]{43}$/);
    await page.getByRole("button", { name: "Done" }).click();
    const status = async () => {
      const response = await gateway.chat({ model: "demo/echo" }, { headers: { authorization: `Bearer ${secret}` } });
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await status(), 200);
    const card = page.getByRole("article", { name: "My phone" });
    await page.reload();
    await card.getByText("1 of 5").waitFor();
    assert.ok(!(await page.content()).includes(secret));

    await card.getByRole("button", { name: "Edit" }).click();
    assert.equal(await form.getByLabel("Models").inputValue(), "demo/*");
    await form.getByLabel("Models").fill("demo/tools");
    await form.getByRole("button", { name: "Save" }).click();
    await card.getByText("demo/tools").waitFor();
    assert.equal(await status(), 403);

    await card.getByRole("button", { name: "Disable" }).click();
    await card.getByText("disabled").waitFor();
    assert.equal(await status(), 401);
    await card.getByRole("button", { name: "Enable" }).click();
    await card.getByText("active").waitFor();

    await card.getByRole("button", { name: "Rotate…" }).click();
    await card.getByRole("button", { name: "Rotate it" }).click();
    assert.notEqual(await page.getByRole("textbox", { name: "Secret" }).inputValue(), secret);
    await page.getByRole("button", { name: "Done" }).click();
    assert.equal(await status(), 401);

    await card.getByRole("button", { name: "Delete…" }).click();
    await card.getByRole("button", { name: "Delete it" }).click();
    await card.waitFor({ state: "detached" });
    await page.getByText("Nobody can use this gateway").waitFor();
  },
}, {
  name: "by the keyboard alone a question is answered with no, and nothing is done by a key that is held",
  async run({ page, gateway: { url } }) {
    await logInWith(page, { url, path });
    await page.getByRole("button", { name: "Add a key" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").fill("My phone");
    await form.getByRole("button", { name: "Add" }).click();
    const secret = await page.getByRole("textbox", { name: "Secret" }).inputValue();
    await page.getByRole("button", { name: "Done" }).click();
    const card = page.getByRole("article", { name: "My phone" });
    const focus = () => page.evaluate("document.activeElement?.textContent?.trim()");
    for (const button of ["Rotate…", "Delete…"]) {
      await card.getByRole("button", { name: button }).focus();
      await page.keyboard.press("Enter");
      await card.getByRole("group", { name: "Are you sure?" }).waitFor();
      assert.equal(await focus(), "Cancel", button);
      await page.keyboard.press("Enter");
      await card.getByRole("button", { name: button }).waitFor();
      assert.equal(await focus(), button);
    }
    await card.getByRole("button", { name: "Disable" }).focus();
    await page.keyboard.press("Enter");
    await card.getByText("disabled").waitFor();
    assert.equal(await focus(), "Enable");
    await page.keyboard.press("Enter");
    await card.getByText("active").waitFor();
    const response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });
    await response.body?.cancel();
    assert.equal(response.status, 200, "neither rotated nor deleted");
  },
}, {
  name: "what does not fit is told at its field, and a key of the configuration is only shown",
  gateway: { toml: '[app]\nkeys = [{ name = "file", key = "k-123456", tokensPerDay = 1000 }]' },
  async run({ page, gateway: { url }, faults }) {
    await logInWith(page, { url, path });
    const card = page.getByRole("article", { name: "file" });
    await card.getByText("From the configuration").waitFor();
    assert.equal(await card.getByRole("button").count(), 0);
    await page.getByRole("button", { name: "Add a key" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").fill("file");
    await form.getByRole("button", { name: "Add" }).click();
    await form.getByText("Expected a name that no other key has").waitFor();
    await form.getByLabel("Name").fill("other");
    await form.getByLabel("Tokens per day").fill("many");
    await form.getByRole("button", { name: "Add" }).click();
    await form.getByText("Expected a whole number").waitFor();
    assert.equal(await form.getByLabel("Tokens per day").getAttribute("aria-invalid"), "true");
    // The browser says of each answer with status 400 that it was.
    assert.deepEqual(faults.splice(0).filter((fault) => !fault.includes("400")), []);
  },
}]);
