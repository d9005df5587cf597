/** Silence of the `dealChanges` dataset means that nothing moved: what could not be asked is never silence. */
import { describe, expect, test } from "vitest";
import { startHub, type TestHub } from "../../kit/hub.ts";
import { ASKER, DIALECTS } from "./clari-hub.ts";

const DAYS = { from: "2026-11-01", to: "2026-11-21" };

const start = async (crm: "absent" | "down" | "up", dialect: (typeof DIALECTS)[number]) => {
  const connectors = { clari: {}, asker: { from: ASKER }, ...(crm !== "absent" && { salesforce: {} }) };
  // The asker shows rows as they are, which no model could take.
  const hub = await startHub({ connectors, config: { limits: { answerTokens: 5_000_000 } } });
  hub.sandbox("clari").configure({ dialect });
  if (crm === "down") hub.sandbox("salesforce").fault({ match: ".*", status: 503, body: "down" });
  return hub;
};

const ask = async (hub: TestHub) =>
  (await hub.call("asker_get_dataset", { dataset: "dealChanges", query: DAYS })).answer;

const askTool = (hub: TestHub) =>
  hub.call("clari_get_pipeline_changes", { start_date: DAYS.from, end_date: DAYS.to });

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  test("with a CRM there are rows and nothing is missing", async () => {
    const { rows, missing } = await ask(await start("up", dialect));
    expect(rows.length).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  });

  test.each([
    ["absent", "config"],
    ["down", "vendor_unavailable"],
  ] as const)("without any word of deals because the CRM is %s, Clari is missing", async (crm, code) => {
    const { rows, missing } = await ask(await start(crm, dialect));
    expect(rows).toEqual([]);
    expect(missing).toEqual([
      { system: "clari", code, reason: expect.stringMatching(/^Ids of deals come from a CRM\. \w/) },
    ]);
  });

  test.each(["absent", "down"] as const)(
    "of the deals that the log names there are rows, and a notice that it is of them alone (CRM %s)",
    async (crm) => {
      const hub = await start(crm, dialect);
      hub.sandbox("clari").configure({ sourceDocumentEventNames: true });
      const { rows, missing, notices } = await ask(hub);
      expect(rows.length).toBeGreaterThan(0);
      expect(missing).toEqual([]);
      expect(notices).toContainEqual(
        expect.stringMatching(/^Partial answer, without all of the history of the deals: Ids of deals/),
      );
    },
  );

  test.each(["absent", "down"] as const)("the tool says that deals are missing (CRM %s)", async (crm) => {
    const { answer, isError } = await askTool(await start(crm, dialect));
    expect(isError).toBe(false);
    expect(answer.notices).toContainEqual(
      expect.stringMatching(
        /^Partial answer, without the history of the deals: Ids of deals come from a CRM/,
      ),
    );
  });
});

test("when the CRM and the log are both down and nothing is kept, the tool fails", async () => {
  const hub = await start("down", "live");
  hub.sandbox("clari").fault({ match: "GET .*/audit/", status: 500, body: "{}" });
  expect(await askTool(hub)).toBeRefused("vendor_unavailable");
});
