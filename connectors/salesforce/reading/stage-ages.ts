/** The `stageAges` dataset: how long won deals stood in each stage, by the history of their stage. */
import { type Call, type DatasetProvider, HubError, isHubError, type StageAge } from "#connector";
import { answered, type SalesforceApi } from "../api.ts";
import { createReadable } from "../readable.ts";
import { date, soql } from "../soql/literals.ts";
import { dayAfter, today } from "./days.ts";
import { allPages } from "./pages.ts";
import { flatten } from "./rows.ts";
import { stageMedians } from "./stage-medians.ts";

const KEPT_MS = 86_400_000;
/** Ten pages. */
const MOST_CHANGES = 20_000;
/**
 * Field history is kept for 18 months at least, and up to 24 where it is read through the API (Salesforce Help,
 * "Field History Tracking"); of older deals the first changes may be gone.
 */
const HISTORY_DAYS = 547;

interface Ages {
  readonly rows: readonly StageAge[];
  /** Stage changes read, and all that there are. */
  readonly read: number;
  readonly total: number;
}

export const stageAges: DatasetProvider<SalesforceApi, "stageAges"> = {
  async plan({ since }, { api }) {
    if (await api.kept(keptAs(since))) return [];
    refuseWhereDenied(api);
    const note = "and further pages of the first query, ten at most; the answer is kept for a day";
    return [api.planned(api.requests.queries(queriesFor(since)), note)];
  },

  async read({ since }, call) {
    const { api, notice } = call;
    const { value, at } = await api.keep(keptAs(since), KEPT_MS, () => readAges(since, call));
    const { rows, read, total } = value;
    if (read < total)
      notice(
        `How long won deals stood in each stage is of the latest only: ${read} of ${total} stage changes were read.`,
      );
    return { rows, asOf: new Date(at).toISOString() };
  },
};

const keptAs = (since: string): string => `stageAges ${since}`;

const HISTORY = "history";
const WON = "won";

/** Values of a history cannot be filtered on, so the deals are; the latest first, in case there are too many. */
const queriesFor = (since: string): Record<string, string> => {
  const day = date(since);
  return {
    [HISTORY]:
      soql`SELECT OpportunityId, CreatedDate, OldValue, NewValue, Opportunity.CreatedDate FROM OpportunityFieldHistory WHERE Field = 'StageName' AND Opportunity.IsWon = TRUE AND Opportunity.CloseDate >= ${day} ORDER BY Opportunity.CloseDate DESC, OpportunityId, CreatedDate, Id`
        .soql,
    // Tells an org without history from one without deals.
    [WON]: soql`SELECT COUNT() FROM Opportunity WHERE IsWon = TRUE AND CloseDate >= ${day}`.soql,
  };
};

const readAges = async (since: string, call: Call<SalesforceApi>): Promise<Ages> => {
  const { api, clock } = call;
  refuseWhereDenied(api);
  const answers = await api.queries(queriesFor(since));
  for (const answer of Object.values(answers))
    if (isHubError(answer) && HIDDEN.has(answer.vendor?.code ?? "")) throw isHidden(answer);
  const history = answered(answers[HISTORY]);
  const records = await allPages(history, call, { most: MOST_CHANGES });
  const won = answered(answers[WON]).totalSize;
  if (records.length === 0 && won > 0) throw notTracked(won);

  const changes = flatten(records).map((row) => {
    const words = (key: string) => (typeof row[key] === "string" ? row[key] : null);
    return {
      dealId: words("OpportunityId") ?? "",
      dealCreatedAt: words("Opportunity.CreatedDate") ?? "",
      at: words("CreatedDate") ?? "",
      from: words("OldValue"),
      to: words("NewValue"),
    };
  });
  const isCut = records.length < history.totalSize;
  const last = changes.at(-1)?.dealId;
  // The last deal's later changes may be among those that were left out.
  const whole = isCut ? changes.filter(({ dealId }) => dealId !== last) : changes;
  return {
    rows: stageMedians(whole, dayAfter(today(clock), -HISTORY_DAYS)),
    read: records.length,
    total: history.totalSize,
  };
};

const HIDDEN = new Set(["INVALID_TYPE", "INVALID_FIELD", "INSUFFICIENT_ACCESS"]);

/** Only stages are asked for: what denies other fields of deals, and with them histories, does not deny these. */
const refuseWhereDenied = (api: SalesforceApi): void => {
  const { mayRead } = createReadable({ ...api.settings, denyFields: [] });
  const isReadable =
    mayRead("OpportunityFieldHistory", "NewValue") &&
    ["StageName", "IsWon", "CloseDate", "CreatedDate"].every((field) => api.mayRead("Opportunity", field));
  if (!isReadable) throw isHidden();
};

const isHidden = (cause?: HubError): HubError =>
  new HubError(
    "forbidden",
    "How long won deals stood in each stage cannot be told: their history is hidden.",
    {
      hint: "Let the hub's Salesforce user see Opportunity and its StageName, and let the configuration (objects, denyFields) allow them and OpportunityFieldHistory.",
      ...(cause?.vendor && { vendor: cause.vendor }),
    },
  );

const notTracked = (won: number): HubError =>
  new HubError(
    "not_found",
    `Salesforce has no stage history of the ${won} deals won since; an administrator can switch it on for Stage under Opportunity, Set History Tracking.`,
    { hint: "History begins when tracking is switched on; ask again once deals have moved." },
  );
