/**
 * The one company both sandboxes are views of. Salesforce sees records, Clari sees forecasts and
 * scores; a deal, a person or an id is the same thing in both, so joins mean something. The object is
 * mutable and shared: a PATCH in the Salesforce sandbox is what Clari's next sync shows.
 *
 * Plain data only: ids are 18-character Salesforce ids with a valid checksum, dates `YYYY-MM-DD`,
 * times epoch milliseconds, amounts in the deal's currency.
 */

export interface Company {
  readonly seed: number;
  /** "Today" when the company was made; the stories are told relative to it. */
  readonly madeAt: number;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly currency: "USD";
  /** Six calendar quarters, oldest first; the fifth contains `madeAt`. */
  readonly quarters: readonly Quarter[];
  readonly people: readonly Person[];
  readonly accounts: Account[];
  readonly contacts: Contact[];
  readonly leads: Lead[];
  readonly deals: Deal[];
  readonly events: CalendarEvent[];
  readonly tasks: Task[];
  /** Oldest first. */
  readonly fieldChanges: FieldChange[];
  /** Weekly submissions of every forecasting person, for every quarter. */
  readonly submissions: readonly Submission[];
  readonly quotas: readonly Quota[];
  readonly adjustments: readonly Adjustment[];
  /** 35 days of Clari audit events, newest first. */
  readonly auditEvents: readonly AuditEvent[];
  /** Who is who in the planted stories, so that tests and demo name them without searching. */
  readonly stories: Stories;
}

export interface Quarter {
  /** `2026_Q4` */
  readonly id: string;
  readonly label: string;
  readonly year: number;
  readonly start: string;
  readonly end: string;
  /** Mondays; the first may lie before `start`. */
  readonly weeks: readonly { readonly start: string; readonly end: string }[];
}

/** 1 CRO, 2 VP, 3 manager, 4 account executive. 0: not in the hierarchy (integration user, operations). */
export type Level = 0 | 1 | 2 | 3 | 4;

export interface Person {
  /** Salesforce User id (005). */
  readonly id: string;
  /** Clari user id: 3001, 3002, … */
  readonly clariId: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly name: string;
  readonly email: string;
  readonly title: string;
  readonly level: Level;
  /** Salesforce UserRole id (00E) and name; null outside the hierarchy. */
  readonly role: Role | null;
  /** One person has a second role in Clari. */
  readonly secondRole: Role | null;
  readonly managerId: string | null;
  readonly isActive: boolean;
  /** Opted-out people vanish from every Clari export, also of past quarters. */
  readonly optedIn: boolean;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly parentName: string | null;
}

export interface Account {
  readonly id: string;
  name: string;
  industry: string | null;
  type: string | null;
  website: string | null;
  annualRevenue: number | null;
  employees: number | null;
  billingCity: string | null;
  billingCountry: string | null;
  description: string | null;
  ownerId: string;
  readonly createdAt: number;
  lastModifiedAt: number;
}

export interface Contact {
  readonly id: string;
  accountId: string;
  firstName: string | null;
  lastName: string;
  title: string | null;
  email: string | null;
  phone: string | null;
  ownerId: string;
  readonly createdAt: number;
  lastModifiedAt: number;
}

export interface Lead {
  readonly id: string;
  firstName: string | null;
  lastName: string;
  company: string;
  title: string | null;
  email: string | null;
  status: string;
  leadSource: string | null;
  description: string | null;
  ownerId: string;
  readonly createdAt: number;
  lastModifiedAt: number;
}

export const STAGES = [
  { name: "Prospecting", probability: 10, category: "Pipeline", closed: false, won: false },
  { name: "Qualification", probability: 20, category: "Pipeline", closed: false, won: false },
  { name: "Proposal", probability: 50, category: "Best Case", closed: false, won: false },
  { name: "Negotiation", probability: 70, category: "Best Case", closed: false, won: false },
  { name: "Commit", probability: 90, category: "Commit", closed: false, won: false },
  { name: "Closed Won", probability: 100, category: "Closed", closed: true, won: true },
  { name: "Closed Lost", probability: 0, category: "Omitted", closed: true, won: false },
] as const;

export type StageName = (typeof STAGES)[number]["name"];

export interface Deal {
  readonly id: string;
  name: string;
  accountId: string | null;
  ownerId: string;
  stage: StageName;
  amount: number | null;
  currency: string;
  closeDate: string;
  type: string | null;
  leadSource: string | null;
  nextStep: string | null;
  description: string | null;
  readonly createdAt: number;
  lastModifiedAt: number;
  lastModifiedById: string;
  /** Null on some old deals, as on real orgs. */
  lastStageChangeAt: number | null;
  /** Null: nobody ever logged anything. */
  lastActivityDate: string | null;
  /** False for the deal that Clari does not know. */
  inClari: boolean;
  /** 0 lost … 100 healthy; null: known to Clari but not scored. */
  score: number | null;
  scoreMessage: string | null;
  /** Where Clari's last sync is older than the record: what it saw then. */
  seenByClari?: Pick<Deal, "stage" | "amount" | "closeDate">;
}

