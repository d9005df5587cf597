/** One tool call on its way through the steps: what arrived, and what the steps have found out so far. */
import type { CatalogTool } from "../catalog/catalog.ts";
import type { HostArguments } from "../catalog/host-arguments.ts";
import type { Change, Principal, Source, SourceFacts } from "../connector/contract.ts";
import { oldest } from "../connector/quarter.ts";
import type { ReadsInFlight } from "../connector/shared-reads.ts";
import type { Committed } from "../trail/trail.ts";

/** What the protocol layer hands over. Nothing of it has been checked. */
export interface Arrival {
  readonly tool: string;
  readonly arguments: unknown;
  /** `claude-code/2.1.329`, or `unknown`. */
  readonly client: string;
  /** Aborted when the client cancels. */
  readonly signal: AbortSignal;
  /** Present when the client asked for progress. */
  readonly progress?: (update: { progress: number; total?: number; message: string }) => void;
  /** Present when the client can show a question to a person. */
  readonly ask?: Ask;
  /** A person has to agree, whatever the configuration says by now. */
  readonly mustAsk?: boolean;
  /** Every row in one answer, whatever it costs: for a program, not for a model. */
  readonly whole?: true;
}

/**
 * Asks a person. `answer` is what the person said to this very question, if the client is coming back
 * with it; `question` makes the value the call must return so that the client asks.
 */
export interface Ask {
  answer(subject: string): Promise<"accepted" | "declined" | undefined>;
  question(subject: string, message: string): Promise<Question>;
}

/** Returned instead of an answer; the protocol layer knows what it is. */
export interface Question {
  readonly question: unknown;
}

/** Filled in by the steps, outer ones first. */
export interface Call {
  readonly id: string;
  readonly arrival: Arrival;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  readonly notices: string[];
  /** Notices that connectors add while they send requests, by what they are about. */
  readonly remarks: Map<string, string>;
  readonly facts: Map<string, SourceFacts>;
  /** HTTP statuses per system. */
  readonly statuses: Map<string, number[]>;
  /** Systems of which a dataset was asked for, also those that could not answer: what was kept of them may. */
  readonly asked: Set<string>;
  /** Reads under way, which a second one of the same joins. */
  readonly reads: ReadsInFlight;
  /** Datasets read so far, by what was asked. */
  readonly readings: Map<string, Reading>;
  /** What was cut, to be had whole. */
  readonly links: RowsLink[];
  /** By authenticate. */
  principal: Principal;
  /** By record: keyed hash of the arguments. */
  args: string;
  /** By authorize. */
  tool: CatalogTool | undefined;
  /** By validate. */
  input: Record<string, unknown>;
  dryRun: boolean;
  /** By validate: how much of the tables is wanted. */
  rows: Pick<HostArguments, "limit" | "fields" | "view">;
  /** By harden. */
  signal: AbortSignal;
  /** By harden; on the hub's clock. */
  deadline: number;
  /** By execute: nothing more is told to the client about this call but its answer. */
  finished: boolean;
  progressed: number;
  /** By confirm, for writes. */
  changes: readonly Change[];
  /** By intend, for writes. */
  intent: Committed | undefined;
}

export interface Reading {
  readonly answer: Promise<unknown>;
  /** What else is asked for in order to answer it. */
  readonly needs: Set<string>;
}

/** What travels back up: an object that becomes the answer, or a question for a person. */
export type Outgoing = Record<string, unknown> | Question;

export const isQuestion = (value: Outgoing): value is Question =>
  "question" in value && Object.keys(value).length === 1;

/** The finished answer, as the client gets it. */
export type Answer = Answered | Question;

export type Answered = {
  readonly content: Record<string, unknown>;
  readonly isError: boolean;
  readonly links: readonly RowsLink[];
};

/** Where all rows of a table that was cut can be read, as CSV. */
export interface RowsLink {
  /** `revops://rows/{cursor}` */
  readonly uri: string;
  /** The table's key in the answer. */
  readonly name: string;
  /** So many rows are there. */
  readonly rows: number;
}

export const sourcesOf = ({ facts, statuses }: Call, now: number): Source[] =>
  [...new Set([...facts.keys(), ...statuses.keys()])].sort().map((system) => {
    const { asOf, cached, reference = {} } = facts.get(system) ?? {};
    const requests = statuses.get(system)?.length ?? 0;
    // All there is of the system may be what is kept longer than the rest.
    const kept = asOf === undefined && requests === 0 ? oldest(Object.values(reference)) : undefined;
    return {
      system,
      asOf: asOf ?? kept ?? new Date(now).toISOString(),
      requests,
      cached: cached ?? kept !== undefined,
      ...(Object.keys(reference).length > 0 && { reference }),
    };
  });

/** What every answer says beside what the tool says: where it came from, and what must not be missed. */
export const envelopeOf = (call: Call, now: number) => {
  const sources = sourcesOf(call, now);
  const notices = [...new Set([...call.notices, ...call.remarks.values()])];
  return {
    ...(sources.length > 0 && { sources }),
    ...(notices.length > 0 && { notices }),
  };
};
