/** `npm run bench`: every measurement, or `npm run bench -- salesforce` for one of them. */
import { type Figure, printFigures } from "./figures.ts";

const MEASUREMENTS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  host: async () => (await import("./host.ts")).measureHost(),
  soql: async () => (await import("./soql.ts")).measureSoql(),
  "clari-jobs": async () => (await import("./clari-jobs.ts")).measureClari(),
  "clari-deals": async () => (await import("./clari-deals.ts")).measureDeals(),
  salesforce: async () => (await import("./salesforce.ts")).measureSalesforce(),
  revops: async () => (await import("./revops.ts")).measureRevops(),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in MEASUREMENTS));
if (unknown.length > 0)
  throw new Error(`There is no measurement ${unknown}; there are ${Object.keys(MEASUREMENTS)}.`);
for (const [name, measure] of Object.entries(MEASUREMENTS))
  if (asked.length === 0 || asked.includes(name)) printFigures(name, "beside", await measure());
