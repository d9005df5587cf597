/** What parsing and hardening a query costs, for one that people write and for texts of 100 kB made to be slow. */
import { SoqlError } from "../connectors/salesforce/soql/errors.ts";
import { harden } from "../connectors/salesforce/soql/harden.ts";
import { SALESFORCE_LIMITS } from "../connectors/salesforce/soql/limits.ts";
import { parse } from "../connectors/salesforce/soql/parse.ts";
import { DEFAULT_POLICY, type SoqlPolicy } from "../connectors/salesforce/soql/policy.ts";
import type { Figure } from "./figures.ts";

const LENGTH = 100_000;
/** As the connector sets it: long lists of ids are sent in parts, so the text may be long. */
const POLICY: SoqlPolicy = { ...DEFAULT_POLICY, maxLength: SALESFORCE_LIMITS.maxLength };

const TYPICAL =
  "SELECT Id, Name, Amount, StageName, CloseDate, Owner.Name, Account.Name, (SELECT Id, Email FROM Contacts__r ORDER BY CreatedDate DESC) FROM Opportunity WHERE IsClosed = false AND ForecastCategoryName IN ('Commit', 'Best Case') AND (LastActivityDate = NULL OR LastActivityDate < LAST_N_DAYS:14) AND (NOT Name LIKE '%test%') ORDER BY Amount DESC NULLS LAST, CloseDate LIMIT 50";

/** As often as fits between `start` and `end` into a text of `length` characters. */
const filled = (start: string, piece: string, end = "", length = LENGTH): string =>
  start + piece.repeat(Math.floor((length - start.length - end.length) / piece.length)) + end;

const WHERE = "SELECT Id FROM Account WHERE ";
const HOSTILE: Readonly<Record<string, string>> = {
  "escaped quotes, never closed": filled(`${WHERE}Name = '`, "\\'"),
  "literals at their limit": filled(`${WHERE}Name IN (`, `'${"\\'".repeat(1_999)}', `, "'x')"),
  "members of a list": filled(`${WHERE}Id IN (`, `'001${"0".repeat(45)}', `, "'x')"),
  "short members of a list": filled(`${WHERE}Amount IN (`, "1,", "1)"),
  "conditions one after another": filled(WHERE, "a=1 AND ", "a=1"),
  "conditions, as many as may be": `${WHERE}${`a=1${" ".repeat(55)} AND `.repeat(1_490)}a=1`,
  "negated conditions": `${WHERE}${`NOT Account.Owner.Name LIKE '\\%${"x".repeat(60)}' AND `.repeat(650)}a=1`,
  relationships: `SELECT ${`Account.Owner.Manager.Account.Owner.${"Field".repeat(50)}__c, `.repeat(299)}Id FROM Opportunity`,
  parentheses: filled(WHERE, "("),
  "parentheses, closed": `${WHERE}${"(".repeat(49_000)}a=1${")".repeat(49_000)}`,
  "NOT after NOT": filled(WHERE, "NOT ", "a=1"),
  "semi-joins inside one another": filled(WHERE, "Id IN (SELECT Id FROM A WHERE "),
  "child queries inside one another": filled("SELECT ", "(SELECT Id, "),
  "child queries side by side": filled("SELECT ", "(SELECT Id FROM Contacts), ", "Id FROM Account"),
  "functions inside one another": filled("SELECT ", "FORMAT("),
  fields: filled("SELECT ", "Name,", "Id FROM Account"),
  "one name": filled("SELECT ", "a", " FROM Account"),
  "one path": filled("SELECT ", "a.", "b FROM Account"),
  "one number": filled(`${WHERE}Amount = `, "9"),
  "one date": filled(`${WHERE}CloseDate = 2026-`, "1-"),
  blanks: filled("SELECT Id FROM ", " ", "Account"),
  symbols: filled("SELECT Id FROM Account ", "<>"),
  "ORDER BY": filled("SELECT Id FROM Account ORDER BY ", "Name DESC NULLS LAST,", "Id"),
  "an unknown WITH": filled("SELECT Id FROM Account WITH DATA CATEGORY ", "( a ) "),
};

const hardening = (text: string) => harden(text, POLICY);
/** Without the policy, whose limits on number end most of the work early: as much as Salesforce reads. */
const parsing = (text: string) => parse(text, SALESFORCE_LIMITS);
type Work = (text: string) => unknown;

const timed = (work: Work, text: string): number => {
  const begun = performance.now();
  try {
    work(text);
  } catch (error) {
    if (!(error instanceof SoqlError)) throw error;
  }
  return performance.now() - begun;
};

const sorted = (times: readonly number[]) => [...times].sort((a, b) => a - b);
const show = (ms: number) => `${ms.toFixed(3)} ms`;

const RUNS = 2_000;
const HOSTILE_RUNS = 15;
const TYPICAL_MS = 0.1;
const HOSTILE_MS = 20;

const measureTypical = (): Figure => {
  for (let n = 0; n < RUNS; n += 1) timed(hardening, TYPICAL);
  const times = sorted(Array.from({ length: RUNS }, () => timed(hardening, TYPICAL)));
  const p50 = times[Math.floor(RUNS / 2)]!;
  return {
    what: `parse and harden, a query of ${TYPICAL.length} characters, p50`,
    hub: show(p50),
    beside: `p99 ${show(times[Math.floor(RUNS * 0.99)]!)}`,
    reached: show(p50),
    wanted: `≤ ${TYPICAL_MS} ms`,
  };
};

/** The first run of each text, cold, and the median of all: a busy machine delays one run, a slow parser each. */
const measureHostile = (name: string, work: Work): { name: string; p50: number; first: number } => {
  const times = Array.from({ length: HOSTILE_RUNS }, () => timed(work, HOSTILE[name]!));
  return { name, p50: sorted(times)[Math.floor(HOSTILE_RUNS / 2)]!, first: times[0]! };
};

const hostileFigure = (what: string, work: Work, wanted = ""): Figure => {
  const runs = Object.keys(HOSTILE).map((name) => measureHostile(name, work));
  const worst = runs.reduce((a, b) => (b.p50 > a.p50 ? b : a));
  const first = Math.max(...runs.map((run) => run.first));
  return {
    what: `${what}, worst of ${runs.length}: ${worst.name}`,
    hub: show(worst.p50),
    beside: `first runs ≤ ${show(first)}`,
    reached: show(worst.p50),
    wanted,
  };
};

export const measureSoql = (): Figure[] => [
  measureTypical(),
  hostileFigure("parse and harden, 100 kB hostile", hardening, `≤ ${HOSTILE_MS} ms`),
  hostileFigure("parse alone, no limits on number", parsing),
];
