/** Every request to the org: which resource it is for, whether it may, and the answer's shape. */
import type { SandboxRequest, SandboxResponse } from "#sandbox/server.ts";
import { answerAuthorize } from "../oauth/authorize.ts";
import { answerUserInfo } from "../oauth/identity.ts";
import { answerRevoke } from "../oauth/revoke.ts";
import { answerToken } from "../oauth/token.ts";
import { authenticate, type Org } from "../org.ts";
import { notFound, Rejection } from "../rejection.ts";
import { answerComposite } from "./composite.ts";
import { countCall, limitInfo, limitsOf } from "./limits.ts";
import { answerQuery } from "./query.ts";
import { methodNotAllowed } from "./record-write.ts";
import type { ResourceAnswer, ResourceRequest } from "./resource.ts";
import { answerSobjects } from "./sobjects.ts";
import { answerUiApi } from "./ui-api.ts";
import { versionList, versionState } from "./versions.ts";

const MAX_URI_BYTES = 16_384;

export const answer = (org: Org, request: SandboxRequest): SandboxResponse => {
  org.world.forget();
  try {
    // Counted as sent: every character of a URI is one byte.
    if (request.target.length > MAX_URI_BYTES)
      throw new Rejection(414, "URI_TOO_LONG", "The length of the URI exceeds the 16,384 byte limit.");
    if (/^\/services\/data\/?$/.test(request.path)) return { status: 200, body: versionList() };
    return (OAUTH[request.path] ?? answerVersioned)(org, request);
  } catch (error) {
    if (error instanceof Rejection) return refusal(error);
    throw error;
  }
};

const OAUTH: Readonly<Record<string, typeof answer>> = {
  "/services/oauth2/authorize": answerAuthorize,
  "/services/oauth2/token": answerToken,
  "/services/oauth2/revoke": answerRevoke,
  "/services/oauth2/userinfo": answerUserInfo,
};

const answerVersioned = (org: Org, request: SandboxRequest): SandboxResponse => {
  const [, version, rest = ""] = /^\/services\/data\/v(\d+\.\d)(\/.*)?$/.exec(request.path) ?? [];
  if (version === undefined) throw notFound();
  const state = versionState(version);
  if (state === "retired")
    throw new Rejection(410, "UNSUPPORTED_API_VERSION", "The requested API version is no longer supported.");
  if (state === "unknown") throw notFound();

  const session = authenticate(org, request.headers.authorization);
  if (org.switches.apiUsage.used >= org.switches.apiUsage.limit)
    return {
      ...refusal(new Rejection(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")),
      headers: limitInfo(org),
    };
  countCall(org);

  const { method, query, headers } = request;
  const resource = { org, session, method, version, path: steps(rest), query, headers };
  const reply = settle(() => answerResource({ ...resource, body: readBody(request) }));
  return { ...reply, headers: { ...reply.headers, ...limitInfo(org) } };
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
    case "ui-api":
      return answerUiApi(request);
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
  // A composite holds neither composites nor the contents of files.
  if (version === undefined || path[0] === "composite" || path.length > 3) throw notFound();
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
