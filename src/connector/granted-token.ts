/**
 * Tokens that a vendor grants for a while and grants anew. Every hub process of a machine uses the same
 * grant: it is kept in the vault before it is used, because a vendor that rotates refresh tokens accepts
 * only the newest, and one process asks for the next while the others wait.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { HubError } from "../errors.ts";
import type { Clock, KeyedStore, Vault } from "./lent.ts";
import type { TokenProvider } from "./token.ts";

export interface Grant {
  readonly accessToken: string;
  /** Needed for the next one, where the vendor gives any. */
  readonly refreshToken?: string | undefined;
}

export interface GrantedToken extends TokenProvider {
  /** Keeps a grant that was obtained otherwise, such as by a person's login. */
  keep(grant: Grant): Promise<void>;
  /** Returns what there was: a grant, or one that could no longer be read. */
  forget(): Promise<Grant | "unreadable" | undefined>;
}

export interface GrantOptions {
  readonly vault: Vault;
  readonly store: KeyedStore;
  readonly clock: Clock;
  /** Name of the grant in both; another one for each client, user and org. */
  readonly key: string;
  /** Asks the vendor, within half of {@link LEASE_MS}, whatever becomes of the call that needs the token. */
  request(previous: Grant | undefined): Promise<Grant>;
}

const LEASE_MS = 20_000;
const LOOK_AGAIN_MS = 100;
/** A token of this age or younger is believed to be valid unasked: sessions rarely last less. */
const SURELY_VALID_MS = 15 * 60_000;

const kept = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).optional(),
  obtainedAt: z.number(),
});
type Kept = z.output<typeof kept>;

/** Throws what `request` throws, `needs_login` for a stored grant that cannot be read, `config` for a vault that cannot. */
export const createGrantedToken = ({ vault, store, clock, key, request }: GrantOptions): GrantedToken => {
  let token: string | undefined;
  let obtaining: Promise<string> | undefined;
  /** Granted, but not yet kept: it is not used, and no other is asked for. */
  let unkept: Kept | undefined;

  const stored = async (): Promise<Kept | undefined> => kept.safeParse(await vault.get(key)).data;

  const save = async (grant: Kept): Promise<string> => {
    unkept = grant;
    await vault.put(key, grant);
    unkept = undefined;
    token = grant.accessToken;
    return token;
  };

  /** Without a refused one any token is worth a try; otherwise it must be another, and young. */
  const isUsable = ({ accessToken, obtainedAt }: Kept, refused: string | undefined): boolean =>
    refused === undefined ||
    (accessToken !== refused && Math.abs(clock.now() - obtainedAt) < SURELY_VALID_MS);

  const obtain = async (refused: string | undefined): Promise<string> => {
    const take = (grant: Kept | undefined): string | undefined => {
      if (!grant || unkept || !isUsable(grant, refused)) return undefined;
      token = grant.accessToken;
      return token;
    };
    return (
      take(await stored()) ??
      (await leased(store, clock, `renewing ${key}`, async () => {
        // Whoever had the lease before has probably renewed it.
        const previous = await stored();
        return take(previous) ?? save(unkept ?? { ...(await request(previous)), obtainedAt: clock.now() });
      }))
    );
  };

  const obtainOnce = (refused: string | undefined): Promise<string> => {
    obtaining ??= obtain(refused).finally(() => {
      obtaining = undefined;
    });
    return obtaining;
  };

  return {
    current: async () => token ?? obtainOnce(undefined),
    async renew(refused) {
      if (token !== undefined && token !== refused) return token;
      const fresh = await obtainOnce(refused);
      return fresh === refused ? undefined : fresh;
    },
    async keep(grant) {
      await leased(store, clock, `renewing ${key}`, () => save({ ...grant, obtainedAt: clock.now() }));
    },
    async forget() {
      // Whoever is renewing now would keep its grant after this one is gone.
      return leased(store, clock, `renewing ${key}`, async () => {
        const found = unkept ?? (await stored().catch(() => "unreadable" as const));
        await vault.delete(key);
        token = undefined;
        unkept = undefined;
        return found;
      });
    },
  };
};

/** One process of the machine at a time; one that died in it is waited for until its lease ends. */
const leased = async <T>(
  store: KeyedStore,
  clock: Clock,
  name: string,
  work: () => Promise<T>,
): Promise<T> => {
  const owner = randomUUID();
  const giveUpAt = clock.now() + 2 * LEASE_MS;
  while (!(await store.claim(name, owner, { expiresAt: clock.now() + LEASE_MS }))) {
    if (clock.now() > giveUpAt)
      throw new HubError(
        "vendor_unavailable",
        "Another hub on this machine has been signing in for too long.",
      );
    await clock.sleep(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    if ((await store.get(name)) === owner) await store.delete(name);
  }
};
