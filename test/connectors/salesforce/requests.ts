/** What a dry run promised and what the sandbox received, in one form, so that tests compare them. */
import type { StartedSandbox } from "#sandbox/module.ts";
import { records } from "../../kit/records.ts";

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
}

const decoded = (text: string) => decodeURIComponent(text.replaceAll("+", "%20"));

// biome-ignore lint/suspicious/noExplicitAny: bodies are whatever was sent
const readable = (body: any) =>
  body.compositeRequest
    ? {
        ...body,
        compositeRequest: body.compositeRequest.map((member: { url: string }) => ({
          ...member,
          url: decoded(member.url),
        })),
      }
    : body;

export const received = (sandbox: StartedSandbox): Seen[] =>
  sandbox.requests().map(({ method, path, query, body }) => ({
    method,
    url: `${sandbox.url}${path}${query === "" ? "" : `?${decoded(query)}`}`,
    ...(body !== "" && { body: readable(JSON.parse(body)) }),
  }));

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever came
export const promised = (answer: any): (Seen & { note?: string })[] =>
  answer.dry_run.requests.map(({ system: _, ...request }: Seen & { system: string }) => request);

export const soqlOf = ({ url }: Seen): string => url.split("?q=")[1] ?? "";

/** Rows of an answer as objects again. */
// biome-ignore lint/suspicious/noExplicitAny: cells are whatever came
export const objects = (table: Parameters<typeof records>[0]): Record<string, any>[] => records(table);
