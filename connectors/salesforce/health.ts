/** How Salesforce is, seen from this hub: three requests, of which the org counts one. */
import { z } from "zod";
import { type Check, type Health, type HubError, isHubError, toHubError } from "#connector";
import { inWords, levelOf, WHERE_IT_IS_SEEN } from "./allowance.ts";
import type { SalesforceApi } from "./api.ts";
import type { Settings } from "./config.ts";
import { objectDescribe, queryAnswer, shaped } from "./shapes.ts";
import { AUDIT_FIELDS, auditProblem, canSay } from "./writing/audit.ts";
import type { WritePolicy } from "./writing/write-policy.ts";

type Finding = Check extends infer C ? (C extends Check ? Omit<C, "what"> : never) : never;
type Describe = z.output<typeof objectDescribe>;

/** Throws a HubError when Salesforce cannot be reached or does not accept the credentials. */
export const health = async (api: SalesforceApi): Promise<Health> => {
  const { instanceUrl, apiVersion } = api.settings;
  const versions = await attempt(api.versions());
  const version = check("API version", () => versionFinding(apiVersion, got(versions)));
  // Every other address has the version in it.
  if (version.level === "problem")
    return { summary: `reached ${instanceUrl}, and asked no further`, checks: [version] };

  const [answers, user] = await Promise.all([api.composite(reads(api)), attempt(api.userName())]);
  const usage = api.usage() ?? (await attempt(api.limits()));
  const audit = () => (isAbsent(answers.audit) ? undefined : describeIn(answers.audit));
  return {
    summary: `signed in${isHubError(user) ? "" : ` as ${user}`} to ${orgIn(answers.organization) ?? instanceUrl}`,
    checks: [
      version,
      check("API requests", () => {
        const told = got(usage);
        const level = levelOf(told);
        if (level === "ok") return { level, detail: inWords(told) };
        const effect = level === "problem" ? "; nothing is written any more" : "";
        return { level, detail: `${inWords(told)}${effect}`, hint: WHERE_IT_IS_SEEN };
      }),
      check("audit object", () => auditFinding(api.settings.auditObject, audit())),
      ...(isHubError(answers.audit)
        ? []
        : [check("audit rows", () => auditRowsFinding(describeIn(answers.audit)))]),
      check("writable", () => ({ level: "ok", detail: writableInWords(api.settings.writable) })),
      check("Commit stage", () => stageFinding(api, answers.stages)),
      check("notes", () => notesFinding(api.settings.notesOn, answers.notes)),
      check("field security", () => clauseFinding(api.settings.fieldSecurity, answers.clause)),
    ],
  };
};

const STAGES = "SELECT ApiName, IsActive FROM OpportunityStage ORDER BY SortOrder LIMIT 200";
/** Apex alone documents the clause; what an org's REST API does with it only the org can tell. */
const CLAUSE = "SELECT Id FROM Opportunity WITH SECURITY_ENFORCED LIMIT 1";
const ORGANIZATION = "SELECT Name, IsSandbox FROM Organization";

/** What `objects` keeps from being read is not asked here either. */
const reads = ({ requests, settings, mayRead }: SalesforceApi) => ({
  audit: requests.describe(settings.auditObject),
  notes: requests.describe("ContentNote"),
  clause: requests.query(CLAUSE),
  ...(mayRead("OpportunityStage", "ApiName") && { stages: requests.query(STAGES) }),
  ...(mayRead("Organization", "Name") && { organization: requests.query(ORGANIZATION) }),
});

const versionFinding = (configured: string, offered: readonly string[]): Finding =>
  offered.includes(configured)
    ? { level: "ok", detail: `${configured} is served` }
    : {
        level: "problem",
        detail: `${configured} is not served by this org.`,
        hint: `Set "apiVersion" to one that is; the newest is ${offered.at(-1) ?? "not told"}.`,
      };

const DEPLOY =
  "An administrator can deploy object and permissions: sf project deploy start -d connectors/salesforce/metadata.";

const auditFinding = (name: string, audit: Describe | undefined): Finding => {
  const problem = auditProblem(name, audit);
  if (problem !== undefined || !audit)
    return { level: "warning", detail: `${problem} Until then nothing can be written.`, hint: DEPLOY };
  if (!canSay("Applied", audit))
    return {
      level: "warning",
      detail: `${name} takes rows, but has no field that says how a change ended.`,
      hint: `Add Status__c, a picklist of Intended, Applied, Failed and Unknown. ${DEPLOY}`,
    };
  const absent = AUDIT_FIELDS.optional.filter(
    (field) => !audit.fields.some(({ name: one }) => one === field),
  );
  return {
    level: "ok",
    detail: `${name} takes rows${absent.length > 0 ? `, without ${absent.join(", ")}` : ""}`,
  };
};

