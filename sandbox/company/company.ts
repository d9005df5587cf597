import { makeAccounts, makeContacts, makeLeads } from "./accounts.ts";
import { makeActivities } from "./activities.ts";
import { makeAdjustments } from "./adjustments.ts";
import { makeAuditEvents } from "./audit-events.ts";
import { dayOf, quartersAround } from "./calendar.ts";
import { planDeals } from "./deals.ts";
import { makeQuotas, makeSubmissions } from "./forecast.ts";
import { findStories } from "./found-stories.ts";
import { recordDeals, recordHistory } from "./history.ts";
import { id18 } from "./ids.ts";
import { makeTeam, ORGANIZATION_NAME } from "./people.ts";
import { makeRandom } from "./random.ts";
import type { Setting } from "./setting.ts";
import { planStories, STORY_DEALS, type StoryDeal, storyAccounts } from "./stories.ts";
import type { Company } from "./types.ts";

export interface CompanyWanted {
  readonly seed: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Open Commit deals of the current quarter, at least; default: as many as such a company has, some eighty. */
  readonly commits?: number | undefined;
}

/**
 * The company as it stands at `now`. The same seed and time give the same company; every date and story
 * is told relative to `now`, whatever day of the quarter it is.
 */
export const makeCompany = ({ seed, now, commits = 0 }: CompanyWanted): Company => {
  const stream = (name: string) => makeRandom(seed, name);
  const today = dayOf(now);
  const quarters = quartersAround(today);
  const team = makeTeam(stream("people"));
  const setting: Setting = { now, today, quarters, team };

  const reserved = storyAccounts(setting);
  const accounts = makeAccounts(setting, stream("accounts"), reserved);
  const contacts = makeContacts(setting, stream("contacts"), accounts);
  const storied = accounts.slice(0, reserved.length);
  const ordinary = accounts.slice(reserved.length);

  const stories = planStories(setting, stream("stories"), storied);
  const plans = stream("order").shuffled([
    ...stories.values(),
    ...planDeals(setting, stream("deals"), ordinary, { commits, others: [...stories.values()] }),
  ]);
  const deals = recordDeals(setting, plans);
  const fieldChanges = recordHistory(setting, plans, deals);
  const activities = makeActivities(setting, stream("activities"), plans, deals, contacts, ordinary);

  const submissions = makeSubmissions(setting, stream("submissions"), deals);
  const adjustments = makeAdjustments(setting, stream("adjustments"), submissions);

  const dealIdOf = (story: StoryDeal) => deals[plans.indexOf(stories.get(story)!)]!.id;
  const storyIds = STORY_DEALS.map((story) => [story, dealIdOf(story)] as const);
  return {
    seed,
    madeAt: now,
    organizationId: id18("00D", 0),
    organizationName: ORGANIZATION_NAME,
    currency: "USD",
    quarters: quarters.map(({ quarter }) => quarter),
    people: team.people,
    accounts,
    contacts,
    leads: makeLeads(setting, stream("leads")),
    deals,
    events: activities.events,
    tasks: activities.tasks,
    fieldChanges,
    submissions,
    quotas: makeQuotas(setting, stream("quotas")),
    adjustments,
    auditEvents: makeAuditEvents(setting, stream("audit"), submissions, adjustments),
    stories: {
      ...(Object.fromEntries(storyIds) as Record<StoryDeal, string>),
      ...findStories(
        setting,
        deals,
        storyIds.map(([, id]) => id),
      ),
      disagreeingOwner: team.disagreeing.id,
      manager: team.firstManager.id,
      cro: team.cro.id,
      optedOut: team.optedOut.id,
      twoRoles: team.twoRoles.id,
      integrationUser: team.integrationUser.id,
    },
  };
};
