import { test } from "vitest";
import { prepareForecastCall, reviewChanges, reviewCommits } from "./answers.ts";
import { showView, useBrowser } from "./browser.ts";
useBrowser();
for (const [name, answer] of [["review-commits", reviewCommits()], ["prepare-forecast-call", prepareForecastCall()], ["review-changes", reviewChanges()]] as const)
  for (const [suffix, options] of [["light", {}], ["dark", { theme: "dark" }], ["400", { width: 400 }]] as const)
    test(`${name} ${suffix}`, async () => {
      const shown = await showView(name, answer, { ...options, call: async () => answer });
      await shown.page.waitForTimeout(200);
      await shown.screenshot(`/tmp/hv-${name}-${suffix}.png`);
      console.log(name, suffix, shown.complaints, shown.requests);
    });
