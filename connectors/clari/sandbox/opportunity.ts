/** Deals as Clari last synced them from the CRM, with its score and what moved in each field. */
import {
  type Account,
  type Company,
  type Deal,
  type FieldChange,
  type Person,
  STAGES,
} from "#sandbox/company/types.ts";
import type { SandboxResponse } from "#sandbox/server.ts";
import { opportunityError } from "./refusals.ts";
import type { Switches } from "./switches.ts";
import type { Call } from "./tenant.ts";

const MOST_IDS = 100;

type Value = string | number | null;

interface Move {
  readonly oldValue: Value;
  readonly newValue: Value;
  readonly date: number;
}

/** `GET /opportunity`. Ids that Clari does not know, malformed ones included, are left out. */
export const getOpportunities = ({ tenant, request }: Call): SandboxResponse => {
  const asked = request.query.getAll("oppId");
  if (asked.length === 0) throw opportunityError("oppId is required");
  if (asked.length > MOST_IDS) throw opportunityError(`oppId takes at most ${MOST_IDS} values`);

  const known = knownDeals(tenant.company);
  const deals = new Set(asked.flatMap((id) => known.get(id) ?? []));
  const show = opportunityView(tenant.company, tenant.switches);
  const opportunities = [...deals].map((deal) => show({ ...deal, ...deal.seenByClari }));
  return {
    status: 200,
    body: tenant.switches.opportunityEnvelope === "opportunities" ? { opportunities } : opportunities,
  };
};

/** By the 18-character id, and by the 15 characters in front, which mean the same record. */
const knownDeals = (company: Company): ReadonlyMap<string, Deal> =>
  new Map(
    company.deals
      .filter(({ inClari }) => inClari)
      .flatMap((deal) => [
        [deal.id, deal],
        [deal.id.slice(0, 15), deal],
      ]),
  );

const opportunityView = (company: Company, { omitCrmScore, opportunityFieldIds }: Switches) => {
  const people = new Map<string, Person>(company.people.map((person) => [person.id, person]));
  const accounts = new Map<string, Account>(company.accounts.map((account) => [account.id, account]));
  const changes = Map.groupBy(company.fieldChanges, ({ dealId }) => dealId);
  const nameOf = (id: Value) => people.get(String(id))?.name ?? null;
  const fieldId = (id: string) =>
    opportunityFieldIds === "prefixed" && !id.includes(".") ? `opportunity.${id}` : id;

  return (deal: Deal) => {
    const moves = (name: FieldChange["field"], shown: (value: Value) => Value): Move[] =>
      (changes.get(deal.id) ?? [])
        .filter(({ field }) => field === name)
        .map(({ oldValue, newValue, at }) => ({
          oldValue: shown(oldValue),
          newValue: shown(newValue),
          date: at,
        }));
    const owner = people.get(deal.ownerId)?.name ?? null;
    const account = accounts.get(deal.accountId ?? "")?.name ?? null;
    const category = moves("StageName", categoryOf).filter(({ oldValue, newValue }) => oldValue !== newValue);
    const fields = [
      field("name", "Opportunity Name", deal.name),
      field("amount", "Amount", deal.amount, moves("Amount", asStored), upIsUp),
      field("stagename", "Stage", deal.stage, moves("StageName", asStored)),
      field("closedate", "Close Date", epoch(deal.closeDate), moves("CloseDate", epoch), laterIsDown),
      field("forecastcategoryname", "Forecast Category", categoryOf(deal.stage), category),
      field("type", "Type", deal.type),
      field("nextstep", "Next Step", deal.nextStep, moves("NextStep", asStored)),
      field("owner.name", "Owner", owner, moves("OwnerId", nameOf)),
      field("account.name", "Account", account),
      ...(deal.score === null ? [] : [field("clari.score", "Clari Score", deal.score)]),
    ];
    const crmScore = {
      score: deal.score,
      ...(deal.scoreMessage !== null && { message: deal.scoreMessage }),
    };
    return {
      id: deal.id,
      ...(deal.score !== null && !omitCrmScore && { crmScore }),
      fields: fields.map((one) => ({ ...one, id: fieldId(one.id) })),
    };
  };
};

type Trend = (move: Move) => "UP" | "DOWN" | undefined;

/** `value` is absent from a field that is empty; history and its summary from one that never moved. */
const field = (id: string, alias: string, value: Value, moves: readonly Move[] = [], trendOf?: Trend) => {
  const last = moves.at(-1);
  const trend = last && trendOf?.(last);
  const original = trendOf && (moves[0]?.oldValue ?? null);
  return {
    id,
    alias,
    ...(value !== null && { value }),
    ...(original != null && { originalValue: original }),
    ...(trend && { trend }),
    ...(last && { trendHistory: moves }),
  };
};

const upIsUp: Trend = ({ oldValue, newValue }) => {
  const grew = Number(newValue) - Number(oldValue);
  return grew === 0 ? undefined : grew > 0 ? "UP" : "DOWN";
};

/** A close date that moves out is bad news. */
const laterIsDown: Trend = (move) => {
  const trend = upIsUp(move);
  return trend && (trend === "UP" ? "DOWN" : "UP");
};

const asStored = (value: Value): Value => value;

const epoch = (isoDate: Value): number | null => (isoDate === null ? null : Date.parse(String(isoDate)));

const categoryOf = (stage: Value): string | null =>
  STAGES.find(({ name }) => name === stage)?.category ?? null;
