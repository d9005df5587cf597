import { z } from "zod";
import { type Deal, defineToolsOn, table } from "#connector";
import type { Clari } from "../clari.ts";
import type { Named } from "../deals/activities.ts";
import { INDEX_SOURCES, planDealIndex, readDealIndex } from "../deals/deal-index.ts";
import { contains, isOwnedBy } from "../deals/listed-deals.ts";
import { owner, ROWS_PER_ANSWER } from "../params.ts";

const words = z.string().nullable();

export default defineToolsOn<Clari>()({
  name: "clari_list_accounts",
  title: "List accounts",
  description:
    "Clari cannot list accounts: these are those of the CRM's open deals or, without a CRM, of recent activities in Clari.",
  effect: "read",
  toolsets: ["admin"],
  input: z.strictObject({
    owner: owner.optional(),
    name: z.string().min(1).max(100).optional().describe("Part of it."),
  }),
  output: z.object({
    from: z.enum(INDEX_SOURCES),
    accounts: table({
      id: z.string(),
      name: words,
      owner: words,
      openDeals: z.int().nullable(),
      openAmount: z.number().nullable(),
      currency: words,
      lastActivity: words,
    }).describe("owner: of the open deals (crm), of the account (activities)."),
  }),
  plan: (_, call) => planDealIndex(call),

  async handle({ owner, name }, call) {
    const index = await readDealIndex(call);
    const all =
      index.source === "crm"
        ? accountsOf(index.deals.filter((deal) => !owner || isOwnedBy(ownerOf(deal), owner)))
        : index.activities.accounts
            .filter((one) => !owner || isOwnedBy(one, owner))
            .toSorted((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0))
            .map(ofActivities);
    const accounts = all.filter((one) => !name || contains(one.name, name));
    return {
      from: index.source,
      accounts: { rows: accounts, total: accounts.length, page: ROWS_PER_ANSWER },
    };
  },
});

const ownerOf = ({ ownerId, ownerName }: Deal) => ({ ownerId, owner: ownerName });

/** Largest open amount first. */
const accountsOf = (deals: readonly Deal[]) => {
  const byAccount = Map.groupBy(deals, ({ accountId }) => accountId);
  return [...byAccount]
    .flatMap(([id, own]) => (id === null ? [] : [accountOf(id, own)]))
    .sort((a, b) => (b.openAmount ?? 0) - (a.openAmount ?? 0) || (a.id < b.id ? -1 : 1));
};

const accountOf = (id: string, deals: readonly Deal[]) => {
  const priced = deals.filter(({ amount }) => amount !== null);
  const currencies = new Set(priced.map(({ currency }) => currency));
  // Amounts in different currencies have no sum.
  const isOneCurrency = currencies.size === 1;
  return {
    id,
    name: deals.find(({ accountName }) => accountName)?.accountName ?? null,
    owner: [...new Set(deals.flatMap(({ ownerName }) => ownerName ?? []))].join(", ") || null,
    openDeals: deals.length,
    openAmount: isOneCurrency ? priced.reduce((sum, { amount }) => sum + (amount ?? 0), 0) : null,
    currency: isOneCurrency ? [...currencies][0]! : null,
    lastActivity: latest(deals.flatMap(({ lastActivityDate }) => lastActivityDate ?? [])),
  };
};

const latest = (days: readonly string[]): string | null => days.toSorted().at(-1) ?? null;

const ofActivities = ({ id, name, owner, lastAt }: Named) => ({
  id,
  name,
  owner,
  openDeals: null,
  openAmount: null,
  currency: null,
  lastActivity: lastAt === null ? null : new Date(lastAt).toISOString().slice(0, 10),
});
