/**
 * Meetings and mails: of all that Clari's API documents, the only place that names accounts and deals
 * which nobody asked for by id.
 */
import { z } from "zod";
import { HubError, toId18 } from "#connector";
import { type FileReader, requests } from "../api.ts";
import type { Clari } from "../clari.ts";
import type { ExportOrder } from "../exports/submission.ts";
import { DAY, timeOf } from "../values.ts";

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
    about: { activities: lookBackDays },
    read: readActivities,
    // The file does not say which days and kinds were asked for.
    recognise: async () => undefined,
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

/** One activity at a time: a file of many is never held as a whole. */
const readActivities = (): FileReader<Activities> => {
  const accounts = new Map<string, Mentioned>();
  const deals = new Map<string, Mentioned>();
  const people = new Map<string, string>();
  let unreadable = 0;

  return {
    item(list, sent) {
      if (list !== LIST) return;
      const { data } = activity.safeParse(sent);
      if (!data) {
        unreadable += 1;
        return;
      }
      const at = data.date ?? null;
      for (const one of data.accounts)
        mention(accounts, one.accountId, { name: one.accountName, ownerId: one.accountOwnerId, at });
      for (const one of data.opportunities)
        mention(deals, one.opportunityId, { name: one.opportunityName, ownerId: one.opportunityOwnerId, at });
      for (const { name, sfdcUserId } of data.participants) {
        const id = sfdcUserId ? toId18(sfdcUserId) : undefined;
        if (id && name) people.set(id, name);
      }
    },
    end(lists) {
      if (!lists.has(LIST))
        throw new HubError(
          "vendor_malformed",
          "Clari sent something else than activities; nothing of it was used.",
        );
      const named = (mentioned: ReadonlyMap<string, Mentioned>): Named[] =>
        [...mentioned].map(([id, { name, ownerId, at }]) => ({
          id,
          name,
          ownerId,
          owner: (ownerId && people.get(ownerId)) || null,
          lastAt: at,
        }));
      return { content: { accounts: named(accounts), deals: named(deals), unreadable } };
    },
  };
};

const LIST = "activities";

interface Mentioned {
  readonly name: string | null;
  readonly ownerId: string | null;
  readonly at: number | null;
}

/** The latest activity knows name and owner best. */
const mention = (found: Map<string, Mentioned>, sentId: string, sent: Mentioned) => {
  const id = toId18(sentId);
  if (!id) return;
  const one = { ...sent, ownerId: (sent.ownerId && toId18(sent.ownerId)) || null };
  const before = found.get(id);
  const [later, earlier] = !before || (one.at ?? 0) >= (before.at ?? 0) ? [one, before] : [before, one];
  found.set(id, {
    name: later.name ?? earlier?.name ?? null,
    ownerId: later.ownerId ?? earlier?.ownerId ?? null,
    at: later.at ?? earlier?.at ?? null,
  });
};
