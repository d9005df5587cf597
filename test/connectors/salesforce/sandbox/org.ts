/** A fresh org per test file, and plain HTTP to it. */
import { makeCompany } from "#sandbox/company/company.ts";
import sandbox from "../../../../connectors/salesforce/sandbox/sandbox.ts";
import { INTEGRATION_TOKEN } from "../../../../connectors/salesforce/sandbox/tokens.ts";

export const NOW = Date.UTC(2026, 10, 18, 9, 30);
export const TODAY = "2026-11-18";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Each test knows the shape it looks at.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly json: any;
}

export const startOrg = async () => {
  let now = NOW;
  const company = makeCompany({ seed: 7, now });
  const server = await sandbox.start({ company, clock: { now: () => now, sleep: async () => {} } });
  const send = async (
    method: string,
    path: string,
    { token = INTEGRATION_TOKEN, body, headers }: RequestOptions = {},
  ): Promise<Answer> => {
    const url = path.startsWith("/") ? path : `/services/data/v67.0/${path}`;
    const response = await fetch(server.url + url, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text ? JSON.parse(text) : undefined,
    };
  };
  const query = (soql: string, options?: RequestOptions) =>
    send("GET", `query?q=${encodeURIComponent(soql)}`, options);
  return {
    company,
    server,
    send,
    query,
    /** Records of a query that must succeed. */
    rows: async (soql: string, options?: RequestOptions) => {
      const answer = await query(soql, options);
      if (answer.status !== 200) throw new Error(`${soql}: ${answer.text}`);
      return answer.json.records;
    },
    /** `[errorCode, message]` of a query that must be refused. */
    refusal: async (soql: string, options?: RequestOptions): Promise<readonly [string, string]> => {
      const answer = await query(soql, options);
      if (answer.status !== 400) throw new Error(`${soql}: ${answer.status}`);
      return [answer.json[0].errorCode, answer.json[0].message];
    },
    setTime: (time: number) => {
      now = time;
    },
  };
};

export interface RequestOptions {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type TestOrg = Awaited<ReturnType<typeof startOrg>>;
