/**
 * Whose eyes a token has: the Clari user it belongs to. What is kept for long is kept for that user, because
 * tokens are renewed, and a renewed one may be somebody else's.
 */
import type { KeyedStore } from "#connector";
import { ticketKey } from "../exports/tickets.ts";

export interface Viewer {
  /** Stands for the user; for the token alone until Clari has named one. */
  current(): Promise<string>;
  /** Remembers what Clari said of the token's user. */
  note(user: ClariUser): Promise<void>;
}

export interface ClariUser {
  readonly userId?: string | undefined;
  readonly orgId?: string | undefined;
}

/** `identity`: address and token. */
export const createViewer = (store: KeyedStore, baseUrl: string, identity: () => Promise<string>): Viewer => {
  const key = async () => `viewer ${ticketKey(await identity())}`;
  const current = async () => (await store.get<string>(await key())) ?? ticketKey(await identity());
  return {
    current,
    async note({ userId, orgId }) {
      if (userId === undefined) return;
      const viewer = ticketKey(baseUrl, orgId, userId);
      if ((await current()) !== viewer) await store.put(await key(), viewer);
    },
  };
};
