import { describe, expect, test } from "vitest";
import { DIALECTS, records, startAnother, startClari, submissions } from "./clari-hub.ts";

const MIB = 1024 * 1024;
const DOWNLOAD = /\/results$/;

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  test("a file too large to hold has the same figures as a small one", async () => {
    const { hub, clari } = await startClari(dialect);
    const usual = (await hub.call("clari_get_forecast")).answer;
    const downloads = clari.requests(DOWNLOAD).length;
    clari.configure({ padEntriesTo: 12 * MIB });
    const other = await startAnother({ hub, clari });
    const { answer } = await other.call("clari_get_forecast");
    expect(answer).toMatchObject({ status: "done", totals: usual.totals, fields: usual.fields });
    expect(records(answer.rows)).toEqual(records(usual.rows));
    expect(answer.notices).toContainEqual(expect.stringContaining("so large"));
    // Once to learn which fields are figures, once for these; no second export.
    expect(clari.requests(DOWNLOAD).length).toBe(downloads + 2);
    const accepted = submissions(clari).filter(({ status }) => status === 200);
    expect(accepted.length).toBe(2);
    // Kept like any other.
    const past = (await other.call("clari_get_forecast", { as_of: "2026-11-21" })).answer;
    expect(past.totals).toEqual(usual.totals);
    expect(past.notices).toContainEqual(expect.stringContaining("so large"));
  });

  test("a connection that breaks in the middle of a large file is taken up again from the start", async () => {
    const { hub, clari } = await startClari(dialect);
    const usual = (await hub.call("clari_get_forecast")).answer;
    clari.configure({ padEntriesTo: 6 * MIB });
    const other = await startAnother({ hub, clari });
    clari.fault({ match: "GET .*/results", times: 1, spoil: "cut" });
    expect((await other.call("clari_get_forecast")).answer.totals).toEqual(usual.totals);
  });
});

test("a large file that is cut or broken is refused as a whole", async () => {
  const { hub, clari } = await startClari();
  clari.configure({ padEntriesTo: 6 * MIB });
  const entry = {
    userId: "1:a",
    fieldId: "fc_commit",
    timePeriodId: "2026_Q4",
    timeFrameId: "TF:2026-11-16",
  };
  const many = Array.from({ length: 40_000 }, () => JSON.stringify(entry)).join();
  for (const body of [`{"entries":[${many}`, `{"entries":[${many},{"userId":7}]}`, `{"entries":[${many}]}`]) {
    clari.fault({ match: "GET .*/results", status: 200, body });
    const result = await hub.call("clari_get_forecast");
    expect(result).toBeRefused("vendor_malformed");
    expect(JSON.stringify(result.answer)).not.toContain("fc_commit");
  }
});
