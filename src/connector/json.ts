import { HubError } from "../errors.ts";

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The JSON a vendor sent. Throws `vendor_malformed` for HTML (a login or maintenance page), for text cut
 * short, and for anything else that is not JSON; what was sent is not echoed.
 */
export const parseJson = (system: string, { status, headers, body }: Received): unknown => {
  const type = headers["content-type"] ?? "";
  if (/html/i.test(type) || /^\s*</.test(body))
    throw new HubError(
      "vendor_malformed",
      `${system} answered with a web page instead of data (HTTP ${status}).`,
      {
        hint: "Usually a login or maintenance page, or a base URL that is not the API's. Check the URL in the config.",
      },
    );
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new HubError("vendor_malformed", `${system} sent JSON that is cut or broken (HTTP ${status}).`, {
      cause: error,
    });
  }
};
