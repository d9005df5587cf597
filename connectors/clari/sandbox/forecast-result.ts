/** The five tables of a forecast: what everybody in scope called, week by week, in one currency. */
import { id18 } from "#sandbox/company/ids.ts";
import { makeRandom } from "#sandbox/company/random.ts";
import type { Adjustment, Company, Person, Submission } from "#sandbox/company/types.ts";
import { CURRENCIES, type ForecastRequest } from "./forecast-request.ts";
import { type Seat, seatsUnder, userIdOf, userType } from "./hierarchy.ts";
import { isoDay } from "./org.ts";
import type { Switches } from "./switches.ts";

const DAY = 86_400_000;

/** Which keys stand beside the first four depends on the types asked for; what is unset is absent. */
export interface Entry {
  readonly userId: string;
  readonly fieldId: string;
  readonly timePeriodId: string;
  readonly timeFrameId: string;
  readonly forecastValue?: number;
  readonly quotaValue?: number;
  readonly adjustmentValue?: number;
  readonly adjustedBy?: string;
  readonly adjustedOn?: number;
  readonly aggregationTotal?: number;
  readonly aggregationClosed?: number;
  readonly currency: { readonly code: string; readonly symbol: string };
  readonly isUpdated?: boolean;
  readonly updatedBy?: string;
  readonly updatedOn?: number;
}

export interface ForecastUser {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly crmId: string;
  readonly scopeId: { readonly type: string; readonly userId: number; readonly userType: string };
  readonly hierarchyId: string;
  readonly hierarchyName: string;
  readonly parentHierarchyId?: string;
  readonly parentHierarchyName?: string;
}

export interface ForecastField {
  readonly fieldId: string;
  readonly fieldName: string;
  readonly fieldType: string;
}

export interface TimePeriod {
  readonly timePeriodId: string;
  readonly type: string;
  readonly label: string;
  readonly year: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly crmId: string;
}

export interface TimeFrame {
  readonly timeFrameId: string;
  readonly startDate: string;
  readonly endDate: string;
}

export interface ForecastResult {
  readonly entries: readonly Entry[];
  readonly users: readonly ForecastUser[];
  readonly fields: readonly ForecastField[];
  readonly timePeriods: readonly TimePeriod[];
  readonly timeFrames: readonly TimeFrame[];
}

/** A forecast whose entries may be too many to hold. */
export type StreamedForecast = Omit<ForecastResult, "entries"> & { readonly entries: Iterable<Entry> };

const FIELDS: readonly ForecastField[] = [
  { fieldId: "fc_net_commit", fieldName: "Net Commit", fieldType: "FORECAST" },
  { fieldId: "fc_net_best_case", fieldName: "Net Best Case", fieldType: "FORECAST" },
  { fieldId: "quota", fieldName: "Quota", fieldType: "QUOTA" },
  { fieldId: "crm_pipeline", fieldName: "Pipeline", fieldType: "AGGREGATION" },
  { fieldId: "crm_closed", fieldName: "Closed", fieldType: "AGGREGATION" },
];

export const forecastResult = (
  company: Company,
  request: ForecastRequest,
  { integrationUser, omitTimeFrames }: Pick<Switches, "integrationUser" | "omitTimeFrames">,
): ForecastResult => {
  const { quarter, weeks, forecastId, includeHistorical } = request;
  const seats = seatsUnder(company, request.root);
  const called = numbersOf(company, request);
  const entries = weeks.flatMap((week) => seats.flatMap((seat) => called(seat, week)));
  const used = new Set(entries.map(({ fieldId }) => fieldId));
  const timeFrames = (omitTimeFrames ? [] : weeks).map((week) => ({
    timeFrameId: timeFrameId(week),
    startDate: week,
    endDate: isoDay(Date.parse(week) + 6 * DAY),
  }));
  const random = makeRandom(company.seed, `clari ${forecastId} ${quarter.id}`);
  return {
    // Clari promises no order of weeks; one week alone comes in the order of the people.
    entries: includeHistorical ? random.shuffled(entries) : entries,
    users: withIntegrationUser(seats.map(forecastUser), request.root, integrationUser),
    fields: FIELDS.filter(({ fieldId }) => used.has(fieldId)),
    timePeriods: [
      {
        timePeriodId: quarter.id,
        type: "QUARTER",
        label: quarter.label,
        year: String(quarter.year),
        startDate: quarter.start,
        endDate: quarter.end,
        crmId: id18("026", company.quarters.indexOf(quarter)),
      },
    ],
    timeFrames: includeHistorical ? random.shuffled(timeFrames) : timeFrames,
  };
};

