/** Starts the sandbox of every configured connector that ships one, all over the same made-up company. */
import { existsSync } from "node:fs";
import { type SandboxClock, systemClock } from "#sandbox/clock.ts";
import type { Company } from "#sandbox/company/types.ts";
import type { SandboxModule, StartedSandbox } from "#sandbox/module.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Variables } from "../config/variables.ts";
import { moduleExtension } from "../places.ts";

export interface Sandboxes {
  /** The configuration, pointed at the sandboxes. */
  readonly loaded: LoadedConfig;
  readonly variables: Variables;
  readonly started: Readonly<Record<string, StartedSandbox>>;
  /** What all of them are views of; undefined when no connector has a sandbox. */
  readonly company: Company | undefined;
  close(): Promise<void>;
}

export interface SandboxesWanted {
  readonly clock?: SandboxClock;
  /** Default: one made for now, the same for the same moment. */
  readonly company?: () => Company;
}

const SEED = 20261121;

export const startSandboxes = async (
  loaded: LoadedConfig,
  shipped: URL,
  { clock = systemClock, company: make }: SandboxesWanted = {},
): Promise<Sandboxes> => {
  const started: Record<string, StartedSandbox> = {};
  let company: Company | undefined;
  const connectors = { ...loaded.config.connectors };
  const variables: Record<string, string> = {};

  for (const [name, entry] of Object.entries(connectors)) {
    const module = new URL(`${entry.from ?? name}/sandbox/sandbox.${moduleExtension}`, shipped);
    if (!existsSync(module)) continue;
    company ??=
      make?.() ?? (await import("#sandbox/company/company.ts")).makeCompany({ seed: SEED, now: clock.now() });
    const sandbox = await ((await import(module.href)) as { default: SandboxModule }).default.start({
      company,
      clock,
    });
    started[name] = sandbox;
    connectors[name] = { ...entry, config: { ...entry.config, ...sandbox.config } };
    Object.assign(variables, sandbox.variables);
  }
  return {
    loaded: { ...loaded, config: { ...loaded.config, connectors } },
    variables,
    started,
    company,
    close: async () => void (await Promise.all(Object.values(started).map((sandbox) => sandbox.close()))),
  };
};
