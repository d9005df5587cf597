/** Every request to the org: which resource it is for, whether it may, and the answer's shape. */
import type { SandboxRequest, SandboxResponse } from "#sandbox/server.ts";
import { authenticate, type Org } from "../org.ts";
import { notFound, Rejection } from "../rejection.ts";
import { answerComposite } from "./composite.ts";
import { limitsOf } from "./limits.ts";
import { answerToken, userInfo } from "./oauth.ts";
import { answerQuery } from "./query.ts";
import { methodNotAllowed } from "./record-write.ts";
import type { ResourceAnswer, ResourceRequest } from "./resource.ts";
import { answerSobjects } from "./sobjects.ts";
import { versionList, versionState } from "./versions.ts";

const MAX_URI_BYTES = 16_384;

export const answer = (org: Org, request: SandboxRequest): SandboxResponse => {
  org.world.forget();
  try {
    // Counted as sent: every character of a URI is one byte.
    if (request.target.length > MAX_URI_BYTES)
      throw new Rejection(414, "URI_TOO_LONG", "The length of the URI exceeds the 16,384 byte limit.");
    if (/^\/services\/data\/?$/.test(request.path)) return { status: 200, body: versionList() };
    if (request.path === "/services/oauth2/token") return answerToken(org, request);
    if (request.path === "/services/oauth2/userinfo") return answerUserInfo(org, request);
    return answerVersioned(org, request);
  } catch (error) {
    if (error instanceof Rejection) return refusal(error);
    throw error;
  }
};

const answerUserInfo = (org: Org, request: SandboxRequest): SandboxResponse => {
  try {
    return {
      status: 200,
      body: userInfo(org, authenticate(org, request.headers.authorization), request.origin),
    };
  } catch (error) {
    if (error instanceof Rejection)
      return { status: 403, headers: { "content-type": "text/html;charset=UTF-8" }, body: "Bad_OAuth_Token" };
    throw error;
  }
};

const answerVersioned = (org: Org, request: SandboxRequest): SandboxResponse => {
  const [, version, rest = ""] = /^\/services\/data\/v(\d+\.\d)(\/.*)?$/.exec(request.path) ?? [];
  if (version === undefined) throw notFound();
  const state = versionState(version);
  if (state === "retired")
    throw new Rejection(410, "UNSUPPORTED_API_VERSION", "The requested API version is no longer supported.");
  if (state === "unknown") throw notFound();

  const session = authenticate(org, request.headers.authorization);
  const { used, limit } = org.switches.apiUsage;
  const usage = (count: number) => ({ "sforce-limit-info": `api-usage=${count}/${limit}` });
  if (used >= limit)
    return {
      ...refusal(new Rejection(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")),
      headers: usage(used),
    };
  org.switches = { ...org.switches, apiUsage: { used: used + 1, limit } };

  const { method, query, headers } = request;
  const resource = { org, session, method, version, path: steps(rest), query, headers };
  const reply = settle(() => answerResource({ ...resource, body: readBody(request) }));
  return { ...reply, headers: { ...reply.headers, ...usage(used + 1) } };
};

const answerResource = (request: ResourceRequest): ResourceAnswer => {
  const { org, path, version, method } = request;
  switch (path[0]?.toLowerCase()) {
    case undefined:
      return { status: 200, body: resources(version) };
    case "query":
    case "queryall":
      return answerQuery(request);
    case "sobjects":
      return answerSobjects(request);
    case "limits":
      if (method !== "GET") throw methodNotAllowed(method, "HEAD,GET");
      return { status: 200, body: limitsOf(org) };
    case "composite":
      if (path.length > 1) throw notFound();
      if (method !== "POST") throw methodNotAllowed(method, "HEAD,GET,POST");
      return answerComposite(request, (member) => answerMember(request, member));
    default:
      throw notFound();
  }
};

/** A member names its resource by a URL on this org; it may not be a composite again. */
const answerMember = (
  outer: ResourceRequest,
  member: { method: string; url: string; body: unknown; headers: Record<string, string> },
): ResourceAnswer => {
  const url = new URL(member.url, "http://org.invalid");
  const [, version, rest = ""] = /^\/services\/data\/v(\d+\.\d)(\/.*)$/.exec(url.pathname) ?? [];
  const path = steps(rest);
  if (version === undefined || path[0] === "composite") throw notFound();
  const { method, headers, body } = member;
  return answerResource({ ...outer, method, version, path, query: url.searchParams, headers, body });
};

const steps = (path: string): readonly string[] => {
  try {
    return path.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    throw notFound();
  }
};

const resources = (version: string) =>
  Object.fromEntries(
    ["composite", "limits", "query", "queryAll", "sobjects"].map((name) => [
      name,
      `/services/data/v${version}/${name}`,
    ]),
  );

const readBody = ({ body, headers }: SandboxRequest): unknown => {
  if (body === "") return undefined;
  if (!/^application\/json\b/i.test(headers["content-type"] ?? ""))
    throw new Rejection(
      415,
      "UNSUPPORTED_MEDIA_TYPE",
      `Content type ${headers["content-type"]} is not supported.`,
    );
  try {
    return JSON.parse(body);
  } catch {
    throw new Rejection(
      400,
      "JSON_PARSER_ERROR",
      "Unexpected character in the request body at [line:1, column:1]",
    );
  }
};

const settle = (run: () => ResourceAnswer): SandboxResponse => {
  try {
    return run();
  } catch (error) {
    if (error instanceof Rejection) return refusal(error);
    throw error;
  }
};

/** A failed precondition has no body. */
const refusal = (rejection: Rejection): SandboxResponse =>
  rejection.status === 412 ? { status: 412 } : { status: rejection.status, body: rejection.body };
