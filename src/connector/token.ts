/** A token that a vendor may refuse one day, and where to get another. */
export interface TokenProvider {
  /** The token to use now. Throws `config` or `needs_login`. */
  current(): Promise<string>;
  /**
   * Another token than `refused`, which the vendor answered with 401; undefined when there is none.
   * Callers whose requests were refused at the same time share one renewal.
   */
  renew(refused: string): Promise<string | undefined>;
}

/** A token behind a secret reference: reading the reference again is the only way to a newer one. */
export const createReferencedToken = (read: () => Promise<string>): TokenProvider => {
  let token: Promise<string> | undefined;
  let reading: Promise<string> | undefined;

  const readOnce = (): Promise<string> => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const current = (): Promise<string> => {
    // A reference that cannot be read now (a locked keychain) is read again by the next call.
    token ??= readOnce().catch((error) => {
      token = undefined;
      throw error;
    });
    return token;
  };

  return {
    current,
    async renew(refused) {
      const known = await current();
      if (known !== refused) return known;
      const fresh = await readOnce();
      token = Promise.resolve(fresh);
      return fresh === refused ? undefined : fresh;
    },
  };
};
