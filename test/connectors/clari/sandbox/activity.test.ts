import { describe, expect, test } from "vitest";
import { type Clari, ERROR_ID, openSandbox } from "./open-sandbox.ts";

const submit = ({ ask }: Clari, body: unknown) => ask("/v4/export/activity", { method: "POST", body });

interface Activity {
  readonly activityType: string;
  readonly subject: string;
  readonly date: number;
  readonly opportunities: readonly { readonly opportunityId: string }[];
}

const read = async (clari: Clari, body: object): Promise<Activity[]> => {
  const answer = await submit(clari, body);
  expect(answer.status).toBe(202);
  clari.clock.advance(10_000);
  return (await clari.ask(`/v4/export/jobs/${answer.body.jobId}/results`)).body.activities;
};

const LAST_MONTH = { startDate: "2026-10-21T00:00:00Z", endDate: "2026-11-21T00:00:00Z" };

describe("the activity export", () => {
  test("holds the meetings of the company with their account, deal and people", async () => {
    const clari = await openSandbox();
    const { events, deals, accounts, people, contacts } = clari.company;
    const activities = await read(clari, { activityTypes: ["MEETING"], ...LAST_MONTH });
    const inRange = events.filter(
      ({ startAt }) =>
        startAt >= Date.parse("2026-10-21") && startAt <= Date.parse("2026-11-21T23:59:59.999Z"),
    );
    expect(activities.length).toBe(inRange.length);

    const event = inRange.find(
      ({ whatId, whoId, accountId }) =>
        whoId && accountId && deals.some(({ id, inClari }) => id === whatId && inClari),
    )!;
    const deal = deals.find(({ id }) => id === event.whatId)!;
    const account = accounts.find(({ id }) => id === event.accountId)!;
    const owner = people.find(({ id }) => id === event.ownerId)!;
    const contact = contacts.find(({ id }) => id === event.whoId)!;
    const shown = activities.find(
      ({ date, subject, opportunities }) =>
        date === event.startAt && subject === event.subject && opportunities[0]?.opportunityId === deal.id,
    );
    expect(shown).toEqual({
      activityId: expect.stringMatching(/^[0-9a-f]{32}$/),
      activityType: "MEETING",
      activityOwnerId: owner.id,
      activityOrganiserId: owner.id,
      subject: event.subject,
      date: event.startAt,
      accounts: [{ accountId: account.id, accountName: account.name, accountOwnerId: account.ownerId }],
      opportunities: [
        { opportunityId: deal.id, opportunityName: deal.name, opportunityOwnerId: deal.ownerId },
      ],
      participants: [
        { name: owner.name, email: owner.email, sfdcUserId: owner.id, isInternal: true },
        {
          name: [contact.firstName, contact.lastName].filter(Boolean).join(" "),
          email: contact.email ?? "",
          sfdcUserId: "",
          isInternal: false,
        },
      ],
    });
  });

  test("holds mails that were sent, and only what was asked for", async () => {
    const clari = await openSandbox();
    const mails = await read(clari, { activityTypes: ["EMAIL_SENT"], ...LAST_MONTH });
    expect(mails.length).toBeGreaterThan(0);
    expect(
      mails.every((mail) => mail.activityType === "EMAIL_SENT" && mail.subject.startsWith("Email")),
    ).toBe(true);
    expect(await read(clari, { activityTypes: ["EMAIL_RECEIVED"], ...LAST_MONTH })).toEqual([]);
  });

  test("never names a deal that Clari does not know", async () => {
    const clari = await openSandbox();
    const activities = await read(clari, {
      activityTypes: ["MEETING", "EMAIL_SENT"],
      startDate: "2025-01-01",
      endDate: "2027-12-31",
    });
    const named = new Set(activities.flatMap((one) => one.opportunities.map((deal) => deal.opportunityId)));
    expect(named).toContain(clari.company.stories.healthy);
    expect(named).not.toContain(clari.company.stories.missingInClari);
  });

  test("looks at date and offset of its timestamps, not at their hours", async () => {
    const clari = await openSandbox();
    const day = (startDate: string, endDate: string) =>
      read(clari, { activityTypes: ["MEETING"], startDate, endDate });
    const plain = await day("2026-11-18", "2026-11-18");
    expect(plain.length).toBeGreaterThan(0);
    expect(await day("2026-11-18T17:00:00Z", "2026-11-18T18:00:00Z")).toEqual(plain);
    const tokyo = await day("2026-11-19T12:00:00+09:00", "2026-11-19T12:00:00+09:00");
    const from = Date.parse("2026-11-18T15:00:00Z");
    expect(tokyo.every(({ date }) => date >= from && date < from + 86_400_000)).toBe(true);
    expect(tokyo.length).toBeGreaterThan(0);
  });

  test.each([
    ["not JSON", "The request body is malformed."],
    [
      { ...LAST_MONTH, activityTypes: ["CALL"] },
      "activityTypes must be any of MEETING, EMAIL_SENT, EMAIL_RECEIVED, ATTACHMENT_SENT, ATTACHMENT_RECEIVED.",
    ],
    [{ activityTypes: ["MEETING"], endDate: "2026-11-21" }, "startDate is invalid."],
    [{ activityTypes: ["MEETING"], startDate: "2026-11-21", endDate: "2026-11-20" }, "endDate is invalid."],
    [{ ...LAST_MONTH, activityTypes: ["MEETING"], exportFormat: "CSV" }, "exportFormat must be JSON."],
  ])("refuses %j", async (body, message) => {
    const clari = await openSandbox();
    const answer = await submit(clari, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      code: "Bad request",
      namespace: "activity",
      errorId: ERROR_ID,
      message,
      orgId: 101,
      userId: 3001,
    });
  });
});
