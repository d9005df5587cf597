import { expect, test } from "vitest";
import { startHub } from "../kit/hub.ts";
import { CHANGED, reviewChanges, travelling } from "./answers.ts";
import { type ShownView, type ShowOptions, showView, useBrowser } from "./browser.ts";

useBrowser();

const show = (answer: object = reviewChanges(), options: ShowOptions = {}) =>
  showView("review-changes", answer, options);
const bars = ({ view }: ShownView) => view.getByRole("option");
const bar = ({ view }: ShownView, name: string) =>
  view.getByRole("option", { name: new RegExp(`^${name},`) });
const rows = ({ view }: ShownView) => view.locator("tbody tr");
const count = (step: string) => CHANGED.filter((one) => one.step === step).length;

test("a bar a step, from opening to closing, and all deals behind them", async () => {
  const shown = await show();
  expect(await bars(shown).count()).toBe(10);
  expect(await bars(shown).first().getAttribute("aria-label")).toMatch(/^Opening, \$7.98M/);
  expect(await bars(shown).last().getAttribute("aria-label")).toMatch(/^Closing, \$7.51M/);
  expect(await rows(shown).count()).toBe(CHANGED.length);
  expect(shown.complaints).toEqual([]);
  expect(shown.requests).toEqual(["/", "/host.js", "/view"]);
});

test("a real answer: its steps, and the way to all of its deals", async () => {
  const hub = await startHub();
  const { answer } = await hub.call("revops_review_changes", { since: "2026-11-01" });
  const shown = await show(answer, { call: async (tool, given) => (await hub.call(tool, given)).answer });
  const at = (column: string) => answer.waterfall.columns.indexOf(column);
  const pushed = answer.waterfall.rows.find((row: unknown[]) => row[at("step")] === "pushed_out");
  expect(await bars(shown).count()).toBe(answer.waterfall.returned);
  await bar(shown, "Pushed out").click();
  expect(await shown.view.locator(".filter").innerText()).toContain(`of ${pushed[at("deals")]} deals`);
  const next = shown.view.getByRole("button", { name: "Show the next" });
  for (let turns = 0; turns < 10 && (await next.count()); turns++) {
    const left = await shown.view.locator(".more").innerText();
    await next.click();
    await expect.poll(() => shown.view.locator(".more").innerText()).not.toBe(left);
  }
  expect(await rows(shown).count()).toBe(pushed[at("deals")]);
  expect(shown.complaints).toEqual([]);
});

test.each([1000, 400])("at %d px each bar begins where the one before ended", async (width) => {
  const shown = await show(reviewChanges(), { width });
  const upright = width > 600;
  const ends = await shown.view.locator(".bar").evaluateAll(
    (all, isUpright) =>
      all.map((one) => {
        const fill = one.querySelector(".fill")!;
        const number = (name: string) => Number(fill.getAttribute(name));
        const [from, size] = isUpright ? [number("y"), number("height")] : [number("x"), number("width")];
        return { look: one.getAttribute("class"), low: from, high: from + size };
      }),
    upright,
  );
  const [start, finish] = upright ? (["high", "low"] as const) : (["low", "high"] as const);
  for (const [index, one] of ends.entries()) {
    const before = ends[index - 1];
    if (!before) continue;
    const reached = before.look === "bar up" || before.look === "bar total" ? before[finish] : before[start];
    const begins = one.look === "bar up" ? one[start] : one[finish];
    expect(Math.abs(reached - begins), `step ${index}`).toBeLessThan(2.1);
  }
});

test("a click on a bar shows its deals alone; once more, and all are back", async () => {
  const shown = await show();
  await bar(shown, "Won").click();
  expect(await rows(shown).count()).toBe(count("won"));
  expect(await shown.view.locator(".filter").innerText()).toContain("Won: 3 deals");
  expect(await bar(shown, "Won").getAttribute("aria-selected")).toBe("true");
  await bar(shown, "Won").click();
  expect(await rows(shown).count()).toBe(CHANGED.length);
});

test("the same with a keyboard", async () => {
  const shown = await show();
  await bars(shown).first().focus();
  await shown.page.keyboard.press("ArrowRight");
  await shown.page.keyboard.press("Enter");
  expect(await rows(shown).count()).toBe(count("new"));
  await shown.view.getByRole("button", { name: "Show all steps" }).focus();
  await shown.page.keyboard.press("Enter");
  expect(await rows(shown).count()).toBe(CHANGED.length);
});

test("a deal's row opens the record, and what changed is said in its own terms", async () => {
  const shown = await show();
  await bar(shown, "Pushed out").click();
  expect(await rows(shown).first().innerText()).toContain("Dec 18, 2026 → Jan 22, 2027");
  await rows(shown).first().getByRole("button").click();
  const { id } = CHANGED.find(({ step }) => step === "pushed_out")!;
  await expect.poll(() => shown.opened).toEqual([expect.stringContaining(id)]);
});

test("rows that were cut are fetched, and the filter holds", async () => {
  const [first, rest] = [CHANGED.slice(0, 12), CHANGED.slice(12)];
  const cut = { total: CHANGED.length, truncated: true, cursor: "next", shared: { currency: "USD" } };
  const shown = await show(
    { ...reviewChanges(), deals: travelling(first, cut) },
    { call: async () => ({ rows: travelling(rest, { shared: { currency: "USD", step: "won" } }) }) },
  );
  await bar(shown, "Won").click();
  expect(await rows(shown).count()).toBe(1);
  await shown.view.getByRole("button", { name: "Show the next" }).click();
  await shown.view.getByText("2 more deals read.").waitFor();
  expect(shown.calls).toEqual([{ tool: "hub_get_more", input: { cursor: "next" } }]);
  expect(await rows(shown).count()).toBe(3);
});

test("where totals dwarf the changes the axis is cut, and says so; where they do not, it begins at zero", async () => {
  const shown = await show();
  await shown.view.getByText(/The axis begins at \$7.*, not at zero/).waitFor();
  const small = { step: "opening", amount: 100 };
  const whole = await show({
    waterfall: travelling([small, { step: "new", amount: 100 }, { step: "closing", amount: 200 }]),
  });
  expect(await bars(whole).count()).toBe(3);
  expect(await whole.view.getByText("The axis begins").count()).toBe(0);
});

test("deals without a waterfall, and a waterfall without deals", async () => {
  const { deals, waterfall, ...rest } = reviewChanges();
  const noBars = await show({ ...rest, deals });
  expect(await rows(noBars).count()).toBe(CHANGED.length);
  const noRows = await show({ ...rest, waterfall });
  expect(await bars(noRows).count()).toBe(10);
  expect([...noBars.complaints, ...noRows.complaints]).toEqual([]);
});
