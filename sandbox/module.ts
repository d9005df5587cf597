import type { SandboxClock } from "./clock.ts";
import type { Company } from "./company/types.ts";
import type { Sandbox } from "./server.ts";

/** Default export of `connectors/<id>/sandbox/sandbox.ts`: how the demo, `--sandbox` and the tests start one. */
export interface SandboxModule {
  start(options: SandboxStart): Promise<StartedSandbox>;
}

export interface SandboxStart {
  readonly company: Company;
  readonly clock: SandboxClock;
  /** Absent: any free port. */
  readonly port?: number;
}

export interface StartedSandbox extends Sandbox {
  /** The connector's config that points here; secrets in it are `env:` references … */
  readonly config: Readonly<Record<string, unknown>>;
  /** … to these variables. */
  readonly variables: Readonly<Record<string, string>>;
}
