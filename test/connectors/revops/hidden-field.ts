import { startHub, type TestHub } from "../../kit/hub.ts";

/** A hub whose configuration hides one field of the CRM, which then nobody can read: `Opportunity.Amount`. */
export const startHubWithout = (field: string): Promise<TestHub> =>
  startHub({ connectors: { clari: {}, revops: {}, salesforce: { config: { denyFields: [field] } } } });
