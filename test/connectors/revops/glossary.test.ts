/** What words mean here: the trade's, with the thresholds set, the calendar's, and the organisation's own. */
import { expect, test } from "vitest";
import { type StartOptions, startHub } from "../../kit/hub.ts";
import { records } from "../../kit/records.ts";

const readGlossary = async (options: StartOptions = {}) => {
  const hub = await startHub(options);
  const { contents } = await hub.client.readResource({ uri: "revops://glossary" });
  const glossary = JSON.parse((contents[0] as { text: string }).text);
  const meaning = (term: string) =>
    records(glossary.terms).find((one) => one.term === term)?.meaning as string | undefined;
  return { hub, glossary, meaning };
};

test("words of the trade come with the thresholds that are set here, in our own plain words", async () => {
  const { glossary, meaning } = await readGlossary({
    connectors: { revops: { config: { riskBelow: 42, silentDays: 9 } } },
  });
  for (const term of ["commit", "best case", "coverage", "gap", "slip", "at risk", "quota", "pulled_in"])
    expect(meaning(term), term).toMatch(/\w/);
  expect(meaning("low_score")).toBe("Score below 42 (riskBelow).");
  expect(meaning("silent")).toContain("9 days");
  // What is longer would be marked as not ours.
  expect(JSON.stringify(glossary.terms)).not.toContain("untrusted");
  expect(glossary.terms.truncated).toBe(false);
});

test("every reason that a review gives is explained", async () => {
  const { hub, meaning } = await readGlossary();
  const { answer } = await hub.call("revops_review_commits");
  const codes = new Set(records(answer.deals).flatMap(({ reasons }) => String(reasons ?? "").split(", ")));
  codes.delete("");
  expect(codes.size).toBeGreaterThan(3);
  for (const code of codes) expect(meaning(code), code).toBeDefined();
});

test("the fiscal calendar has this quarter and its neighbours, in the configured time zone", async () => {
  const config = {
    fiscalYearStartMonth: 2,
    timeZone: "Asia/Tokyo",
    weekStart: "sunday",
    callDay: "thursday",
  };
  const { glossary } = await readGlossary({ connectors: { revops: { config } } });
  expect(glossary.calendar).toMatchObject({
    timeZone: "Asia/Tokyo",
    fiscalYearStartsIn: "February",
    weekStart: "sunday",
    forecastCall: "thursday",
  });
  expect(records(glossary.quarters)).toEqual([
    { id: "2027_Q3", position: "previous", from: "2026-08-01", to: "2026-10-31" },
    { id: "2027_Q4", position: "current", from: "2026-11-01", to: "2027-01-31" },
    { id: "2028_Q1", position: "next", from: "2027-02-01", to: "2027-04-30" },
  ]);
});

test("fields mean what the systems say; without them the rest is whole, and that is said", async () => {
  const { glossary, hub } = await readGlossary();
  const fields = records(glossary.fields);
  expect(fields.some(({ field }) => String(field).startsWith("Opportunity."))).toBe(true);
  expect(hub.trail.last()).toMatchObject({ tool: "revops_get_glossary", outcome: "ok" });
  expect(glossary.sources.length).toBeGreaterThan(0);

  const alone = await readGlossary({ connectors: ["revops"] });
  expect(alone.glossary.fields.total).toBe(0);
  expect(alone.glossary.terms).toEqual(glossary.terms);
  expect(alone.glossary.notices).toEqual([
    expect.stringMatching(/^Partial answer, .*meanings of its fields/),
  ]);
});
