/**
 * Everything a connector author needs, and the only module of the host that a connector may import
 * (as `#connector`). A connector is data: what it is called, how it is configured, how it opens its
 * vendor's API, which tools it has and which datasets it can provide. The host does the rest:
 * transport, validation, read-only, audit, limits, logging, redaction and the shape of answers.
 */
import type { z } from "zod";
import type { ErrorCode } from "../errors.ts";
import type {
  Correction,
  DatasetName,
  DatasetQuery,
  DatasetReading,
  DatasetRow,
  SuggestedCall,
} from "./datasets.ts";
import type { Clock, KeyedStore, Vault } from "./lent.ts";
import type { Prompt, Resource } from "./offers.ts";
import type { Change, PastWrite, Settlement } from "./writes.ts";

export { type ErrorCode, HubError, isHubError, toHubError } from "../errors.ts";
export { toId18 } from "./crm-id.ts";
export * from "./datasets.ts";
export { createGrantedToken, type Grant, type GrantedToken } from "./granted-token.ts";
export { parseJson } from "./json.ts";
export { type JsonLists, type JsonListsOptions, readJsonLists } from "./json-lists.ts";
export type { Clock, KeyedStore, Vault } from "./lent.ts";
export { matching } from "./matching.ts";
export type * from "./offers.ts";
export {
  dayIn,
  daysBetween,
  oldest,
  parseQuarter,
  QUARTER_FORMS,
  type Quarter,
  type QuarterPosition,
  quarterPosition,
} from "./quarter.ts";
export { openTable, secretRef, table } from "./schema-words.ts";
export { createReferencedToken, type TokenProvider } from "./token.ts";
export type * from "./writes.ts";

// --- the connector ---------------------------------------------------------------------------------

export interface Connector<N extends string, C extends z.ZodObject, A> {
  /** Prefix of its tools and key in the config file: `salesforce`. Lower case, digits, dashes. */
  readonly name: N;
  /** For people: `Salesforce`. */
  readonly title: string;
  /** The connector's own part of the config file. Secrets are {@link secretRef} fields. */
  readonly config: C;
  /** How to run without a config file, from the variables that single-system servers use. */
  readonly environment?: Environment<z.input<C>>;
  /** Opens the vendor's API. No vendor is contacted here: a hub must start while a vendor is down. */
  start(setup: Setup<z.output<C>>): A | Promise<A>;
  /**
   * Proves that the vendor answers and accepts our credentials, and looks at what the tools rely on; with
   * few requests, since it also runs once after a connector's first use. Throws a HubError if the vendor
   * cannot be used at all.
   */
  health(api: A, call: Upstream): Promise<Health>;
  stop?(api: A): void | Promise<void>;
  /** How a person signs in with a browser: `revops-hub login NAME`. Only where the configuration may want it. */
  readonly login?: Login<NoInfer<A>>;
  readonly tools: readonly Tool<NoInfer<N>, NoInfer<A>>[];
  readonly datasets?: DatasetProviders<NoInfer<A>>;
  readonly resources?: readonly Resource[];
  readonly prompts?: readonly Prompt[];
}

export interface Environment<C> {
  /** The only variables this connector is shown. */
  readonly variables: readonly string[];
  /** Its config, or undefined when the variables do not describe this system at all. */
  config(variables: Readonly<Record<string, string | undefined>>): C | undefined;
}

/**
 * The authorization code flow with PKCE (RFC 6749, RFC 7636). The host makes verifier and state, listens on
 * this machine for the code, and opens the browser.
 */
export interface Login<A> {
  /** Where the vendor's callback is registered: `http://localhost:PORT/callback`. */
  port(api: A): number;
  /** Where a person signs in. Throws `config` when the configuration signs in otherwise. */
  authorizeUrl(api: A, request: AuthorizeRequest): string;
  /** Exchanges the code and stores what it gives. Returns one line that says who signed in. */
  redeem(api: A, grant: CodeGrant): Promise<string>;
  /** Deletes what {@link redeem} stored, and ends it at the vendor if it can. Returns one line that says so. */
  forget(api: A): Promise<string>;
}

export interface AuthorizeRequest {
  readonly redirectUri: string;
  /** Comes back with the code. */
  readonly state: string;
  /** SHA-256 of the verifier, base64url: the method S256. */
  readonly challenge: string;
}

