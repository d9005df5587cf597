import { type CompanyWanted, makeCompany } from "#sandbox/company/company.ts";
import type { Company } from "#sandbox/company/types.ts";

/** Companies as text: reading one takes a third of the time of making it, and each test changes its own. */
const made = new Map<string, string>();
const MOST_KEPT = 8;

/** A company of its own for one test. */
export const companyFor = (wanted: CompanyWanted): Company => {
  const key = JSON.stringify(wanted);
  const known = made.get(key);
  if (known) return JSON.parse(known);
  const company = makeCompany(wanted);
  if (made.size < MOST_KEPT) made.set(key, JSON.stringify(company));
  return company;
};
