/** The API token, behind its secret reference: it is renewed by reading the reference again. */

export interface ApiToken {
  /** The token to use now. Throws `config` when the reference cannot be read. */
  current(): Promise<string>;
  /**
   * Another token than `refused`, which Clari answered with 401; undefined when there is none. Callers
   * whose requests were refused at the same time share one reading.
   */
  renew(refused: string): Promise<string | undefined>;
}

export const createApiToken = (read: () => Promise<string>): ApiToken => {
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
