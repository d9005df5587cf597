/**
 * The vocabulary in which systems join: deals and what is known about them, in RevOps terms. A CRM
 * connector provides `deals`, a forecasting connector `dealRisks` and `forecastLines`; neither knows the
 * other. Ids are CRM record ids in their 18-character form, so rows of two systems meet on `id`.
 */
import { z } from "zod";

/** An 18-character record id. Connectors normalise before they provide. */
const crmId = z.string().regex(/^[a-zA-Z0-9]{18}$/);
const isoDate = z.iso.date();
const isoTime = z.iso.datetime({ offset: true });

/** Built when first used: a hub starts often and joins seldom. */
const lazy = <S extends z.core.$ZodLooseShape>(shape: () => S) => z.lazy(() => z.object(shape()));

export const FORECAST_CATEGORIES = ["commit", "best_case", "pipeline", "omitted", "closed"] as const;
export type ForecastCategory = (typeof FORECAST_CATEGORIES)[number];

const dealsRow = lazy(() => ({
  id: crmId,
  name: z.string(),
  accountId: crmId.nullable(),
  accountName: z.string().nullable(),
  ownerId: crmId,
  ownerName: z.string().nullable(),
  /** To whom the owner reports, in the CRM. */
  managerId: crmId.nullable(),
  managerName: z.string().nullable(),
  stage: z.string(),
  category: z.enum(FORECAST_CATEGORIES),
  isClosed: z.boolean(),
  isWon: z.boolean(),
  /** In `currency`; null when nobody entered one. */
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  closeDate: isoDate,
  createdAt: isoTime.nullable(),
  lastActivityDate: isoDate.nullable(),
  lastStageChangeAt: isoTime.nullable(),
  nextStep: z.string().nullable(),
  /** Deep link for people. */
  url: z.string().nullable(),
}));

const dealsQuery = lazy(() => ({
  /** Inclusive close-date range. */
  closeFrom: isoDate.optional(),
  closeTo: isoDate.optional(),
  category: z.enum(FORECAST_CATEGORIES).optional(),
  open: z.boolean().optional(),
  ownerId: crmId.optional(),
  ids: z.array(crmId).optional(),
}));

const dealRisksRow = lazy(() => ({
  id: crmId,
  /** Higher is healthier; null when the deal is known but not scored. */
  score: z.number().nullable(),
  message: z.string().nullable(),
  /** Field moves, oldest first. Values as the system shows them; dates ISO, amounts numbers. */
  moves: z.array(
    z.object({
      field: z.enum(["stage", "amount", "close_date", "owner", "other"]),
      label: z.string(),
      from: z.union([z.string(), z.number(), z.null()]),
      to: z.union([z.string(), z.number(), z.null()]),
      at: isoTime,
    }),
  ),
  /** The deal as this system last read it in the CRM; null where it does not say. */
  seen: z.object({
    stage: z.string().nullable(),
    amount: z.number().nullable(),
    closeDate: isoDate.nullable(),
  }),
}));

const dealRisksQuery = lazy(() => ({ ids: z.array(crmId) }));

export const FORECAST_FIGURES = ["commit", "best_case", "quota", "closed", "pipeline", "adjusted"] as const;
export type ForecastFigure = (typeof FORECAST_FIGURES)[number];

/**
 * What one person calls, or is measured by, for one quarter. A manager's figure stands for the whole team:
 * it is never added to those of the people below.
 */
const forecastLinesRow = lazy(() => ({
  /** As in the CRM; null for somebody who is not there. */
  personId: crmId.nullable(),
  personName: z.string(),
  /** One person may forecast in several roles. */
  role: z.string().nullable(),
  managerId: crmId.nullable(),
  managerName: z.string().nullable(),
  /** `2026_Q4` */
  period: z.string(),
  periodStart: isoDate.nullable(),
  periodEnd: isoDate.nullable(),
  /** First day of the week it was called for. */
  week: isoDate,
  /** `closed`, `pipeline`: of the CRM; `adjusted`: the commit that a manager expects instead. */
  figure: z.enum(FORECAST_FIGURES),
  value: z.number(),
  currency: z.string().nullable(),
  /** When it was called; null when nobody said, as with figures of the CRM. */
  updatedAt: isoTime.nullable(),
  /** When it was read. */
  asOf: isoTime,
  /** When the system last read the CRM; null when it does not say. */
  syncedAt: isoTime.nullable(),
}));

const forecastLinesQuery = lazy(() => ({
  /** `2026_Q4`, `Q4-2026`, `previous`; default the current one. */
  period: z.string().optional(),
  /** As it stood on this day, where the system or the hub still knows. */
  asOf: isoDate.optional(),
  /** Every week of the quarter so far; default the latest alone. */
  everyWeek: z.boolean().optional(),
}));

