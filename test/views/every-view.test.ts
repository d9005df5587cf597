/** What holds for all three, whatever they draw. */
import { readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { prepareForecastCall, reviewChanges, reviewCommits } from "./answers.ts";
import { showView, useBrowser, viewFile } from "./browser.ts";

useBrowser();

const VIEWS = [
  ["review-commits", reviewCommits()],
  ["prepare-forecast-call", prepareForecastCall()],
  ["review-changes", reviewChanges()],
] as const;

describe.each(VIEWS)("%s", (name, answer) => {
  test("is one small file that reaches for nothing", () => {
    expect(statSync(viewFile(name)).size).toBeLessThanOrEqual(120_000);
    const html = readFileSync(viewFile(name), "utf8");
    // Namespaces are names; nothing is loaded from them.
    const addresses = (html.match(/https?:\/\/[^"'`\s)]+/g) ?? []).filter(
      (one) => !one.startsWith("http://www.w3.org/"),
    );
    expect(addresses).toEqual([]);
    expect(html).not.toMatch(/\beval\(|new Function|innerHTML|\bimport\(|<link|<base|\bsrc=/);
  });

  test.each(["light", "dark"] as const)("%s: legible, and the host may change its mind", async (theme) => {
    const shown = await showView(name, answer, { theme });
    expect(await contrasts(shown.view)).toEqual([]);
    const other = theme === "light" ? "dark" : "light";
    const ground = () =>
      shown.view.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
    const before = await ground();
    await shown.page.evaluate(
      (next) => (globalThis as never as { changeTheme(t: string): void }).changeTheme(next),
      other,
    );
    await expect.poll(ground).not.toBe(before);
    expect(shown.complaints).toEqual([]);
  });

  test.each([400, 320, 1400])("%d px: nothing is cut off or has to be scrolled sideways", async (width) => {
    const shown = await showView(name, answer, { width, call: async () => answer });
    const wide = await shown.view.locator("html").evaluate((html) => {
      const limit = html.clientWidth;
      const sideways = [...document.querySelectorAll("body *:not(.unseen)")].filter(
        (one) => one.getBoundingClientRect().right > limit + 1 && !one.closest(".tip"),
      );
      return { over: html.scrollWidth - limit, sideways: sideways.map((one) => one.outerHTML.slice(0, 80)) };
    });
    expect(wide).toEqual({ over: 0, sideways: [] });
  });

  test("the frame is as high as the view", async () => {
    const shown = await showView(name, answer);
    await expect
      .poll(async () => {
        const frame = await shown.page.locator("iframe").evaluate((one) => one.clientHeight);
        const body = await shown.view.locator("body").evaluate((one) => one.getBoundingClientRect().height);
        return Math.abs(frame - body);
      })
      .toBeLessThanOrEqual(1);
  });

  test("numbers and dates in the host's language", async () => {
    const shown = await showView(name, answer, { locale: "de-DE" });
    await expect.poll(() => shown.view.locator("main").innerText()).toMatch(/\d [$€]|\d\u00a0[$€]/);
    expect(await shown.view.locator("main").innerText()).toMatch(/Nov\.|Dez\./);
  });

  test.each(["en-US@posix", "no locale", "x"])(
    "a host that calls its language %s is drawn for all the same",
    async (locale) => {
      const shown = await showView(name, answer, { locale });
      await expect.poll(() => shown.view.locator("main").innerText()).toContain("$");
      expect(shown.complaints).toEqual([]);
    },
  );

  test("the host's colours are taken over", async () => {
    const shown = await showView(name, answer, {
      variables: { "--color-background-primary": "rgb(250, 240, 230)" },
    });
    const ground = await shown.view
      .locator("body")
      .evaluate((body) => getComputedStyle(body).backgroundColor);
    expect(ground).toBe("rgb(250, 240, 230)");
  });

  test("nothing moves for who does not want that, and the host's goodbye is answered", async () => {
    const shown = await showView(name, answer, { reducedMotion: "reduce" });
    const moving = await shown.view
      .locator("body")
      .evaluate(
        () =>
          [...document.querySelectorAll("*")].filter(
            (one) => getComputedStyle(one).transitionDuration !== "0s",
          ).length,
      );
    expect(moving).toBe(0);
    const goodbye = await shown.page.evaluate(() =>
      (globalThis as never as { teardown(): Promise<object> }).teardown(),
    );
    expect(goodbye).toEqual({});
  });
});

/** Texts whose contrast to their ground is below 4.5 (WCAG 2.2, AA). */
const contrasts = (view: Awaited<ReturnType<typeof showView>>["view"]) =>
  view.locator("body").evaluate((body) => {
    const light = (color: string) => {
      const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map(Number).map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (one: Element | null): string => {
      if (!one) return "rgb(255, 255, 255)";
      const { backgroundColor } = getComputedStyle(one);
      return backgroundColor === "rgba(0, 0, 0, 0)" ? ground(one.parentElement) : backgroundColor;
    };
    const texts = [...body.querySelectorAll("main *")].filter((one) =>
      [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
    );
    return texts.flatMap((one) => {
      const style = getComputedStyle(one);
      const isDrawn = one.namespaceURI?.endsWith("svg");
      const [high = 1, low = 0] = [light(isDrawn ? style.fill : style.color), light(ground(one))].sort(
        (a, b) => b - a,
      );
      const ratio = (high + 0.05) / (low + 0.05);
      return ratio < 4.5 ? [`${one.textContent?.slice(0, 30)}: ${ratio.toFixed(2)}`] : [];
    });
  });
