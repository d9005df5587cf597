/** `call --open` in a real browser: our own host page around the view, over the real command. */
import { expect, onTestFinished, test } from "vitest";
import { startProcess } from "../kit/process.ts";
import { useBrowser } from "./browser.ts";

const browser = useBrowser();

test("the page draws the answer, the view calls back, and the command ends when the page is left", async () => {
  const child = startProcess(["call", "revops_review_commits", "{}", "--open", "--sandbox"]);
  const ended = new Promise((resolve) => child.on("close", resolve));
  const address = await new Promise<string>((resolve) => {
    child.stdout.on("data", (piece) => resolve(String(piece).trim()));
  });
  const page = await (await browser().newContext({ colorScheme: "dark" })).newPage();
  onTestFinished(() => page.context().close());
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() !== "log") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(address);
  const view = page.frameLocator("iframe");
  await view.getByRole("option").first().waitFor();
  expect(await page.title()).toBe("Review Commit deals");
  const drawn = await view.getByRole("option").count();
  expect(await view.locator("html").getAttribute("data-theme")).toBe("dark");
  await view.getByRole("button", { name: "Show the next" }).click();
  await view.getByText(/more deals read/).waitFor();
  expect(await view.getByRole("option").count()).toBeGreaterThan(drawn);
  await expect
    .poll(async () => {
      const frame = await page.locator("iframe").evaluate((one) => one.clientHeight);
      return Math.abs(
        frame - (await view.locator("body").evaluate((one) => one.getBoundingClientRect().height)),
      );
    })
    .toBeLessThanOrEqual(1);
  await page.reload();
  await view.getByRole("option").first().waitFor();
  expect(complaints).toEqual([]);
  // As a tab that is closed does: the page says goodbye.
  await page.goto("about:blank");
  expect(await ended).toBe(0);
});
