/** Changes in the pipeline, from all who tell of them. Whoever did not is named, with the reason. */
import type { Call, HubError, Plan, PlanCall } from "#connector";
import type { Clari } from "../clari.ts";
import { type DealHistory, type Found, findDeals, historyOf, planHistory } from "../deals/deal-history.ts";
import { auditTold, planAudit } from "./audit-changes.ts";
import {
  type Change,
  isDealKind,
  type Kind,
  mergeChanges,
  type Range,
  TELLERS,
  type Teller,
  type Told,
} from "./changes.ts";
import { snapshotsTold } from "./snapshot-changes.ts";

export interface ChangeQuestion extends Range {
  readonly kinds: readonly Kind[];
  /** Of these deals only; 18 characters. Left out: of all that the CRM and the audit log name. */
  readonly ids?: readonly string[];
}

export interface KnownDeal {
  readonly name: string | null;
  readonly owner: string | null;
  /** By the CRM: Clari names none. */
  readonly currency: string | null;
}

export interface PipelineChanges {
  /** Newest first. */
  readonly changes: readonly Change[];
  readonly deals: ReadonlyMap<string, KnownDeal>;
  /** Whom was asked, in the order of `TELLERS`. */
  readonly told: readonly { readonly teller: Teller; readonly found: number; readonly missing?: string }[];
  /** Why the history of the deals is not there, or not of all: silence of a deal says nothing then. */
  readonly failure?: HubError;
  /** For who asks this system alone; beside other systems' answers it is noise. */
  readonly advice?: string;
}

/** Throws the first failure when nobody could tell anything. */
export const readChanges = async (question: ChangeQuestion, call: Call<Clari>): Promise<PipelineChanges> => {
  const { kinds, ids } = question;
  const [{ found, history }, audit, snapshots] = await Promise.all([
    kinds.some(isDealKind) ? historyFor(question, call) : NOT_ASKED,
    isLogged(question, call.api) ? auditTold(question, call) : undefined,
    !ids && kinds.some((kind) => !isDealKind(kind)) ? snapshotsTold(question, call) : undefined,
  ]);
  const wanted = (changes: readonly Change[] = []) =>
    changes.filter(
      ({ kind, deal }) => kinds.includes(kind) && (!ids || (deal !== null && ids.includes(deal))),
    );
  const logged = wanted(audit?.changes);
  const all = history && (await withLogged(logged, found!, history, question, call));
  const told = { history: all, audit, snapshots };
  report(told, call);

  const lists = { history: wanted(all?.changes), audit: logged, snapshots: wanted(snapshots?.changes) };
  return {
    changes: mergeChanges(lists),
    deals: knownDeals(found, all),
    told: TELLERS.flatMap((teller) => {
      const { missing } = told[teller] ?? {};
      return told[teller] ? { teller, found: lists[teller].length, ...(missing && { missing }) } : [];
    }),
    ...(all?.failure && { failure: all.failure }),
    ...(audit?.advice && { advice: audit.advice }),
  };
};

/** The dry run of {@link readChanges}. */
export const planChanges = async (question: ChangeQuestion, call: PlanCall<Clari>): Promise<Plan> => [
  ...(question.kinds.some(isDealKind) ? await planHistory(question.ids, question, call) : []),
  ...(isLogged(question, call.api) ? planAudit(question, call.api, call.clock.now()) : []),
];

const NOT_ASKED = { found: undefined, history: undefined };

/** Whether any event of the log could tell of what is asked. */
const isLogged = ({ kinds }: ChangeQuestion, { settings }: Clari): boolean =>
  kinds.some((kind) => settings.changes.auditEvents.kinds[kind].length > 0);

const historyFor = async (question: ChangeQuestion, call: Call<Clari>) => {
  const { ids } = question;
  const found = ids ? { ids, rows: [] } : await findDeals(question, call);
  return { found, history: await historyOf(found, question, call) };
};

/** The log may name deals that no CRM did: their own history says more. */
const withLogged = async (
  logged: readonly Change[],
  found: Found,
  history: DealHistory,
  range: Range,
  call: Call<Clari>,
): Promise<DealHistory> => {
  const known = new Set(found.ids);
  const ids = [...new Set(logged.flatMap(({ deal }) => deal ?? []))].filter((id) => !known.has(id));
  // Clari has failed already; where no CRM named a deal, it has not been asked yet.
  if (ids.length === 0 || (history.failure && !found.failure)) return history;
  const more = await historyOf({ ids, rows: [] }, range, call);
  const missing = [history.missing, more.missing].filter(Boolean).join(" ");
  const failure = history.failure ?? more.failure;
  return {
    changes: [...history.changes, ...more.changes],
    deals: [...history.deals, ...more.deals],
    unreadable: history.unreadable + more.unreadable,
    ...(missing && { missing }),
    ...(failure && { failure }),
  };
};

const NAMES: Readonly<Record<Teller, string>> = {
  history: "the history of the deals",
  audit: "Clari's audit log",
  snapshots: "the snapshots of forecasts",
};

const report = (told: Readonly<Record<Teller, Told | undefined>>, { notice }: Call<Clari>): void => {
  const asked = TELLERS.flatMap((teller) => (told[teller] ? { teller, ...told[teller] } : []));
  // Who is not set up has not failed: an empty answer says so.
  const failures = asked.flatMap(({ failure }) => (failure && failure.code !== "config" ? failure : []));
  if (failures.length > 0 && asked.every(({ missing, changes }) => missing && changes.length === 0))
    throw failures[0];
  for (const { teller, failure, changes } of asked)
    if (failure)
      notice(
        `Partial answer, without ${changes.length > 0 ? "all of " : ""}${NAMES[teller]}: ${failure.message}`,
      );
  const unreadable = asked.reduce((sum, one) => sum + one.unreadable, 0);
  if (unreadable > 0)
    notice(`${unreadable} changes have a time or a value that cannot be, and are not shown.`);
};

/** Clari's own word first: that is what its moves are about. */
const knownDeals = (
  found: Found | undefined,
  history: DealHistory | undefined,
): ReadonlyMap<string, KnownDeal> => {
  const known = new Map<string, KnownDeal>();
  for (const { id, name, ownerName, currency } of found?.rows ?? [])
    known.set(id, { name, owner: ownerName, currency });
  for (const { id, name, owner } of history?.deals ?? []) {
    const crm = known.get(id);
    known.set(id, {
      name: name ?? crm?.name ?? null,
      owner: owner ?? crm?.owner ?? null,
      currency: crm?.currency ?? null,
    });
  }
  return known;
};
