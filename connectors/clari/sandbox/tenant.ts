/** One Clari organisation as this server holds it in memory, and one request to it. */
import type { SandboxClock } from "#sandbox/clock.ts";
import type { Company, Person } from "#sandbox/company/types.ts";
import type { SandboxRequest } from "#sandbox/server.ts";
import type { Job } from "./job.ts";
import type { Switches } from "./switches.ts";

export interface Tenant {
  readonly company: Company;
  readonly clock: SandboxClock;
  switches: Switches;
  /** Oldest first; of every user. */
  jobs: Job[];
  /** Requests of each token in the running second, when they are limited. */
  requests: Map<string, { second: number; count: number }>;
  /** How many were refused for being too many. */
  throttled: number;
  /** Errors answered so far; their ids count up. */
  errors: number;
}

export interface Call {
  readonly tenant: Tenant;
  readonly request: SandboxRequest;
  /** Whose token it is. */
  readonly caller: Person;
  /** Variable parts of the path, decoded. */
  readonly params: readonly string[];
}

export const personWithClariId = (company: Company, clariId: number): Person => {
  const person = company.people.find((one) => one.clariId === clariId);
  if (!person) throw new RangeError(`the company has nobody with Clari id ${clariId}`);
  return person;
};
