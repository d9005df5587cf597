/** Who a token is: `GET /services/oauth2/userinfo`, and the URL that names a user. */
import type { SandboxRequest, SandboxResponse } from "#sandbox/server.ts";
import { authenticate, type Org, type Session } from "../org.ts";
import { Rejection } from "../rejection.ts";

export const identityUrl = ({ world: { company } }: Org, { userId }: Session): string =>
  `https://login.salesforce.com/id/${company.organizationId}/${userId}`;

export const answerUserInfo = (org: Org, request: SandboxRequest): SandboxResponse => {
  try {
    const session = authenticate(org, request.headers.authorization);
    return { status: 200, body: userInfo(org, session, request.origin) };
  } catch (error) {
    if (error instanceof Rejection)
      return { status: 403, headers: { "content-type": "text/html;charset=UTF-8" }, body: "Bad_OAuth_Token" };
    throw error;
  }
};

const userInfo = (org: Org, session: Session, origin: string): object => {
  const { company } = org.world;
  const person = company.people.find(({ id }) => id === session.userId);
  return {
    sub: identityUrl(org, session),
    user_id: session.userId,
    organization_id: company.organizationId,
    preferred_username: person?.email,
    nickname: person?.firstName,
    name: person?.name,
    email: person?.email,
    email_verified: true,
    given_name: person?.firstName,
    family_name: person?.lastName,
    zoneinfo: "GMT",
    active: person?.isActive,
    user_type: "STANDARD",
    language: "en_US",
    locale: "en_US",
    utcOffset: 0,
    is_app_installed: true,
    urls: {
      rest: `${origin}/services/data/v{version}/`,
      query: `${origin}/services/data/v{version}/query/`,
      sobjects: `${origin}/services/data/v{version}/sobjects/`,
    },
  };
};
