/** Records of Salesforce, attached to a conversation. */
import { expect, test } from "vitest";
import { startHub, type TestHub } from "../../kit/hub.ts";

const start = () => startHub({ connectors: ["salesforce"] });
const TEMPLATE = "salesforce://{object}/{id}";

const read = async ({ client }: TestHub, uri: string) => {
  const { contents } = await client.readResource({ uri });
  const { sources, ...answer } = JSON.parse((contents[0] as { text: string }).text);
  return answer;
};

test("a record is read by its object and id, in any case, as its tool answers it", async () => {
  const hub = await start();
  const { accounts, contacts, leads, stories } = hub.company;
  for (const [object, argument, id] of [
    ["Account", "account_id", accounts[0]!.id],
    ["Contact", "contact_id", contacts[0]!.id],
    ["Lead", "lead_id", leads[0]!.id],
    ["Opportunity", "opp_id", stories.healthy],
  ] as const) {
    const tool = `salesforce_get_${object.toLowerCase()}`;
    const { sources, ...answer } = (await hub.call(tool, { [argument]: id })).answer;
    expect(await read(hub, `salesforce://${object}/${id}`)).toEqual(answer);
    expect(await read(hub, `salesforce://${object.toLowerCase()}/${id.slice(0, 15)}`)).toEqual(answer);
    expect(hub.trail.last()).toMatchObject({ tool, outcome: "ok", upstream: [{ system: "salesforce" }] });
  }
});

test("of other objects, other ids and records that are not there, nothing is read", async () => {
  const hub = await start();
  const { stories } = hub.company;
  const asked = hub.sandbox("salesforce").requests().length;
  for (const [uri, why] of [
    [`salesforce://User/${stories.healthy}`, "Account, Contact, Lead, Opportunity"],
    [`salesforce://Account/${stories.healthy}`, "begin with 001"],
    ["salesforce://Account/001' OR Id != '", "no such resource"],
    ["salesforce://Account/001%27%20OR%20Id%20!%3D%20%27", "not a Salesforce id"],
    ["salesforce://Account/describe", "not a Salesforce id"],
  ] as const)
    await expect(hub.client.readResource({ uri }), uri).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining(why),
    });
  expect(hub.sandbox("salesforce").requests().length).toBe(asked);
  await expect(
    hub.client.readResource({ uri: "salesforce://Account/001000000000009" }),
  ).rejects.toMatchObject({ code: -32602 });
});

test("objects are completed while somebody types, without asking Salesforce", async () => {
  const hub = await start();
  const complete = async (value: string) =>
    (
      await hub.client.complete({
        ref: { type: "ref/resource", uri: TEMPLATE },
        argument: { name: "object", value },
      })
    ).completion.values;
  expect(await complete("")).toEqual(["Account", "Contact", "Lead", "Opportunity"]);
  expect(await complete("o")).toEqual(["Opportunity", "Account", "Contact"].filter((one) => /o/i.test(one)));
  expect(await complete("lea")).toEqual(["Lead"]);
  expect(await complete("Case")).toEqual([]);
  expect(hub.sandbox("salesforce").requests()).toEqual([]);
});

test("it is offered as long as one of the tools that read records is", async () => {
  const all = ["account", "contact", "lead", "opportunity"].map((object) => `salesforce_get_${object}`);
  const none = await startHub({ connectors: ["salesforce"], config: { tools: { deny: all } } });
  const { resourceTemplates } = await none.client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).not.toContain(TEMPLATE);
});

test("with two of its tools turned off, the others still read", async () => {
  const config = { tools: { deny: ["salesforce_get_account", "salesforce_complete"] } };
  const hub = await startHub({ connectors: ["salesforce"], config });
  const { resourceTemplates } = await hub.client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain(TEMPLATE);
  const { accounts, stories } = hub.company;
  expect(await read(hub, `salesforce://Opportunity/${stories.healthy}`)).toBeTruthy();
  await expect(
    hub.client.readResource({ uri: `salesforce://Account/${accounts[0]!.id}` }),
  ).rejects.toMatchObject({ data: { code: "forbidden" } });
});
