/**
 * Credentials the sandbox knows from the start. None is a secret: they open nothing but a server on
 * 127.0.0.1. Access tokens have the form `<organization id>!…`, as clients of Salesforce expect.
 */
import { id18 } from "#sandbox/company/ids.ts";

const ORGANIZATION = id18("00D", 0);

/** The integration user: reads and edits sales records, creates and reads audit rows, deletes nothing. */
export const INTEGRATION_TOKEN = `${ORGANIZATION}!sandbox.integration`;
/** A user whose profile hides fields; which, see `hiddenFields` in the switches. */
export const RESTRICTED_TOKEN = `${ORGANIZATION}!sandbox.restricted`;
/** A user who cannot see the audit object at all. */
export const NO_AUDIT_TOKEN = `${ORGANIZATION}!sandbox.noAudit`;
/** Was the integration user's once; answers 401. */
export const EXPIRED_TOKEN = `${ORGANIZATION}!sandbox.expired`;

/** The External Client App, and a refresh token a person has granted it. */
export const CLIENT_ID = "sandbox-client-app";
export const CLIENT_SECRET = "sandbox-client-secret";
export const REFRESH_TOKEN = "sandbox-refresh-0";

/** How the switches call the three users. */
export const SESSION_NAMES = ["integration", "restricted", "noAudit"] as const;
export type SessionName = (typeof SESSION_NAMES)[number];

export const accessToken = (name: string): string => `${ORGANIZATION}!sandbox.${name}`;