const auditRowsFinding = ({ name, updateable, deletable }: Describe): Finding => {
  const rights = [updateable && "edit", deletable && "delete"].filter(Boolean).join(" and ");
  if (rights === "") return { level: "ok", detail: "this user can neither edit nor delete them" };
  return {
    level: "warning",
    detail: `this user may ${rights} rows of ${name}, so they prove less than they could.`,
    hint: "Take those rights away: the hub needs to create and read rows, nothing else.",
  };
};

const stageFinding = (
  { settings: { commitStageName: wanted }, mayRead }: SalesforceApi,
  answer: unknown,
): Finding => {
  if (wanted === undefined)
    return { level: "ok", detail: "none is configured; the forecast category Commit counts" };
  if (!mayRead("OpportunityStage", "ApiName"))
    return { level: "ok", detail: "not looked at, since `objects` does not let OpportunityStage be read" };
  const { records } = shaped(stagesAnswer, got(answer));
  if (records.some(({ ApiName }) => ApiName === wanted)) return { level: "ok", detail: `${wanted} exists` };
  const names = records
    .filter(({ IsActive, ApiName }) => IsActive && PLAIN.test(ApiName))
    .map(({ ApiName }) => ApiName);
  return {
    level: "warning",
    detail: `no stage is called ${wanted}, so no deal counts as Commit by its stage.`,
    hint: `Set "commitStageName" to a stage's API name${names.length > 0 ? `: ${names.slice(0, 20).join(", ")}` : ""}.`,
  };
};

const stagesAnswer = z.object({ records: z.array(z.object({ ApiName: z.string(), IsActive: z.boolean() })) });

/** A few words that cannot be taken for anything but a name: these reach a model. */
const PLAIN = /^(?=.{1,30}$)[\p{L}\p{N}&/%().-]+( [\p{L}\p{N}&/%().-]+){0,3}$/u;

const notesFinding = (objects: readonly string[], answer: unknown): Finding => {
  if (objects.length === 0) return { level: "ok", detail: "none may be added, by `notesOn`" };
  const absent = isAbsent(answer);
  if (!absent && describeIn(answer).createable)
    return { level: "ok", detail: `notes can be added on ${objects.join(", ")}` };
  return {
    level: "warning",
    detail: `notes ${absent ? "are not enabled" : "cannot be added by this user"}.`,
    hint: "An administrator enables them under Setup, Notes Settings; until then notes cannot be added.",
  };
};

const clauseFinding = (setting: Settings["fieldSecurity"], answer: unknown): Finding => {
  const refused = isHubError(answer) && answer.vendor?.code === "MALFORMED_QUERY";
  if (!refused) shaped(queryAnswer, got(answer));
  const org = `this org ${refused ? "refuses" : "accepts"} WITH SECURITY_ENFORCED`;
  if (setting === "clause" && refused)
    return {
      level: "warning",
      detail: `${org}, which "fieldSecurity": "clause" puts into queries: they will fail.`,
      hint: 'Set "fieldSecurity" to "native": Salesforce applies the user\'s field permissions itself.',
    };
  return {
    level: "ok",
    detail: `${setting}: ${setting === "native" ? "the user's permissions apply; " : ""}${org}`,
  };
};

/** The policy of writes, as configured. */
const writableInWords = (policy: WritePolicy): string => {
  const fields = (rules: WritePolicy[string]) =>
    Object.entries(rules).map(
      ([field, rule]) => `${field}${Object.keys(rule).length > 0 ? ` ${JSON.stringify(rule)}` : ""}`,
    );
  const objects = Object.keys(policy).map((object) => `${object} (${fields(policy[object]!).join(", ")})`);
  return objects.length > 0 ? objects.join("; ") : "nothing";
};

const orgIn = (answer: unknown): string | undefined => {
  const read = organizationAnswer.safeParse(answer);
  const [org] = read.success ? read.data.records : [];
  return org && `${org.Name}${org.IsSandbox ? " (a sandbox)" : ""}`;
};

const organizationAnswer = z.object({
  records: z.array(z.object({ Name: z.string(), IsSandbox: z.boolean() })),
});

// --- one thing that cannot be looked at leaves the others ------------------------------------------

const check = (what: string, look: () => Finding): Check => {
  try {
    return { what, ...look() };
  } catch (thrown) {
    const { message, hint, code, vendor } = toHubError(thrown);
    const said = /^[A-Z0-9_]{1,80}$/.exec(vendor?.code ?? "")?.[0];
    return {
      what,
      level: "warning",
      detail: `could not be looked at: ${message}${said ? ` (${said})` : ""}`,
      hint: ["vendor_rejected", "not_found"].includes(code)
        ? "The hub's Salesforce user may lack the permission for it."
        : hint,
    };
  }
};

/** The answer, unless it was an error. */
const got = <T>(answer: T | HubError): T => {
  if (isHubError(answer)) throw answer;
  return answer as T;
};

const isAbsent = (answer: unknown): boolean => isHubError(answer) && answer.code === "not_found";
const describeIn = (answer: unknown): Describe => shaped(objectDescribe, got(answer));
const attempt = <T>(work: Promise<T>): Promise<T | HubError> => work.catch(toHubError);
