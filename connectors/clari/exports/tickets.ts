/**
 * What must survive a crash about an export: that it was sent, and its job's id. Clari has no idempotency
 * key and exports are a monthly quota, so a job that was paid for is not submitted a second time.
 */
import { createHash, randomUUID } from "node:crypto";
import type { Clock, KeyedStore } from "#connector";

export interface Ticket {
  /** Just before the request left. Without `jobId` nobody knows whether Clari got it. */
  readonly sentAt: number;
  /** What the name of the file begins with, as expected when it was sent. */
  readonly fileName: string;
  readonly jobId?: string;
  /** Sent without the types that Clari refused. */
  readonly reduced: boolean;
  /** The job was recognised in Clari's list: what it exported is checked before it is shown. */
  readonly adopted?: true;
  /** Sent although an earlier submission may have arrived, too. */
  readonly again?: true;
  /** When the result was first read, and when Clari had finished it. */
  readonly read?: { readonly at: number; readonly asOf: number };
}

export type SentTicket = Ticket & { readonly jobId: string };

/** Where an order stands: equal for whoever asks the same with the same token. */
export interface TicketKeys {
  /** Who asks, with this token. */
  readonly who: string;
  /** Of the request. */
  readonly question: string;
  /** Of its forecast, whatever is asked about it: files of all these are named alike. */
  readonly forecast: string;
}

/** A submission whose answer has not come. */
export interface Doubt {
  readonly question: string;
  readonly sentAt: number;
  /** As asked for; undefined: the organisation's. */
  readonly currency?: string;
}

export interface Tickets {
  get(keys: TicketKeys): Promise<Ticket | undefined>;
  put(keys: TicketKeys, ticket: Ticket): Promise<void>;
  forget(keys: TicketKeys): Promise<void>;
  /**
   * Runs `act`, unless another submission of the same forecast is under way: then undefined. Before it sends
   * anything `act` asks whether it still stands alone: false if it took so long that another has begun.
   */
  alone<T>(keys: TicketKeys, act: (isStill: () => Promise<boolean>) => Promise<T>): Promise<T | undefined>;
  /** Submissions of this forecast whose answer has not come. Changed only within {@link Tickets.alone}. */
  doubts(keys: TicketKeys): Promise<readonly Doubt[]>;
  doubt(keys: TicketKeys, doubt: Doubt): Promise<void>;
  settle(keys: TicketKeys, sentAt: number): Promise<void>;
  /** Marks a job as belonging to one of our tickets; false if it does already. */
  own(jobId: string): Promise<boolean>;
  isOwned(jobId: string): Promise<boolean>;
  /** Keeps what a job was sent for, so that its id alone is enough to come back for it. */
  remember(keys: TicketKeys, jobId: string, about: unknown, ticket?: SentTicket): Promise<void>;
  sent(keys: Pick<TicketKeys, "who">, jobId: string): Promise<SentJob | undefined>;
  /** Latest first. */
  known(who: string): Promise<readonly KnownTicket[]>;
}

export interface SentJob {
  readonly ticket: SentTicket;
  readonly about: unknown;
}

export interface KnownTicket {
  readonly jobId: string;
  readonly sentAt: number;
  /** {@link ExportRequests.about} of who asked last. */
  readonly about: unknown;
}

/** As long as Clari keeps results. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;

const KEPT_MS = 24 * 3_600_000;
/** Longer than one submission can take, so that only a dead process's lease runs out. */
const LEASE_MS = 90_000;

export const createTickets = (store: KeyedStore, clock: Clock): Tickets => {
  const doubts = async ({ forecast }: TicketKeys): Promise<readonly Doubt[]> =>
    ((await store.get<readonly Doubt[]>(`doubts ${forecast}`)) ?? []).filter(
      ({ sentAt }) => clock.now() - sentAt < KEPT_MS,
    );
  const putDoubts = ({ forecast }: TicketKeys, all: readonly Doubt[]) =>
    all.length === 0
      ? store.delete(`doubts ${forecast}`)
      : store.put(`doubts ${forecast}`, all, { expiresAt: clock.now() + KEPT_MS });

  return {
    get: ({ question }) => store.get<Ticket>(`export ${question}`),
    put: ({ question }, ticket) =>
      store.put(`export ${question}`, ticket, { expiresAt: clock.now() + KEPT_MS }),
    forget: ({ question }) => store.delete(`export ${question}`),
    async alone({ forecast }, act) {
      const lease = `submitting ${forecast}`;
      const owner = randomUUID();
      const until = () => ({ expiresAt: clock.now() + LEASE_MS });
      if (!(await store.claim(lease, owner, until()))) return undefined;
      const isOurs = async () => (await store.get<string>(lease)) === owner;
      try {
        return await act(async () => {
          const isStill = await isOurs();
          if (isStill) await store.put(lease, owner, until());
          return isStill;
        });
      } finally {
        if (await isOurs()) await store.delete(lease);
      }
    },
    doubts,
    doubt: async (keys, doubt) => putDoubts(keys, [...(await doubts(keys)), doubt]),
    settle: async (keys, sentAt) =>
      putDoubts(
        keys,
        (await doubts(keys)).filter((one) => one.question !== keys.question || one.sentAt !== sentAt),
      ),
    own: (jobId) => store.claim(`job ${jobId}`, true, { expiresAt: clock.now() + KEPT_MS }),
    isOwned: async (jobId) => (await store.get(`job ${jobId}`)) !== undefined,
    async remember({ who }, jobId, about, ticket = undefined as SentTicket | undefined) {
      const key = `sent ${who} ${jobId}`;
      const sent = ticket ?? (await store.get<SentJob>(key))?.ticket;
      if (!sent) return;
      await store.put(key, { ticket: sent, about }, { expiresAt: sent.sentAt + REMEMBERED_MS });
    },
    sent: ({ who }, jobId) => store.get<SentJob>(`sent ${who} ${jobId}`),
    known: async (who) =>
      (await store.list<SentJob>(`sent ${who} `))
        .map(({ value: { ticket, about } }) => ({ jobId: ticket.jobId, sentAt: ticket.sentAt, about }))
        .sort((a, b) => b.sentAt - a.sentAt),
  };
};

/** Equal parts, equal key. The token is one of them: who may see less must not be shown another's export. */
export const ticketKey = (...parts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
