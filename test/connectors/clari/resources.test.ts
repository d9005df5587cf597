/** A forecast, attached to a conversation. */
import { expect, test } from "vitest";
import { startHub, type TestHub } from "../../kit/hub.ts";
import { submissions } from "./clari-hub.ts";

const TEMPLATE = "clari://forecast/{forecast_id}/{time_period}";
const start = () => startHub({ connectors: ["clari"] });

const read = async ({ client }: TestHub, uri: string) => {
  const { contents } = await client.readResource({ uri });
  const { sources, notices, ...answer } = JSON.parse((contents[0] as { text: string }).text);
  return answer;
};

const complete = async ({ client }: TestHub, name: string, value: string) =>
  (await client.complete({ ref: { type: "ref/resource", uri: TEMPLATE }, argument: { name, value } }))
    .completion.values;

test("a forecast of a quarter is read as clari_get_forecast answers it", async () => {
  const hub = await start();
  const forecast = await read(hub, "clari://forecast/default/2026_Q4");
  expect(forecast).toMatchObject({ forecastId: "net_arr", rows: { returned: expect.any(Number) } });
  expect(hub.trail.last()).toMatchObject({ tool: "clari_get_forecast", outcome: "ok" });
  const exports = submissions(hub.sandbox("clari")).length;
  expect(await read(hub, "clari://forecast/net_arr/2026_Q4")).toEqual(forecast);
  expect(submissions(hub.sandbox("clari")).length).toBe(exports);
});

test("what is no forecast or no quarter is refused", async () => {
  const hub = await start();
  for (const uri of ["clari://forecast/default/yesterday", "clari://forecast/no%20such%20one/current"])
    await expect(hub.client.readResource({ uri }), uri).rejects.toMatchObject({ code: -32602 });
  expect(submissions(hub.sandbox("clari"))).toEqual([]);
});

test("forecasts by name and quarters are completed, without asking Clari", async () => {
  const hub = await start();
  expect(await complete(hub, "forecast_id", "")).toEqual(["default", "renewals"]);
  expect(await complete(hub, "forecast_id", "ren")).toEqual(["renewals"]);
  const quarters = await complete(hub, "time_period", "");
  expect(quarters.slice(0, 4)).toEqual(["2027_Q2", "2027_Q1", "2026_Q4", "2026_Q3"]);
  expect(await complete(hub, "time_period", "2026_Q4")).toEqual(["2026_Q4"]);
  expect(hub.sandbox("clari").requests()).toEqual([]);
});
