import { expect, test } from "vitest";
import { startHub } from "../kit/hub.ts";
import { prepareForecastCall } from "./answers.ts";
import { type ShownView, type ShowOptions, showView, useBrowser } from "./browser.ts";

useBrowser();

const show = (answer: object = prepareForecastCall(), options: ShowOptions = {}) =>
  showView("prepare-forecast-call", answer, options);
const weeks = ({ view }: ShownView) =>
  view.getByRole("listbox", { name: "Call against quota, week by week" }).getByRole("option");
const legend = ({ view }: ShownView) => view.locator(".figures");

test("the call against quota, a mark a week, and the figures of the week of the call", async () => {
  const shown = await show();
  expect(await weeks(shown).count()).toBe(7);
  expect(await shown.view.locator(".tiles").innerText()).toMatch(/\$5.25M\s+-\$250K on last week/);
  expect(await legend(shown).innerText()).toMatch(
    /Quota \$6M.*Call \$5.25M.*Closed \$3.11M.*week of Nov 16/s,
  );
  expect(shown.complaints).toEqual([]);
  expect(shown.requests).toEqual(["/", "/host.js", "/view"]);
});

test("a real answer: its weeks, its steps and its questions", async () => {
  const hub = await startHub();
  const { answer } = await hub.call("revops_prepare_forecast_call");
  const shown = await show(answer);
  expect(answer.weeks.returned).toBeGreaterThan(2);
  expect(await weeks(shown).count()).toBe(answer.weeks.returned);
  expect(await shown.view.locator(".bar").count()).toBe(answer.moved.steps.length + 2);
  expect(await shown.view.locator(".ask li").count()).toBe(answer.ask.returned);
  expect(await shown.view.locator("header").innerText()).toContain(answer.who.name);
  expect(shown.complaints).toEqual([]);
});

test("whoever looks at a week reads its figures, with mouse or keyboard", async () => {
  const shown = await show();
  await weeks(shown).first().hover();
  expect(await legend(shown).innerText()).toMatch(/Call \$5.9M.*week of Oct 5/s);
  await weeks(shown).last().focus();
  await shown.page.keyboard.press("ArrowLeft");
  expect(await legend(shown).innerText()).toMatch(/Call \$5.5M.*week of Nov 9/s);
});

test("the same figures as a table", async () => {
  const shown = await show();
  await shown.view.getByText("Week by week in figures").click();
  expect(await shown.view.locator("tbody tr").count()).toBe(7);
  expect(await shown.view.locator("tbody tr").first().innerText()).toMatch(
    /Nov 16\s+\$5.25M\s+\$6.4M\s+\$3.11M\s+\$6M/,
  );
});

test("what moved, from the last call to this", async () => {
  const shown = await show();
  const bars = shown.view
    .getByRole("listbox", { name: "What moved since the last call" })
    .getByRole("option");
  expect(await bars.count()).toBe(9);
  expect(await bars.nth(5).getAttribute("aria-label")).toMatch(/^Pushed out, -\$262K.*3 deals/);
});

test("five deals to ask about, each with its question and the way to the record", async () => {
  const shown = await show();
  const cards = shown.view.locator(".ask li");
  expect(await cards.count()).toBe(5);
  expect(await cards.first().innerText()).toMatch(/^Who signs, and when did you last speak to them\?/);
  await cards.nth(1).getByRole("button", { name: "Open in the CRM" }).click();
  await expect.poll(() => shown.opened).toEqual([expect.stringContaining("006Kx00000000001AA")]);
});

test("read again: the same call, drawn anew", async () => {
  const later = { ...prepareForecastCall(), call: { ...prepareForecastCall().call, call: 5_400_000 } };
  const shown = await show(prepareForecastCall(), {
    input: { manager: "Ines Laurent" },
    call: async () => later,
  });
  await shown.view.getByRole("button", { name: "Read again" }).click();
  await shown.view.getByText("Read again just now.").waitFor();
  expect(shown.calls).toEqual([{ tool: "revops_prepare_forecast_call", input: { manager: "Ines Laurent" } }]);
  expect(await shown.view.locator(".tiles").innerText()).toContain("$5.4M");
});

test("each part may be missing", async () => {
  const whole = prepareForecastCall();
  for (const part of ["call", "weeks", "moved", "ask", "who", "week", "link"] as const) {
    const { [part]: _, ...rest } = whole;
    const shown = await show(rest);
    await shown.view.locator("footer").waitFor();
    expect(shown.complaints, part).toEqual([]);
  }
});
