/** `/composite`: several calls in one, the later ones able to use answers of the earlier ones. */
import { Rejection } from "../rejection.ts";
import type { ResourceAnswer, ResourceRequest } from "./resource.ts";

const MAX_MEMBERS = 25;
const MAX_QUERIES = 5;

interface Member {
  readonly method: string;
  readonly url: string;
  readonly referenceId: string;
  readonly body?: unknown;
  readonly httpHeaders?: Readonly<Record<string, string>>;
}

interface MemberAnswer {
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly httpStatusCode: number;
  readonly referenceId: string;
}

/** `run` answers one member, errors included. */
export const answerComposite = (
  request: ResourceRequest,
  run: (member: {
    method: string;
    url: string;
    body: unknown;
    headers: Record<string, string>;
  }) => ResourceAnswer,
): ResourceAnswer => {
  const { allOrNone, members } = readBody(request.body);
  const { world } = request.org;
  const start = world.mark();
  const answers: MemberAnswer[] = [];
  let failed: number | undefined;

  for (const member of members) {
    const answer = failed !== undefined && allOrNone ? undefined : answerMember(member, answers, run);
    if (answer) answers.push(answer);
    if (answer && answer.httpStatusCode >= 400) failed ??= answers.length - 1;
  }
  if (failed === undefined || !allOrNone) return { status: 200, body: { compositeResponse: answers } };

  world.rollBack(start);
  const halted = { errorCode: "PROCESSING_HALTED", message: ROLLED_BACK };
  return {
    status: 200,
    body: {
      compositeResponse: members.map(({ referenceId }, index) =>
        index === failed
          ? answers[index]
          : { body: [halted], httpHeaders: {}, httpStatusCode: 400, referenceId },
      ),
    },
  };
};

const ROLLED_BACK = "The transaction was rolled back since another operation in the same transaction failed.";

const readBody = (body: unknown) => {
  const { allOrNone = false, compositeRequest } = (body ?? {}) as {
    allOrNone?: boolean;
    compositeRequest?: readonly Member[];
  };
  if (!Array.isArray(compositeRequest) || compositeRequest.length === 0)
    throw new Rejection(400, "JSON_PARSER_ERROR", "compositeRequest is required");
  const members: readonly Member[] = compositeRequest;
  if (members.length > MAX_MEMBERS)
    throw new Rejection(400, "LIMIT_EXCEEDED", `Limit of ${MAX_MEMBERS} subrequests exceeded`);
  if (members.filter(({ url }) => /\/query(All)?(\/|\?|$)/.test(url)).length > MAX_QUERIES)
    throw new Rejection(400, "LIMIT_EXCEEDED", `Limit of ${MAX_QUERIES} query subrequests exceeded`);
  if (new Set(members.map(({ referenceId }) => referenceId)).size < members.length)
    throw new Rejection(400, "INVALID_INPUT", "Provided reference IDs must be unique");
  return { allOrNone, members };
};

const answerMember = (
  member: Member,
  earlier: readonly MemberAnswer[],
  run: Parameters<typeof answerComposite>[1],
): MemberAnswer => {
  const { referenceId } = member;
  try {
    const { method, url, body, httpHeaders = {} } = resolve(member, earlier) as Member;
    const headers = Object.fromEntries(
      Object.entries(httpHeaders).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const answer = run({ method, url, body, headers });
    return {
      body: answer.body ?? null,
      httpHeaders: headersOf(answer),
      httpStatusCode: answer.status,
      referenceId,
    };
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return {
      body: error.status === 412 ? null : error.body,
      httpHeaders: {},
      httpStatusCode: error.status,
      referenceId,
    };
  }
};

const headersOf = ({ headers = {} }: ResourceAnswer) =>
  Object.fromEntries(
    ["Location", "Last-Modified"]
      .map((name) => [name, headers[name.toLowerCase()]])
      .filter(([, value]) => value !== undefined),
  );

/** Replaces `@{note.id}` and `@{found.records[0].Id}` everywhere in a member. */
const resolve = (value: unknown, earlier: readonly MemberAnswer[]): unknown => {
  if (typeof value === "string")
    return value.replace(/@\{([^}]*)\}/g, (_, path: string) => lookUp(path, earlier));
  if (Array.isArray(value)) return value.map((item) => resolve(item, earlier));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, earlier)]));
  return value;
};

const lookUp = (path: string, earlier: readonly MemberAnswer[]): string => {
  const [referenceId = "", ...steps] = path.split(/[.[\]]+/).filter(Boolean);
  let value: unknown = earlier.find((answer) => answer.referenceId === referenceId)?.body;
  for (const step of steps)
    value =
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[step] : undefined;
  if (value === undefined || value === null || typeof value === "object")
    throw new Rejection(
      400,
      "PROCESSING_HALTED",
      `Invalid reference specified. No value for ${path} found in ${referenceId}. Provided reference ids: ${earlier
        .map((answer) => answer.referenceId)
        .join(", ")}.`,
    );
  return String(value);
};