export interface CodeGrant {
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

export interface Health {
  /** One line for people: who we are signed in as, what is left of the vendor's allowance. */
  readonly summary: string;
  /** What else was looked at, a line each. */
  readonly checks?: readonly Check[];
}

/** One thing that was looked at. Our words only; whatever is not well says what to do about it. */
export type Check = {
  /** In two or three words: `audit object`. */
  readonly what: string;
  readonly detail: string;
} & (
  | { readonly level: "ok"; readonly hint?: undefined }
  /** `warning`: works, but not all of it or not for long; `problem`: does not work. */
  | { readonly level: "warning" | "problem"; readonly hint: string }
);

/** What a connector gets once, at start. */
export interface Setup<C> {
  readonly config: C;
  /** Resolves `env:NAME`, `file:PATH`, `keychain:NAME` or `cmd:PROGRAM ARGS`. Throws `config` if it cannot. */
  secret(reference: string): Promise<string>;
  /** The only way out of the process; see {@link Fetch}. */
  readonly fetch: Fetch;
  /** Durable, private to this connector, shared by every hub process on the machine. */
  readonly store: KeyedStore;
  /** The same for what must stay secret, such as a login. */
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Adds a notice to the answer of the call for which a request is just being made; outside a call it does
   * nothing. Of several about the same thing the last one stands. Our words only.
   */
  notice(about: string, text: string): void;
}

// --- tools -----------------------------------------------------------------------------------------

// `any` erases variance where tools of different shapes stand in one array; nowhere else.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Tool<N extends string, A, I extends z.ZodObject = any, O extends z.ZodObject = any> = {
  /** `<connector>_<verb>_<noun>` */
  readonly name: `${N}_${string}`;
  readonly title: string;
  /** Written for the model that chooses between tools: what it answers, when to use it. */
  readonly description: string;
  readonly input: I;
  /** What `handle` returns; undeclared fields never leave. Lists of rows are {@link table}s. */
  readonly output: O;
  readonly limits?: { readonly timeoutMs?: number };
  /** Named parts of the catalogue that it belongs to, beside `all`: `forecast-call`, `hygiene`, `admin`. */
  readonly toolsets?: readonly string[];
  /** Not in tools/list: only resources, completions and views use it. The same steps, the same rights. */
  readonly unlisted?: true;
  /** Name of the HTML file in the connector's `views` folder that draws its answers (MCP Apps). */
  readonly view?: string;
  /**
   * The vendor requests this call would send, in order, without sending any: the answer to
   * `dry_run: true`. Values known only from an earlier answer stand as `<...>`. Leave it out only if
   * the tool touches no vendor.
   */
  plan?(input: z.output<I>, call: ToolPlanCall<A>): Plan | Promise<Plan>;
} & (ReadEffect<A, I, O> | WriteEffect<A, I, O>);

export interface ReadEffect<A, I extends z.ZodObject, O extends z.ZodObject> {
  readonly effect: "read";
  handle(input: z.output<I>, call: Call<A>): Promise<z.input<O>>;
}

/** A write that cannot say why it is made, or show first what it would change in which records, does not compile. */
export interface WriteEffect<A, I extends z.ZodObject, O extends z.ZodObject> {
  readonly effect: "write";
  /** Why, in the words of who asked: at least ten characters, or the host refuses. Recorded everywhere. */
  reason(input: z.output<I>): string;
  /**
   * Reads the records and says what would change; refuses (throws) what may not be written. Nothing but
   * this may be made afterwards, and no other write touches these records meanwhile.
   */
  preview(input: z.output<I>, call: Call<A>): Promise<readonly Change[]>;
  /** Runs after the intent is durable. Settles an unknown outcome by reading back, never by resending. */
  handle(input: z.output<I>, call: WriteCall<A>): Promise<z.input<O>>;
  /**
   * Finds out how an earlier write of this tool ended that a crash or a lost answer left open, and notes it
   * where the vendor keeps its own record of writes. Without it a person must look at the record.
   */
  settle?(write: PastWrite, call: SettleCall<A>): Promise<Settlement>;
}

export type Plan = readonly PlannedRequest[];

export interface PlannedRequest {
  readonly system: string;
  readonly method: "GET" | "POST" | "PATCH";
  /** Without credentials; query strings decoded, for people. */
  readonly url: string;
  readonly body?: unknown;
  /** When it is sent, if not always: `each poll`, `only when the cap bit`. */
  readonly note?: string;
}

/** Identity functions: all typing, no framework. */
export const defineConnector = <N extends string, C extends z.ZodObject, A>(connector: Connector<N, C, A>) =>
  connector;

export const defineToolsOn =
  <A>() =>
  <N extends string, I extends z.ZodObject, O extends z.ZodObject>(tool: Tool<N, A, I, O>) =>
    tool;

// --- one call --------------------------------------------------------------------------------------

/** Who acts. On stdio: the operating system's user. Never called user or account: those are SObjects. */
export interface Principal {
  readonly id: string;
}

/** What may be done upstream on behalf of one call. */
export interface Upstream {
  /** Aborted when the client cancels or the deadline passes; already wired into {@link Setup.fetch}. */
  readonly signal: AbortSignal;
}

export interface PlanCall<A> {
  readonly api: A;
  readonly clock: Clock;
  readonly datasets: DatasetPlans;
}

export interface ToolPlanCall<A> extends PlanCall<A> {
  /** As in {@link Call}. */
  pastWrite(sequence: number): PastWrite | undefined;
}

export interface Call<A> extends Upstream {
  readonly api: A;
  /** The call's id, as it stands in the log and the trail. */
  readonly id: string;
  readonly principal: Principal;
  readonly clock: Clock;
  /** When the call ends, on `clock`. Who waits for something slow says "still running" before that. */
  readonly deadline: number;
  readonly log: Log;
  /** What other connectors know, in RevOps terms. */
  readonly datasets: Datasets;
  /** A write of this hub, by the sequence number of its trail entry; undefined when that is none. */
  pastWrite(sequence: number): PastWrite | undefined;
  /** Shown to a waiting person; sent only if the client asked for progress. */
  progress(message: string, done?: number, total?: number): void;
  /** What the model must not miss: `LIMIT lowered to 200`. Our words only, never a vendor's. */
  notice(text: string): void;
  /** Says how old this connector's part of the answer is; without it, it is as of now. */
  source(facts: SourceFacts): void;
}