/** All entries of one person in one role and one week. */
const numbersOf = (company: Company, request: ForecastRequest) => {
  const { forecastId, quarter, types } = request;
  const { rate, symbol } = CURRENCIES[request.currency];
  const currency = { code: request.currency, symbol };
  const money = (dollars: number) => Math.round(dollars * rate * 100) / 100;
  const clariIds = new Map(company.people.map(({ id, clariId }) => [id, String(clariId)]));

  const here = (one: { readonly forecastId: string; readonly quarterId: string }) =>
    one.forecastId === forecastId && one.quarterId === quarter.id;
  const place = (one: { readonly personId: string; readonly roleId: string; readonly weekStart?: string }) =>
    `${one.personId} ${one.roleId} ${one.weekStart ?? ""}`;
  const submissions = new Map(company.submissions.filter(here).map((one) => [place(one), one]));
  const quotas = new Map(company.quotas.filter(here).map((one) => [place(one), one]));
  const adjustments = company.adjustments.filter(here);

  const forecast = (dollars: number) => types.has("forecast") && { forecastValue: money(dollars) };
  const updated = ({ isUpdated, updatedById, updatedAt }: Submission) =>
    types.has("forecast_updated") && {
      isUpdated,
      ...(isUpdated && updatedById && { updatedBy: clariIds.get(updatedById)! }),
      ...(isUpdated && updatedAt !== null && { updatedOn: updatedAt }),
    };
  const adjusted = (adjustment: Adjustment | undefined) =>
    types.has("adjustment") &&
    adjustment && {
      adjustmentValue: money(adjustment.value),
      adjustedBy: clariIds.get(adjustment.byId)!,
      adjustedOn: adjustment.at,
    };

  return (seat: Seat, weekStart: string): Entry[] => {
    const { person, role } = seat;
    const at = { personId: person.id, roleId: role.id };
    const submission = submissions.get(place({ ...at, weekStart }));
    if (!submission) return [];
    const quota = quotas.get(place(at));
    // Adjustments are made to a person; they show in that person's first role.
    const adjustment = adjustments.find(
      (one) => one.personId === person.id && one.weekStart === weekStart && role === person.role,
    );
    const keys = (fieldId: string) => ({
      userId: userIdOf(seat),
      fieldId,
      timePeriodId: quarter.id,
      timeFrameId: timeFrameId(weekStart),
    });
    const entry = (fieldId: string, ...parts: readonly (object | false | undefined)[]): Entry[] => {
      const values: object = Object.assign({}, ...parts);
      return Object.keys(values).length > 0 ? [{ ...keys(fieldId), ...values, currency }] : [];
    };
    const { commit, bestCase, crmPipeline, crmClosed } = submission;
    return [
      ...entry("fc_net_commit", forecast(commit), adjusted(adjustment), updated(submission)),
      ...entry("fc_net_best_case", forecast(bestCase), updated(submission)),
      ...entry("quota", types.has("quota") && quota && { quotaValue: money(quota.value) }),
      ...entry("crm_pipeline", types.has("crm_total") && { aggregationTotal: money(crmPipeline) }),
      ...entry("crm_closed", types.has("crm_closed") && { aggregationClosed: money(crmClosed) }),
    ];
  };
};

const forecastUser = (seat: Seat): ForecastUser => {
  const { person, role } = seat;
  return {
    userId: userIdOf(seat),
    name: person.name,
    email: person.email,
    crmId: person.id,
    scopeId: { type: "FORECAST_ROLE", userId: person.clariId, userType: userType(person) },
    hierarchyId: role.id,
    hierarchyName: role.name,
    ...(role.parentId && { parentHierarchyId: role.parentId }),
    ...(role.parentName && { parentHierarchyName: role.parentName }),
  };
};

/** Somebody outside the company's hierarchy, put above its top in a role of their own, or beside it. */
const withIntegrationUser = (
  users: readonly ForecastUser[],
  { clariId, id, name, email, role }: Person,
  place: Switches["integrationUser"],
): readonly ForecastUser[] => {
  if (place === null || role !== null) return users;
  const own = { hierarchyId: id18("00E", 999), hierarchyName: "Integration" };
  const user: ForecastUser = {
    userId: `${clariId}:${own.hierarchyId}`,
    name,
    email,
    crmId: id,
    scopeId: { type: "FORECAST_ROLE", userId: clariId, userType: "MGR" },
    ...own,
  };
  const below = (one: ForecastUser): ForecastUser =>
    one.parentHierarchyId || place === "beside"
      ? one
      : { ...one, parentHierarchyId: own.hierarchyId, parentHierarchyName: own.hierarchyName };
  return [user, ...users.map(below)];
};

/** `TF:2026-05-18` */
const timeFrameId = (week: string): string => `TF:${week}`;
