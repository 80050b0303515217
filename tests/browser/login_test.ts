import assert from "node:assert/strict";
import { ADMIN_KEY } from "../support/admin.ts";
import { browserTests, logInWith } from "../support/browser.ts";

browserTests("login", [{
  name: "a wrong key is told, the right one opens the page that was asked for, and logging out closes it",
  async run({ page, gateway: { url }, faults }) {
    await page.goto(`${url}/dashboard/requests?model=demo`);
    await page.getByLabel("Admin key").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("This is not the admin key.").waitFor();
    // The browser says of every page that is answered with an error that it was.
    assert.deepEqual(faults.splice(0).filter((fault) => !fault.includes("401")), []);
    await page.getByLabel("Admin key").fill(ADMIN_KEY);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${url}/dashboard/requests?model=demo`);
    await page.getByRole("heading", { name: "Requests" }).waitFor();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByLabel("Admin key").waitFor();
    await page.goto(`${url}/dashboard/requests`);
    await page.getByLabel("Admin key").waitFor();
  },
}, {
  name: "the theme follows the device until it is switched, and is remembered",
  tab: { colorScheme: "dark" },
  async run({ page, gateway: { url } }) {
    const back = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    await logInWith(page, { url });
    const dark = await back();
    const theme = page.getByRole("button", { name: "Theme" });
    await theme.click();
    assert.match(await theme.innerText(), /light/);
    assert.notEqual(await back(), dark);
    const light = await back();
    await page.reload();
    assert.equal(await back(), light);
    await theme.click();
    assert.equal(await back(), dark);
  },
}]);