const dealChangesRow = lazy(() => ({
  id: crmId,
  kind: z.enum(["stage", "amount", "close_date", "owner", "adjustment"]),
  /** Values as the system shows them; dates ISO, amounts numbers. Null: empty, or not known. */
  from: z.union([z.string(), z.number(), z.null()]),
  to: z.union([z.string(), z.number(), z.null()]),
  at: isoTime,
  /** The field, for people. */
  label: z.string(),
  /** Of a close date: positive when it moved out. */
  daysMoved: z.int().nullable(),
  /** Of an amount, in the deal's currency. */
  amountDelta: z.number().nullable(),
  /** Who moved it. */
  person: z.string().nullable(),
}));

const dealChangesQuery = lazy(() => ({
  /** Days, UTC; both included. */
  from: isoDate,
  to: isoDate,
  /** Left out: of every deal that is open, or closed in these days. */
  ids: z.array(crmId).optional(),
}));

/** What is planned with the people of a deal. */
const dealEventsRow = lazy(() => ({
  id: crmId,
  /** First day from today on with a meeting; null: none is planned. */
  nextOn: isoDate.nullable(),
}));

const dealEventsQuery = lazy(() => ({
  deals: z.array(z.object({ id: crmId, accountId: crmId.nullable() })),
}));

/** How long won deals stood in a stage. */
const stageAgesRow = lazy(() => ({
  stage: z.string(),
  medianDays: z.number(),
  /** So many deals the median is of. */
  deals: z.int(),
}));

const stageAgesQuery = lazy(() => ({
  /** Of deals won since this day. */
  since: isoDate,
}));

/** Who may own deals. */
const peopleRow = lazy(() => ({
  id: crmId,
  name: z.string(),
  title: z.string().nullable(),
  managerId: crmId.nullable(),
  isActive: z.boolean(),
}));

const peopleQuery = lazy(() => ({}));

/** What words and fields mean here. */
const termsRow = lazy(() => ({
  term: z.string(),
  meaning: z.string(),
  /** Where it stands: `Opportunity.StageName`; null for a word of the trade. */
  field: z.string().nullable(),
}));

const termsQuery = lazy(() => ({}));

/** Every dataset: the shape of a row and of a question. The host checks both at the border. */
export const DATASETS = {
  deals: { row: dealsRow, query: dealsQuery },
  dealRisks: { row: dealRisksRow, query: dealRisksQuery },
  forecastLines: { row: forecastLinesRow, query: forecastLinesQuery },
  dealChanges: { row: dealChangesRow, query: dealChangesQuery },
  dealEvents: { row: dealEventsRow, query: dealEventsQuery },
  stageAges: { row: stageAgesRow, query: stageAgesQuery },
  people: { row: peopleRow, query: peopleQuery },
  terms: { row: termsRow, query: termsQuery },
} as const;

/** What changes seldom and may be kept for a while; its age stands beside that of the rest. */
export const REFERENCE_DATASETS: ReadonlySet<DatasetName> = new Set(["stageAges", "people", "terms"]);

export type DatasetName = keyof typeof DATASETS;
export type DatasetRow<D extends DatasetName> = z.output<(typeof DATASETS)[D]["row"]>;
export type DatasetQuery<D extends DatasetName> = z.output<(typeof DATASETS)[D]["query"]>;
export type Deal = DatasetRow<"deals">;
export type DealRisk = DatasetRow<"dealRisks">;
export type ForecastLine = DatasetRow<"forecastLines">;
export type DealChange = DatasetRow<"dealChanges">;
export type Person = DatasetRow<"people">;
export type StageAge = DatasetRow<"stageAges">;
export type Term = DatasetRow<"terms">;

export interface DatasetReading<D extends DatasetName> {
  readonly rows: readonly DatasetRow<D>[];
  /** ISO time the rows are from. */
  readonly asOf: string;
  /** Columns this user may not read, or the configuration hides: null in them is not "nobody entered one". */
  readonly unreadable?: readonly (keyof DatasetRow<D> & string)[];
  /** The call of this connector's own tools that would correct one value; undefined where there is none. */
  readonly correct?: (correction: Correction<D>) => SuggestedCall | undefined;
}

/** One value that should be another. */
export interface Correction<D extends DatasetName> {
  readonly id: string;
  readonly column: keyof DatasetRow<D> & string;
  /** In the dataset's terms; left out where only a person knows it. */
  readonly value?: string | number | null;
  /** For the record, at least ten characters. */
  readonly reason: string;
}

/** Arguments somebody may call a tool with; one that only a person knows is left out. */
export interface SuggestedCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}
