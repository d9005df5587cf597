/** One REST call on a versioned resource, also as a member of a composite. */
import type { Org, Session } from "../org.ts";

export interface ResourceRequest {
  readonly org: Org;
  readonly session: Session;
  readonly method: string;
  /** `67.0` */
  readonly version: string;
  /** Behind `/services/data/v67.0`, split at slashes and decoded: `["sobjects", "Account", "001…"]`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined when the request had no body. */
  readonly body: unknown;
}

export interface ResourceAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A file's content is text, everything else JSON. */
  readonly body?: object | string;
}
