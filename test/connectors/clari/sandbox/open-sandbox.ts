/** A Clari sandbox of its own for each test, and plain fetch to ask it with. */
import { expect, onTestFinished } from "vitest";
import { makeCompany } from "#sandbox/company/company.ts";
import type { Company } from "#sandbox/company/types.ts";
import type { StartedSandbox } from "#sandbox/module.ts";
import type {
  Entry,
  ForecastResult,
  ForecastUser,
} from "../../../../connectors/clari/sandbox/forecast-result.ts";
import sandbox from "../../../../connectors/clari/sandbox/sandbox.ts";
import { createClock, type ManualClock, TEST_NOW } from "../../../kit/clock.ts";

export type { Entry, ForecastResult, ForecastUser };

export const ERROR_ID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

/** Made once; each test gets a copy that it may change. */
const COMPANY = makeCompany({ seed: 7, now: TEST_NOW });

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface Ask {
  readonly method?: string;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is if a string, else as JSON. */
  readonly body?: unknown;
}

export interface Clari {
  readonly company: Company;
  readonly clock: ManualClock;
  readonly server: StartedSandbox;
  /** `path` is below the origin, or an absolute URL. */
  ask(path: string, options?: Ask): Promise<Answer>;
  /** Submits an export of `net_arr` and returns the job's id. */
  submit(body?: object, options?: Ask & { readonly forecastId?: string }): Promise<string>;
  /** Submits, lets the job run to its end and fetches the file. */
  exported(body?: object, options?: Ask & { readonly forecastId?: string }): Promise<ForecastResult>;
  statusOf(jobId: string): Promise<string>;
}

/** `switches` are those of the sandbox's configure. */
export const openSandbox = async (switches: Record<string, unknown> = {}): Promise<Clari> => {
  const company = structuredClone(COMPANY);
  const clock = createClock(TEST_NOW);
  const server = await sandbox.start({ company, clock });
  onTestFinished(() => server.close());
  server.configure(switches);

  const ask: Clari["ask"] = async (path, { method = "GET", token = "sandbox-admin", headers, body } = {}) => {
    const response = await fetch(new URL(path, server.url), {
      method,
      headers: { ...(token !== null && { apikey: token }), ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get body() {
        return JSON.parse(text);
      },
    };
  };
  const submit: Clari["submit"] = async (body, { forecastId = "net_arr", ...options } = {}) => {
    const answer = await ask(`/v4/export/forecast/${forecastId}`, { method: "POST", body, ...options });
    expect(answer.status, answer.text).toBe(200);
    return answer.body.jobId;
  };
  return {
    company,
    clock,
    server,
    ask,
    submit,
    exported: async (body, options) => {
      const jobId = await submit(body, options);
      clock.advance(10_000);
      const token = options?.token;
      return (await ask(`/v4/export/jobs/${jobId}/results`, { ...(token != null && { token }) })).body;
    },
    statusOf: async (jobId) => {
      const { body } = await ask(`/v4/export/jobs/${jobId}`);
      return (body.job ?? body).status;
    },
  };
};

export const personOf = (company: Company, id: string) => company.people.find((person) => person.id === id)!;