export interface WriteCall<A> extends Call<A> {
  /** The durable intent this write stands on: its sequence number and the trail's head, in hex. */
  readonly intent: { readonly sequence: number; readonly head: string };
  /** What {@link WriteEffect.preview} said, and a person may have agreed to: nothing else may be made. */
  readonly changes: readonly Change[];
}

/** What `revops-hub reconcile` gives a tool, for a write whose outcome is unknown. */
export interface SettleCall<A> extends Upstream {
  readonly api: A;
  /** False in a read-only hub: then only look. */
  readonly mayWrite: boolean;
}

export interface SourceFacts {
  /** ISO time the data is from; of what was said in several steps, the oldest counts. */
  readonly asOf?: string;
  /** True if no request was needed because a kept result answered. */
  readonly cached?: boolean;
  /** ISO times of what is kept longer than the rest, by what it is: `{ people: "2026-11-21T08:10:00Z" }`. */
  readonly reference?: Readonly<Record<string, string>>;
}

/** `sources` of an answer. */
export interface Source {
  readonly system: string;
  readonly asOf: string;
  readonly requests: number;
  readonly cached: boolean;
  readonly reference?: Readonly<Record<string, string>>;
}

// --- datasets: how systems join without knowing each other ------------------------------------------

/** Provided by a connector: reads rows in RevOps terms; `plan` is the dry run of `read`. */
export interface DatasetProvider<A, D extends DatasetName> {
  read(query: DatasetQuery<D>, call: Call<A>): Promise<DatasetReading<D>>;
  plan(query: DatasetQuery<D>, call: PlanCall<A>): Plan | Promise<Plan>;
}

export type DatasetProviders<A> = { readonly [D in DatasetName]?: DatasetProvider<A, D> };

/** A dataset merged over every connector that provides it. `missing` names those that could not. */
export interface DatasetAnswer<D extends DatasetName> {
  readonly rows: readonly DatasetRow<D>[];
  /** Systems that answered. */
  readonly systems: readonly string[];
  /** ISO time; of several systems' rows the oldest. Null when nobody answered. */
  readonly asOf: string | null;
  /** Columns that some system could not read at all: null in them says nothing. */
  readonly unreadable: readonly string[];
  /** Systems that could not answer, and why: the code, and one public sentence. */
  readonly missing: readonly { readonly system: string; readonly code: ErrorCode; readonly reason: string }[];
  /**
   * The call that would correct one value of these rows, its tool named as clients see it; undefined where
   * no tool that this principal may use does that.
   */
  correct(correction: Correction<D>): SuggestedCall | undefined;
}

export interface Datasets {
  /**
   * Never throws for a vendor's failure: what is missing is named. Throws `cancelled` and the like. Asked for
   * again in the same call, the answer is the same one; asked in order to answer itself, it throws `internal`.
   */
  read<D extends DatasetName>(dataset: D, query: DatasetQuery<D>): Promise<DatasetAnswer<D>>;
}

export interface DatasetPlans {
  plan<D extends DatasetName>(dataset: D, query: DatasetQuery<D>): Promise<Plan>;
}

// --- what the host lends ---------------------------------------------------------------------------

/**
 * The host's way to a vendor: redirects are never followed, the body is read under a byte cap and the
 * call's deadline, reads are retried within a budget (Retry-After honoured), writes never are, every
 * request is counted for the answer, the log and the trail. Only `origin` can be reached. Within one call,
 * equal GETs that are under way at the same time are one request.
 */
export type Fetch = (request: VendorRequest) => Promise<VendorResponse>;

export interface VendorRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** Absolute; must have the origin the connector's config names. */
  readonly url: string;
  readonly origin: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Largest body accepted, in bytes. Default 16 MiB. */
  readonly maxBytes?: number;
  /**
   * Takes the text of a 2xx answer as it arrives, for what is too large to hold; `body` is then empty. Made
   * anew for each try. May throw HubErrors, which end the request.
   */
  readonly receive?: () => (piece: string) => void | Promise<void>;
  /** Whether a failed request may be sent again. Default: GET only. */
  readonly retry?: boolean;
  /** Shorter than the call's own deadline. */
  readonly timeoutMs?: number;
  /**
   * Not ended when the call is cancelled or over, only by `timeoutMs` (default 30 s): for a request whose
   * answer is the only handle to something already paid for, such as an export job.
   */
  readonly outlivesCall?: boolean;
}

/** Any HTTP status that arrived whole. `body` is text; {@link parseJson} checks and parses it. */
export interface VendorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Log {
  debug(facts: object, message?: string): void;
  info(facts: object, message?: string): void;
  warn(facts: object, message?: string): void;
  error(facts: object, message?: string): void;
}
