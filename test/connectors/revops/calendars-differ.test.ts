import { expect, test } from "vitest";
import { startHub } from "../../kit/hub.ts";

test("calls of a quarter that has the name but other days are not set beside this one's deals", async () => {
  const hub = await startHub({
    connectors: {
      clari: {},
      salesforce: { config: { currency: "USD" } },
      revops: { config: { fiscalYearStartMonth: 12 } },
    },
  });
  const { answer } = await hub.call("revops_prepare_forecast_call");
  expect(answer.call).toMatchObject({ call: null, quota: null, coverage: null });
  expect(answer.weeks.total).toBe(0);
  const { answer: compared } = await hub.call("revops_compare_forecast");
  expect(compared.totals).toEqual([expect.objectContaining({ compared: 0, disagreeing: 0 })]);
  for (const { notices } of [answer, compared])
    expect(notices.join(" ")).toMatch(
      /The calls of 2026_Q4 are left out: .* begins on 2026-10-01, here on 2026-09-01\. The setting fiscalYearStartMonth/,
    );
});
