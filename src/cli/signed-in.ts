/** The connector that `login` and `logout` are about. */
import type { AnyConnector } from "../connector/any.ts";
import type { Login } from "../connector/contract.ts";
import type { Supervised } from "../connector/supervise.ts";
import { HubError } from "../errors.ts";

export interface LoginTarget {
  readonly name: string;
  readonly title: string;
  readonly api: unknown;
  readonly login: Login<unknown>;
}

/** Throws `config` when there is no such connector or nobody signs in to it, and what kept it from starting. */
export const loginTarget = (supervised: readonly Supervised[], name: string | undefined): LoginTarget => {
  const found = supervised.find((one) => one.name === name);
  if (!found)
    throw new HubError(
      "config",
      name === undefined ? "Say which system." : `The configuration has no connector "${name}".`,
      { hint: `It has ${supervised.map((one) => one.name).join(", ") || "none"}.` },
    );
  const { connector, api, failure } = found;
  if (failure) throw failure;
  const { title, login } = connector as AnyConnector;
  if (!login)
    throw new HubError("config", `${title} knows no login by a person.`, {
      hint: "Its credentials are given in the configuration.",
    });
  return { name: found.name, title, api, login };
};
