/** Where access tokens come from. Each way to sign in is one provider; the transport knows no other. */
import { createReferencedToken, type Setup, type TokenProvider } from "#connector";
import type { Settings } from "./config.ts";

export const createTokenProvider = ({
  config,
  secret,
}: Pick<Setup<Settings>, "config" | "secret">): TokenProvider =>
  createReferencedToken(() => secret(config.auth.token));
