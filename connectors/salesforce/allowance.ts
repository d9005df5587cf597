/** The org's allowance of API requests: how it is told, and what follows when little is left of it. */

import { z } from "zod";
import { HubError, type Setup } from "#connector";

/** Requests counted over the last 24 hours. */
export interface ApiUsage {
  readonly used: number;
  readonly limit: number;
  /** Whose allowance it is; Salesforce counts some apps apart. */
  readonly of: "org" | "app";
}

/** Share from which on every answer says so. */
const NEARLY_USED = 0.8;
/** Share from which on the rest is left to reading, and to everybody else. */
const KEPT_FROM_WRITES = 0.95;

const share = ({ used, limit }: ApiUsage): number => used / limit;

/**
 * Of a Sforce-Limit-Info header, `api-usage=18/5000`, behind which `per-app-api-usage=17/250(appName=…)` may
 * stand, whichever count is closer to its end; undefined when it tells none.
 */
export const usageIn = (header: string | undefined): ApiUsage | undefined => {
  const counts = [
    ...(header ?? "").matchAll(/(?:^|[;,\s])(per-app-)?api-usage=(\d{1,15})\/(\d{1,15})(?!\d)/gi),
  ]
    .map(
      ([, app, used, limit]): ApiUsage => ({
        used: Number(used),
        limit: Number(limit),
        of: app ? "app" : "org",
      }),
    )
    .filter(({ limit }) => limit > 0);
  return counts.sort((a, b) => share(b) - share(a))[0];
};

export const limitsAnswer = z.object({
  DailyApiRequests: z.object({ Max: z.int().positive(), Remaining: z.int().nonnegative() }),
});

/** What `/limits` says, in the same terms. */
export const usageFrom = ({
  DailyApiRequests: { Max, Remaining },
}: z.output<typeof limitsAnswer>): ApiUsage => ({
  used: Math.max(Max - Remaining, 0),
  limit: Max,
  of: "org",
});

export const inWords = ({ used, limit, of }: ApiUsage): string =>
  `${count(used)} of ${count(limit)} API requests of the ${of === "org" ? "org's" : "app's"} 24 hours are used`;

/** What an answer should say; undefined while there is nothing to say. */
const usageNotice = (usage: ApiUsage): string | undefined =>
  share(usage) < NEARLY_USED
    ? undefined
    : `${inWords(usage)}${share(usage) < KEPT_FROM_WRITES ? "." : ", so nothing is written any more."}`;

export const levelOf = (usage: ApiUsage): "ok" | "warning" | "problem" => {
  if (share(usage) < NEARLY_USED) return "ok";
  return share(usage) < KEPT_FROM_WRITES ? "warning" : "problem";
};

export const WHERE_IT_IS_SEEN =
  "Requests come back as their 24 hours pass; an administrator sees who uses them under Setup, System Overview.";

export interface Allowance {
  /** What the newest answer told. */
  note(usage: ApiUsage): void;
  /** Undefined until Salesforce has answered once. */
  usage(): ApiUsage | undefined;
  /** Throws `vendor_limit` when what is left of the org's requests is kept for reading. */
  refuseWhenNearlyUsed(): void;
}

/** Requests come back as time passes: what was told long ago must not stop writes for good. */
const HOLDS_MS = 5 * 60_000;

export const createAllowance = ({ clock, notice }: Pick<Setup<unknown>, "clock" | "notice">): Allowance => {
  let told: { readonly usage: ApiUsage; readonly at: number } | undefined;
  return {
    note(usage) {
      told = { usage, at: clock.now() };
      const text = usageNotice(usage);
      if (text !== undefined) notice("usage", text);
    },
    usage: () => told?.usage,
    refuseWhenNearlyUsed() {
      if (!told || clock.now() - told.at >= HOLDS_MS || levelOf(told.usage) !== "problem") return;
      const { usage } = told;
      // A write takes several requests: none is begun that might be stopped half-way.
      throw new HubError(
        "vendor_limit",
        `${inWords(usage)}; the rest is kept for reading, so nothing was sent.`,
        { hint: WHERE_IT_IS_SEEN, facts: { used: usage.used, limit: usage.limit } },
      );
    },
  };
};

const count = (value: number) => value.toLocaleString("en-US");
