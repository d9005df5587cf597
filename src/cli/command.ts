/** What a command is, and what it is told. */
import type { Variables } from "../config/variables.ts";
import type { Format } from "./format.ts";

export interface CommandContext {
  /** Words after the command's name. */
  readonly words: readonly string[];
  readonly variables: Variables;
  /** `--config` */
  readonly configFile: string | undefined;
  /** `--sandbox`: both vendors are played by servers in this process. */
  readonly sandbox: boolean;
  /** `--json`: for programs. */
  readonly json: boolean;
  /** `--format`, or what `--json` means. */
  readonly format: Format;
  /** `--table`: the table of an answer that is wanted. */
  readonly table: string | undefined;
  /** `--dry-run` */
  readonly dryRun: boolean;
  /** `--open`: in a browser. */
  readonly open: boolean;
}

/** Returns the exit status. */
export type Run = (context: CommandContext) => Promise<number>;

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** It prints an answer in the form that `--format` names. */
  readonly formats?: true;
  load(): Promise<{ readonly default: Run }>;
}
