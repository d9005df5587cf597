/** Accounts with their contacts, and leads. */
import { DAY, workDays, workTime } from "./calendar.ts";
import { idSequence } from "./ids.ts";
import { FIRST_NAMES, LAST_NAMES, plainAccountNames, slug, UNUSUAL_ACCOUNT_NAMES } from "./names.ts";
import type { Random } from "./random.ts";
import type { Setting } from "./setting.ts";
import type { Account, Contact, Lead, Person } from "./types.ts";

const ACCOUNTS = 332;
const LEADS = 220;

const INDUSTRIES = ["Technology", "Manufacturing", "Healthcare", "Finance", "Retail", "Energy", "Education"];
const TYPES = ["Customer - Direct", "Customer - Channel", "Prospect", "Prospect", "Partner"];
const CITIES: readonly (readonly [string, string])[] = [
  ["San Francisco", "United States"],
  ["Chicago", "United States"],
  ["Boston", "United States"],
  ["London", "United Kingdom"],
  ["Dublin", "Ireland"],
  ["München", "Germany"],
  ["Zürich", "Switzerland"],
  ["Göteborg", "Sweden"],
  ["東京", "Japan"],
  ["Sydney", "Australia"],
];
const JOB_TITLES = [
  "VP Operations",
  "Head of IT",
  "CFO",
  "Director of Procurement",
  "Head of Sales Operations",
  "Chief Information Officer",
  "Programme Lead",
];
const LEAD_SOURCES = ["Web", "Partner Referral", "Trade Show", "Outbound", "Customer Event"];
const LEAD_STATUSES = [
  "Open - Not Contacted",
  "Working - Contacted",
  "Closed - Converted",
  "Closed - Not Converted",
];

/** Accounts of the given names first, each owned by the person named beside it; then everyone else's. */
export const makeAccounts = (
  setting: Setting,
  random: Random,
  first: readonly { readonly name?: string | undefined; readonly owner: Person }[],
): Account[] => {
  const nextId = idSequence("001");
  const plain = random.shuffled(plainAccountNames());
  const names = [
    ...first.map(({ name }) => name ?? plain.pop()!),
    ...UNUSUAL_ACCOUNT_NAMES,
    ...plain.slice(0, ACCOUNTS - first.length - UNUSUAL_ACCOUNT_NAMES.length),
  ];
  const { reps } = setting.team;

  return names.map((name, n) => {
    const [city, country] = random.pick(CITIES);
    const createdAt = pastTime(setting, random, 900, 2000);
    const domain = slug(name, "-") || `account-${n}`;
    return {
      id: nextId(),
      name,
      industry: random.chance(0.93) ? random.pick(INDUSTRIES) : null,
      type: random.chance(0.95) ? random.pick(TYPES) : null,
      website: random.chance(0.9) ? `https://www.${domain}.example` : null,
      annualRevenue: random.chance(0.8) ? Math.round(random.logNormal(80, 1.2)) * 1_000_000 : null,
      employees: random.chance(0.85) ? Math.round(random.logNormal(600, 1.1)) : null,
      billingCity: city,
      billingCountry: country,
      description: random.chance(0.2) ? `Account plan reviewed with ${random.pick(JOB_TITLES)}.` : null,
      ownerId: (first[n]?.owner ?? reps[n % reps.length]!).id,
      createdAt,
      lastModifiedAt: pastTime(setting, random, 1, 400),
    };
  });
};

/** One to three people at every account. */
export const makeContacts = (setting: Setting, random: Random, accounts: readonly Account[]): Contact[] => {
  const nextId = idSequence("003");
  return accounts.flatMap((account, n) => {
    const domain = account.website?.slice("https://www.".length) ?? `account-${n}.example`;
    return Array.from({ length: random.pick([1, 2, 2, 3, 3]) }, () => {
      const firstName = random.chance(0.97) ? random.pick(FIRST_NAMES) : null;
      const lastName = random.pick(LAST_NAMES);
      const createdAt = pastTime(setting, random, 690, 890);
      return {
        id: nextId(),
        accountId: account.id,
        firstName,
        lastName,
        title: random.chance(0.9) ? random.pick(JOB_TITLES) : null,
        email: random.chance(0.92) ? `${slug(`${firstName ?? ""} ${lastName}`, ".")}@${domain}` : null,
        phone: random.chance(0.7) ? `+1 555 01${random.int(10, 99)}` : null,
        ownerId: account.ownerId,
        createdAt,
        lastModifiedAt: createdAt + random.int(0, 90) * DAY,
      };
    });
  });
};

export const makeLeads = (setting: Setting, random: Random): Lead[] => {
  const nextId = idSequence("00Q");
  const { reps } = setting.team;
  const companies = random.shuffled(plainAccountNames());
  return Array.from({ length: LEADS }, (_, n) => {
    const firstName = random.chance(0.9) ? random.pick(FIRST_NAMES) : null;
    const lastName = random.pick(LAST_NAMES);
    const company = companies[n]!;
    const domain = `${slug(company, "-")}.example`;
    const createdAt = pastTime(setting, random, 30, 200);
    return {
      id: nextId(),
      firstName,
      lastName,
      company,
      title: random.chance(0.8) ? random.pick(JOB_TITLES) : null,
      email: random.chance(0.85) ? `${slug(`${firstName ?? ""} ${lastName}`, ".")}@${domain}` : null,
      status: random.pick(LEAD_STATUSES),
      leadSource: random.chance(0.9) ? random.pick(LEAD_SOURCES) : null,
      description: random.chance(0.3) ? "Asked for pricing and a security review." : null,
      ownerId: random.pick(reps).id,
      createdAt,
      lastModifiedAt: createdAt + random.int(0, 29) * DAY,
    };
  });
};

/** In office hours, between so many days ago. */
const pastTime = (setting: Setting, random: Random, fewestDaysAgo: number, mostDaysAgo: number): number =>
  workTime(random.between(workDays(setting.today - mostDaysAgo), workDays(setting.today - fewestDaysAgo)));
