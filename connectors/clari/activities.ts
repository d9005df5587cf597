/**
 * Meetings and mails: of all that Clari's API documents, the only place that names accounts and deals
 * which nobody asked for by id.
 */
import { z } from "zod";
import { toId18 } from "#connector";
import { requests, shaped } from "./api.ts";
import type { Clari } from "./clari.ts";
import type { ExportOrder } from "./jobs.ts";
import { timeOf } from "./values.ts";

/** An account or a deal that an activity was about. */
export interface Named {
  /** 18 characters. */
  readonly id: string;
  readonly name: string | null;
  readonly ownerId: string | null;
  /** Where one of the activities had the owner among its participants. */
  readonly owner: string | null;
  /** Of its latest activity, epoch milliseconds. */
  readonly lastAt: number | null;
}

export interface Activities {
  readonly accounts: readonly Named[];
  readonly deals: readonly Named[];
  /** Activities that could not be read. */
  readonly unreadable: number;
}

/** Attachments travel with mails: they name no further deal. */
const TYPES = ["MEETING", "EMAIL_SENT", "EMAIL_RECEIVED"];
const DAY = 86_400_000;

/** One export a day at most is another request than the one before. */
export const activityOrder = ({
  settings,
  clock,
}: Pick<Clari, "settings" | "clock">): ExportOrder<Activities> => {
  const { lookBackDays, reuseHours } = settings.activities;
  const day = (daysAgo: number) =>
    `${new Date(clock.now() - daysAgo * DAY).toISOString().slice(0, 10)}T00:00:00Z`;
  return {
    request: requests.exportActivities({
      activityTypes: TYPES,
      startDate: day(lookBackDays),
      endDate: day(0),
      exportFormat: "JSON",
    }),
    // Not documented for activities; a job that is called otherwise is not taken for a lost one of ours.
    fileName: "clari_export_activity",
    read: readActivities,
    fits: () => true,
    reuseMs: reuseHours * 3_600_000,
  };
};

// --- reading ---------------------------------------------------------------------------------------

const text = z
  .string()
  .nullish()
  .catch(null)
  .transform((sent) => sent || null);

/** What cannot be read of a list is left out of it. */
const listOf = <S extends z.ZodType>(item: S) =>
  z
    .array(z.unknown())
    .nullish()
    .catch(null)
    .transform((sent) => (sent ?? []).flatMap((one) => item.safeParse(one).data ?? []) as z.output<S>[]);

const activity = z.object({
  /** Milliseconds in the specification's schema, text in its example. */
  date: z.unknown().optional().transform(timeOf),
  accounts: listOf(z.object({ accountId: z.string(), accountName: text, accountOwnerId: text })),
  opportunities: listOf(
    z.object({ opportunityId: z.string(), opportunityName: text, opportunityOwnerId: text }),
  ),
  participants: listOf(z.object({ name: text, sfdcUserId: text })),
});

const activityFile = z.object({ activities: z.array(z.unknown()) });

/** Throws `vendor_malformed`. */
const readActivities = (file: unknown): Activities => {
  const { activities: sent } = shaped(activityFile, file);
  const read = sent.flatMap((one) => activity.safeParse(one).data ?? []);
  const people = new Map(
    read.flatMap(({ participants }) =>
      participants.flatMap(({ name, sfdcUserId }): [string, string][] => {
        const id = sfdcUserId ? toId18(sfdcUserId) : undefined;
        return id && name ? [[id, name]] : [];
      }),
    ),
  );
  const named = (mentions: readonly Mention[]) => [...byId(mentions, people).values()];
  return {
    accounts: named(
      read.flatMap(({ accounts, date }) =>
        accounts.map((one) => [one.accountId, one.accountName, one.accountOwnerId, date] as const),
      ),
    ),
    deals: named(
      read.flatMap(({ opportunities, date }) =>
        opportunities.map(
          (one) => [one.opportunityId, one.opportunityName, one.opportunityOwnerId, date] as const,
        ),
      ),
    ),
    unreadable: sent.length - read.length,
  };
};

type Mention = readonly [id: string, name: string | null, ownerId: string | null, at: number | undefined];

/** The latest activity knows the name and owner best. */
const byId = (mentions: readonly Mention[], people: ReadonlyMap<string, string>): Map<string, Named> => {
  const found = new Map<string, Named>();
  for (const [sentId, name, sentOwner, at = null] of mentions) {
    const id = toId18(sentId);
    if (!id) continue;
    const before = found.get(id);
    const isLater = !before || (at ?? 0) >= (before.lastAt ?? 0);
    const ownerId = (sentOwner && toId18(sentOwner)) || null;
    const later: Named = { id, name, ownerId, owner: (ownerId && people.get(ownerId)) || null, lastAt: at };
    if (!before) found.set(id, later);
    else if (isLater)
      found.set(id, {
        ...later,
        name: later.name ?? before.name,
        ownerId: later.ownerId ?? before.ownerId,
        owner: later.ownerId ? later.owner : before.owner,
      });
  }
  return found;
};