export interface CalendarEvent {
  readonly id: string;
  readonly subject: string;
  readonly ownerId: string;
  /** Contact, or null. */
  readonly whoId: string | null;
  /** Account or deal, or null. */
  readonly whatId: string | null;
  readonly accountId: string | null;
  readonly activityDate: string;
  readonly startAt: number;
  readonly durationMinutes: number;
  readonly description: string | null;
}

export interface Task {
  readonly id: string;
  readonly subject: string;
  readonly ownerId: string;
  readonly whoId: string | null;
  readonly whatId: string | null;
  readonly accountId: string | null;
  readonly activityDate: string | null;
  readonly status: "Not Started" | "In Progress" | "Completed";
  readonly isClosed: boolean;
  readonly createdAt: number;
}

export interface FieldChange {
  readonly id: string;
  readonly dealId: string;
  readonly field: "StageName" | "Amount" | "CloseDate" | "OwnerId" | "NextStep";
  /** As stored: stage name, number, ISO date, user id. Null where empty. */
  readonly oldValue: string | number | null;
  readonly newValue: string | number | null;
  readonly at: number;
  readonly byId: string;
}

/** The Clari forecast tabs. */
export const FORECASTS = ["net_arr", "renewals", "net_arr_monthly"] as const;
export type ForecastId = (typeof FORECASTS)[number];

/** What one person called in one week; a manager's call stands for the whole team below. */
export interface Submission {
  readonly forecastId: ForecastId;
  readonly personId: string;
  readonly roleId: string;
  readonly quarterId: string;
  readonly weekStart: string;
  readonly commit: number;
  readonly bestCase: number;
  /** CRM totals as Clari had synced them that week. */
  readonly crmPipeline: number;
  readonly crmClosed: number;
  readonly isUpdated: boolean;
  readonly updatedAt: number | null;
  readonly updatedById: string | null;
}

export interface Quota {
  readonly forecastId: ForecastId;
  readonly personId: string;
  readonly roleId: string;
  readonly quarterId: string;
  readonly value: number;
}

export interface Adjustment {
  readonly forecastId: ForecastId;
  /** Whose commit was adjusted, and by whom. */
  readonly personId: string;
  readonly byId: string;
  readonly quarterId: string;
  readonly weekStart: string;
  readonly value: number;
  readonly at: number;
}

export interface AuditEvent {
  readonly correlationId: string;
  readonly personId: string;
  readonly sessionId: string;
  readonly sessionType: "WEB" | "IOS" | "ANDROID";
  readonly ipAddress: string;
  readonly event: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly at: number;
}

/** Deal ids (current quarter, stage Commit, unless said) and person ids. */
export interface Stories {
  /** Close date moved out twice, the last time within two weeks. */
  readonly slippedTwice: string;
  /** Clari scores it below 30. */
  readonly lowScore: string;
  /** No activity for more than 30 days. */
  readonly untouched: string;
  /** Never any activity at all: lastActivityDate is null. */
  readonly neverTouched: string;
  /** Not in Clari. */
  readonly missingInClari: string;
  /** Known to Clari, without a score. */
  readonly unscored: string;
  /** No amount. */
  readonly noAmount: string;
  /** Amount cut by more than a quarter within two weeks. */
  readonly amountCut: string;
  /** Account and deal named with an apostrophe: O'Brien. */
  readonly apostrophe: string;
  /** CJK name. */
  readonly cjk: string;
  /** Hostile text in name, next step and description (prompt injection, markdown link, bidi, zero-width). */
  readonly hostile: string;
  /** Healthy: recent activity, high score, no slip. */
  readonly healthy: string;
  /** Open, close date before today; handed over to its owner within two weeks. */
  readonly pastDue: string;
  /** Stage not Commit; its close date was pulled in within two weeks. */
  readonly bestCase: string;
  /** Clari saw it last in an earlier stage, with another amount, closing in the next quarter. */
  readonly lagging: string;
  /** Longer in its stage than any other Commit deal that is not late and tells no other story. */
  readonly stuck: string;
  /** A person (level 4) whose Clari commit differs from the CRM's Commit + Closed Won by more than a third. */
  readonly disagreeingOwner: string;
  /** A manager (level 3). */
  readonly manager: string;
  /** The CRO. */
  readonly cro: string;
  /** Opted out of Clari, with past values. */
  readonly optedOut: string;
  /** Has two roles in Clari. */
  readonly twoRoles: string;
  /** Salesforce integration user: API only, not in the hierarchy. */
  readonly integrationUser: string;
}
