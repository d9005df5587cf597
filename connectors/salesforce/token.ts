/** Where access tokens come from. Each way to sign in is one provider; the transport knows no other. */
import type { Setup } from "#connector";
import type { Settings } from "./config.ts";

export interface TokenProvider {
  /** The token to use now. Throws `config` or `needs_login`. */
  current(): Promise<string>;
  /**
   * Another token than `refused`, which Salesforce answered with 401; undefined when there is none.
   * Callers whose requests were refused at the same time share one renewal.
   */
  renew(refused: string): Promise<string | undefined>;
}

export const createTokenProvider = ({
  config,
  secret,
}: Pick<Setup<Settings>, "config" | "secret">): TokenProvider =>
  createReferencedToken(config.auth.token, secret);

/** A token behind a secret reference: reading the reference again is the only way to a newer one. */
const createReferencedToken = (reference: string, secret: Setup<Settings>["secret"]): TokenProvider => {
  let token: Promise<string> | undefined;
  let reading: Promise<string> | undefined;

  const read = (): Promise<string> => {
    reading ??= secret(reference).finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const current = (): Promise<string> => {
    // A reference that cannot be read now (a locked keychain) is read again by the next call.
    token ??= read().catch((error) => {
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
      const fresh = await read();
      token = Promise.resolve(fresh);
      return fresh === refused ? undefined : fresh;
    },
  };
};
