import { describe, expect, test } from "vitest";
import { id18 } from "#sandbox/company/ids.ts";
import { RESTRICTED_TOKEN } from "../../../connectors/salesforce/sandbox/tokens.ts";
import { startHub } from "../../kit/hub.ts";
import { startConfigured } from "./configured.ts";
import { promised, received } from "./requests.ts";

const TODAY = "2026-11-21";

const start = async (config: Record<string, unknown> = {}) => {
  const hub = await startHub({ connectors: { salesforce: { config } } });
  const { company } = hub;
  const deal = company.deals.find(({ id }) => id === company.stories.healthy)!;
  const get = (opp_id: string = deal.id, more: object = {}) =>
    hub.call("salesforce_get_opportunity", { opp_id, ...more });
  return { hub, company, deal, get, salesforce: hub.sandbox("salesforce") };
};

const members = (salesforce: ReturnType<Awaited<ReturnType<typeof startHub>>["sandbox"]>) =>
  (received(salesforce)[0]!.body as { compositeRequest: { referenceId: string; url: string }[] })
    .compositeRequest;

describe("salesforce_get_opportunity", () => {
  test("answers fields, owner, account and activity in one request", async () => {
    const { get, company, deal, salesforce } = await start();
    const { answer, isError } = await get();
    expect(isError).toBe(false);
    expect(answer.record).toMatchObject({
      Id: deal.id,
      Name: deal.name,
      Amount: deal.amount,
      CloseDate: deal.closeDate,
      OwnerId: deal.ownerId,
      LastActivityDate: deal.lastActivityDate,
      CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(answer.owner).toBe(company.people.find(({ id }) => id === deal.ownerId)!.name);
    expect(answer.account).toBe(company.accounts.find(({ id }) => id === deal.accountId)!.name);
    expect(answer.url).toBe(`${salesforce.url}/lightning/r/Opportunity/${deal.id}/view`);
    expect(salesforce.requests()).toHaveLength(1);
    expect(answer.sources).toMatchObject([{ requests: 1 }]);
    expect(answer.notices).toBeUndefined();
  });

  test("tells the next event, the latest of past events and finished tasks, and open tasks", async () => {
    const { get, company } = await start();
    const dates = (events: readonly { activityDate: string | null }[]) =>
      events.map(({ activityDate }) => activityDate ?? "").sort();
    const seen = { next: 0, event: 0, task: 0, open: 0 };
    for (const { id } of company.deals.filter(({ stage }) => stage === "Commit").slice(0, 25)) {
      const events = company.events.filter(({ whatId }) => whatId === id);
      const tasks = company.tasks.filter(({ whatId }) => whatId === id);
      const next = dates(events.filter(({ activityDate }) => activityDate >= TODAY))[0];
      const past = dates(events.filter(({ activityDate }) => activityDate < TODAY)).at(-1) ?? "";
      const finished = dates(tasks.filter(({ isClosed }) => isClosed)).at(-1) ?? "";
      const { activity } = (await get(id)).answer;
      expect(activity.nextEvent?.date).toBe(next);
      expect(activity.latest?.date ?? "").toBe(past > finished ? past : finished);
      expect(activity.openTasks).toBe(tasks.filter(({ isClosed }) => !isClosed).length);
      if (next) seen.next += 1;
      if (activity.openTasks > 0) seen.open += 1;
      if (past > finished) seen.event += 1;
      if (finished > past) seen.task += 1;
      if (past !== finished) expect(activity.latest.kind).toBe(past > finished ? "event" : "task");
    }
    // The sample has all of it.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  });

  test("leaves empty fields out, and says null where there is no account and nothing is planned", async () => {
    const { get, company, deal } = await start();
    Object.assign(deal, { accountId: null, nextStep: null, amount: null });
    company.events.splice(0);
    company.tasks.splice(0);
    const { answer } = await get();
    for (const field of ["AccountId", "NextStep", "Amount"]) expect(answer.record).not.toHaveProperty(field);
    expect(answer.account).toBeNull();
    expect(answer.activity).toEqual({ nextEvent: null, latest: null, openTasks: 0 });
  });

  test("narrows to the fields asked for, each once", async () => {
    const { get, deal, salesforce } = await start();
    const { answer } = await get(deal.id.slice(0, 15), { fields: ["Amount", "StageName", "Amount"] });
    expect(answer.record).toMatchObject({ Amount: deal.amount, StageName: deal.stage });
    expect(answer.record).not.toHaveProperty("Name");
    expect(members(salesforce)[0]?.url).toMatch(/\?fields=Amount,StageName$/);
  });

  test("marks hostile text as data", async () => {
    const { get, company } = await start();
    const { answer } = await get(company.stories.hostile);
    expect(answer.record.NextStep).toMatch(/^⟦(\w+) untrusted: .* \1⟧$/s);
    expect(answer.record.Amount).toEqual(expect.any(Number));
  });

  test("a dry run shows exactly the request of a real run", async () => {
    const { get, deal, salesforce } = await start();
    const { answer } = await get(deal.id, { fields: ["Amount"], dry_run: true });
    expect(salesforce.requests()).toEqual([]);
    await get(deal.id, { fields: ["Amount"] });
    expect(promised(answer)).toEqual(received(salesforce));
  });
});

describe("what may not be read", () => {
  test("fields that the user may not see are absent", async () => {
    const { deal, salesforce } = await start();
    const hub = await startConfigured(
      { instanceUrl: salesforce.url, auth: { type: "access_token", token: "env:TOKEN" } },
      { TOKEN: RESTRICTED_TOKEN },
    );
    const { answer } = await hub.call("salesforce_get_opportunity", { opp_id: deal.id });
    expect(answer.record.Name).toBe(deal.name);
    expect(answer.record).not.toHaveProperty("Amount");
    const asked = await hub.call("salesforce_get_opportunity", { opp_id: deal.id, fields: ["Amount"] });
    expect(asked).toBeRefused("vendor_rejected");
    expect(asked.answer.error.vendor.code).toBe("INVALID_FIELD");
  });

  test("fields that the configuration denies are left out, and said so", async () => {
    const { get } = await start({ denyFields: ["Opportunity.Amount", "NextStep"] });
    const { answer } = await get();
    expect(answer.record).not.toHaveProperty("Amount");
    expect(answer.record).not.toHaveProperty("NextStep");
    expect(answer.notices.join()).toContain("2 fields are left out");
  });

  test("a denied field that is asked for is refused before anything is sent", async () => {
    const { get, deal, salesforce } = await start({ denyFields: ["Opportunity.Amount"] });
    const refused = await get(deal.id, { fields: ["Name", "amount"] });
    expect(refused).toBeRefused("forbidden");
    expect(refused.answer.error.fields).toEqual(["amount"]);
    expect(salesforce.requests()).toEqual([]);
  });

  test("a denied object is refused before anything is sent", async () => {
    const { get, salesforce } = await start({ objects: { allow: ["Account"] } });
    expect(await get()).toBeRefused("forbidden");
    expect(salesforce.requests()).toEqual([]);
  });

  test.each([
    [{ objects: { allow: ["Opportunity", "Task"] } }, ["record", "finishedTask", "openTasks"]],
    [{ objects: { deny: ["Task"] } }, ["record", "names", "nextEvent", "pastEvent"]],
    [{ denyFields: ["Event.ActivityDate", "User.Name"] }, ["record", "names", "finishedTask", "openTasks"]],
  ])("of %j only the rest is asked for", async (config, expected) => {
    const { get, salesforce } = await start(config);
    const { answer, isError } = await get();
    expect(isError).toBe(false);
    expect(members(salesforce).map(({ referenceId }) => referenceId)).toEqual(expected);
    expect(answer.notices.join()).toContain("as the configuration denies it");
    if (!expected.includes("nextEvent")) expect(answer.activity).not.toHaveProperty("nextEvent");
    if (!expected.includes("openTasks")) expect(answer.activity).not.toHaveProperty("openTasks");
  });

  test("without the owner's name the account's is told", async () => {
    const { get, company, deal } = await start({ denyFields: ["User.Name"] });
    const { answer } = await get();
    expect(answer.owner).toBeNull();
    expect(answer.account).toBe(company.accounts.find(({ id }) => id === deal.accountId)!.name);
  });

  test("what Salesforce refuses to tell is left out, with a notice, and the rest answers", async () => {
    const { get, deal, salesforce } = await start();
    salesforce.configure({ hiddenFields: { integration: ["Event.ActivityDate", "Account.Name"] } });
    const { answer, isError } = await get();
    expect(isError).toBe(false);
    expect(answer.record.Name).toBe(deal.name);
    expect(answer).not.toHaveProperty("owner");
    expect(answer.activity).not.toHaveProperty("nextEvent");
    expect(answer.activity.openTasks).toEqual(expect.any(Number));
    expect(answer.notices).toEqual([
      "Left out, as Salesforce refused to tell: names of owner and account, the next event, past events.",
    ]);
  });
});

describe("salesforce_get_account, _contact and _lead", () => {
  test("answer their record, its owner and a link", async () => {
    const { hub, company, salesforce } = await start();
    const nameOf = (ownerId: string) => company.people.find(({ id }) => id === ownerId)!.name;
    const account = company.accounts[0]!;
    const contact = company.contacts[0]!;
    const lead = company.leads[0]!;
    const gotAccount = (await hub.call("salesforce_get_account", { account_id: account.id })).answer;
    expect(gotAccount).toMatchObject({
      record: { Name: account.name, AnnualRevenue: account.annualRevenue },
      owner: nameOf(account.ownerId),
      url: `${salesforce.url}/lightning/r/Account/${account.id}/view`,
    });
    expect(gotAccount).not.toHaveProperty("account");
    const gotContact = (await hub.call("salesforce_get_contact", { contact_id: contact.id })).answer;
    expect(gotContact).toMatchObject({
      record: { LastName: contact.lastName, AccountId: contact.accountId },
      owner: nameOf(contact.ownerId),
      account: company.accounts.find(({ id }) => id === contact.accountId)!.name,
    });
    const gotLead = (await hub.call("salesforce_get_lead", { lead_id: lead.id })).answer;
    expect(gotLead).toMatchObject({ record: { Company: lead.company }, owner: nameOf(lead.ownerId) });
    for (const answer of [gotAccount, gotContact, gotLead]) expect(answer).not.toHaveProperty("activity");
    expect(salesforce.requests()).toHaveLength(3);
  });

  test("an address stands once: in its parts, or compact where those are not beside it", async () => {
    const { hub, company, salesforce } = await start();
    const id = company.accounts[0]!.id;
    const compound = { city: "Lyon", country: "France", geocodeAccuracy: null, street: null };
    const answerWith = (record: object) =>
      salesforce.fault({
        match: "composite",
        times: 1,
        status: 200,
        body: JSON.stringify({
          compositeResponse: [{ referenceId: "record", httpStatusCode: 200, body: { Id: id, ...record } }],
        }),
      });
    const get = async () => (await hub.call("salesforce_get_account", { account_id: id })).answer;
    answerWith({ BillingCity: "Lyon", BillingCountry: "France", BillingAddress: compound });
    expect((await get()).record).toEqual({ Id: id, BillingCity: "Lyon", BillingCountry: "France" });
    answerWith({ BillingAddress: compound });
    expect((await get()).record).toEqual({ Id: id, BillingAddress: { city: "Lyon", country: "France" } });
  });
});

describe("ids", () => {
  const tools = [
    ["salesforce_get_account", "account_id", "001"],
    ["salesforce_get_opportunity", "opp_id", "006"],
    ["salesforce_get_contact", "contact_id", "003"],
    ["salesforce_get_lead", "lead_id", "00Q"],
  ] as const;

  test.each(tools)("%s finds nothing under an id that no record has", async (tool, argument, prefix) => {
    const { hub } = await start();
    const result = await hub.call(tool, { [argument]: id18(prefix, 999_999) });
    expect(result).toBeRefused("not_found");
    expect(result.answer.error.hint).toContain("deleted or merged");
  });

  test.each(tools)(
    "%s refuses what is no id of its object, before anything is sent",
    async (tool, argument) => {
      const { hub, salesforce } = await start();
      const other = id18(tool.endsWith("contact") ? "006" : "003", 1);
      for (const id of [other, "../../limits", "x' OR Name != '", `${other.slice(0, 17)}x`, ""])
        expect(await hub.call(tool, { [argument]: id })).toBeRefused("invalid_input");
      expect(salesforce.requests()).toEqual([]);
    },
  );

  test("fields are API names, or nothing is sent", async () => {
    const { get, deal, salesforce } = await start();
    for (const fields of [["Amount,Name"], ["Account.Name"], ["a/../b"], []])
      expect(await get(deal.id, { fields })).toBeRefused("invalid_input");
    expect(salesforce.requests()).toEqual([]);
  });
});
